/* What two networks did, as tables (RFC 4180). */
#include "engine/model/catalog.h"
#include "ui/learn/learn-figures.h"

/* Numbers as C writes them, whatever the language. */
static void
append_number (GString *text, double number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (text, ",%s", g_ascii_formatd (buffer, sizeof buffer, "%.7g", number));
}

static const char *
get_id (RnLearning *learning, int run)
{
  RnModel *model = rn_learning_get_model (learning, run);

  return model != NULL ? rn_model_get_name (model) : rn_learning_get_setup (learning)->nets[run];
}

static void
append_start (
    GString *text, RnLearning *learning, int run, const char *kind, gint64 step, double epoch)
{
  g_string_append_printf (text, "%c,%s%s%s,", 'A' + run, get_id (learning, run),
                          kind != NULL ? "," : "", kind != NULL ? kind : "");
  g_string_append_printf (text, "%" G_GINT64_FORMAT, step);
  append_number (text, epoch);
}

static void
append_errors (GString *text, RnLearning *learning, int run)
{
  int n_steps, n_epochs;
  const RnLearnStep *steps = rn_learning_get_steps (learning, run, &n_steps);
  const RnTrainerEpoch *epochs = rn_learning_get_epochs (learning, run, &n_epochs);
  double per_epoch = n_steps > 0 ? steps[n_steps - 1].step / steps[n_steps - 1].epoch : 0;

  for (int i = 0; i < n_steps; i++)
    {
      append_start (text, learning, run, "step", steps[i].step, steps[i].epoch);
      append_number (text, steps[i].loss);
      append_number (text, steps[i].error);
      append_number (text, steps[i].learning_rate);
      g_string_append (text, ",,\r\n");
    }
  for (int i = 0; i < n_epochs; i++)
    {
      append_start (text, learning, run, "epoch", (gint64)(epochs[i].epoch * per_epoch + 0.5),
                    epochs[i].epoch);
      append_number (text, epochs[i].loss);
      append_number (text, epochs[i].error);
      g_string_append_c (text, ',');
      append_number (text, epochs[i].val_loss);
      append_number (text, epochs[i].val_error);
      g_string_append (text, "\r\n");
    }
}

/* Returns: (transfer full): a line a step, and a line an epoch with what validation found; errors
 * are shares */
char *
rn_learn_table_errors (RnLearning *learning)
{
  GString *text =
      g_string_new ("net,model,kind,step,epoch,loss,error,learning_rate,val_loss,val_error\r\n");

  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    append_errors (text, learning, r);

  return g_string_free (text, FALSE);
}

/* Returns: (transfer full): a line for each block at each shot that is kept */
char *
rn_learn_table_blocks (RnLearning *learning)
{
  GString *text =
      g_string_new ("net,model,step,epoch,block,gradient_norm,weight_gradient_norm,response\r\n");

  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    for (int i = 0; i < rn_learning_get_n_shots (learning); i++)
      {
        const RnLearnShot *shot = rn_learning_get_shot (learning, r, i);

        if (shot == NULL || (i > 0 && shot == rn_learning_get_shot (learning, r, i - 1)))
          continue; /* this network stopped before the other */
        for (int b = 0; b < shot->n_bars; b++)
          {
            append_start (text, learning, r, NULL, shot->step, shot->epoch);
            g_string_append_printf (text, ",%d", b + 1);
            append_number (text, shot->bars[b].gradient);
            append_number (text, shot->bars[b].weight_gradient);
            append_number (text, shot->bars[b].response);
            g_string_append (text, "\r\n");
          }
      }

  return g_string_free (text, FALSE);
}

static void
append_map (GString *text, RnLearning *learning, int run, const RnLearnShot *shot, int place)
{
  static const char *const names[RN_LEARN_N_PLACES] = { "stem", "stage1", "stage2", "stage3" };
  const RnLearnMaps *maps = &shot->places[place];

  for (int i = 0; i < maps->n * maps->size * maps->size; i++)
    {
      int in_map = i % (maps->size * maps->size);

      append_start (text, learning, run, names[place], shot->step, shot->epoch);
      g_string_append_printf (text, ",%d,%d,%d,", i / (maps->size * maps->size),
                              in_map / maps->size, in_map % maps->size);
      append_number (text, maps->low + maps->values[i] / 255.0 * (maps->high - maps->low));
      g_string_append (text, "\r\n");
    }
}

/* Returns: (transfer full): the numbers behind the pictures that are shown: a line for each of a
 *   kernel's weights and for each pixel of a map (in 256 steps, as they are kept) */
char *
rn_learn_table_maps (RnLearning *learning)
{
  GString *text = g_string_new ("net,model,kind,step,epoch,channel,row,column,colour,value\r\n");

  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      const RnLearnShot *shot = rn_learning_get_shown_shot (learning, r);

      for (int i = 0; shot != NULL && i < shot->n_kernels * 27; i++)
        {
          append_start (text, learning, r, "kernel", shot->step, shot->epoch);
          g_string_append_printf (text, ",%d,%d,%d,%c", i / 27, i % 27 / 9, i % 9 / 3,
                                  "rgb"[i % 3]);
          append_number (text, shot->kernels[i]);
          g_string_append (text, "\r\n");
        }
      for (int p = 0; shot != NULL && p < RN_LEARN_N_PLACES; p++)
        append_map (text, learning, r, shot, p);
    }

  return g_string_free (text, FALSE);
}
