#include "app/resnet/train-blocks.h"

#include "ui/draw/file-output.h"
#include "ui/learn/learn-shot.h"

struct _RnTrainBlocks
{
  GString *text;
};

RnTrainBlocks *
rn_train_blocks_new (void)
{
  RnTrainBlocks *self = g_new0 (RnTrainBlocks, 1);

  self->text = g_string_new ("step,epoch,block,gradient_norm,weight_gradient_norm,response\r\n");

  return self;
}

void
rn_train_blocks_free (RnTrainBlocks *self)
{
  if (self == NULL)
    return;

  g_string_free (self->text, TRUE);
  g_free (self);
}

static void
append_number (GString *text, double number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (text, ",%s", g_ascii_formatd (buffer, sizeof buffer, "%.7g", number));
}

/* A line for each block, where the step was measured; a plain network's are its pairs of
 * convolutions, as in the window. */
void
rn_train_blocks_add (RnTrainBlocks *self, RnTrainer *trainer, const RnTrainerStep *step)
{
  g_autoptr (RnLearnShot) shot = NULL;

  if (step->n_probes == 0)
    return;
  shot = rn_learn_shot_new ();
  rn_learn_shot_set_bars (shot, rn_trainer_get_model (trainer), step->probes, step->n_probes);
  for (int b = 0; b < shot->n_bars; b++)
    {
      g_string_append_printf (self->text, "%" G_GINT64_FORMAT, step->step);
      append_number (self->text, step->step / (double)step->steps_per_epoch);
      g_string_append_printf (self->text, ",%d", b + 1);
      append_number (self->text, shot->bars[b].gradient);
      append_number (self->text, shot->bars[b].weight_gradient);
      append_number (self->text, shot->bars[b].response);
      g_string_append (self->text, "\r\n");
    }
}

/* Written whole or not at all. */
gboolean
rn_train_blocks_write (RnTrainBlocks *self, const char *path, GError **error)
{
  return rn_file_output_write (path, self->text->str, self->text->len, error);
}
