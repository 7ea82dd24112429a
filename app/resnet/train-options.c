#include "app/resnet/train-options.h"

#include <string.h>

#define DEFAULT_SHAPES 10000
#define MEASURE_EVERY 10 /* steps, of --blocks */

void
rn_train_command_clear (RnTrainCommand *self)
{
  rn_model_options_clear (&self->model);
  g_free (self->data);
  g_free (self->schedule);
  g_free (self->optimizer);
  g_free (self->output);
  g_free (self->checkpoint);
  g_free (self->blocks);
}

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);

  return FALSE;
}

static gboolean
take_optimizer (RnTrainCommand *self, GError **error)
{
  if (self->optimizer == NULL || g_str_equal (self->optimizer, "sgd"))
    return TRUE;
  if (!g_str_equal (self->optimizer, "adam"))
    return refuse (error, "--optimizer: sgd or adam would be right");
  self->trainer.optimizer = (RnOptimizerConfig) RN_OPTIMIZER_ADAM_DEFAULTS;

  return TRUE;
}

static gboolean
check (RnTrainCommand *self, GError **error)
{
  static const char *const endings[] = { ".h5", ".hdf5", NULL };
  int ending;

  if (self->data == NULL)
    return refuse (error, "no --data given; shapes, cifar10, cifar10:DIR or a folder with a "
                          "subfolder a class would be right");
  if (self->trainer.epochs < 1 || self->trainer.batch < 1 || self->n_shapes < 10)
    return refuse (error, "--epochs and --batch from 1, and --shapes from 10, would be right");
  if (self->seed < 0)
    return refuse (error, "--seed: a number from 0 would be right");
  if (self->resume && self->output == NULL && self->checkpoint == NULL)
    return refuse (error, "--resume: say by -o or --checkpoint which run is meant");
  if (self->schedule != NULL &&
      !rn_schedule_from_name (self->schedule, &self->trainer.schedule.kind, NULL))
    return refuse (error, "--schedule: constant, step, cosine or one-cycle would be right");
  if (!take_optimizer (self, error))
    return FALSE;
  if (self->output != NULL && !rn_command_take_output (self->output, endings, &ending, error))
    return FALSE;
  if (self->output != NULL && self->checkpoint == NULL)
    self->checkpoint = g_strconcat (self->output, ".checkpoint", NULL);

  return TRUE;
}

/**
 * rn_train_command_parse:
 * @self: all zero; gets what was said and defaults
 * @command: whose help it is
 * @args: the words from the command's own name on
 *
 * Returns: whether the words make sense; else %G_OPTION_ERROR
 */
gboolean
rn_train_command_parse (RnTrainCommand *self, const RnCommand *command, char **args, GError **error)
{
  g_autoptr (GOptionContext) context = rn_command_new_context (command, &self->model);
  RnTrainerOptions *t = &self->trainer;
  const GOptionEntry entries[] = {
    { "data", 'd', 0, G_OPTION_ARG_FILENAME, &self->data,
      "What to learn from: shapes, cifar10[:DIR], or a folder with a subfolder a class",
      "shapes|cifar10|cifar10:DIR|FOLDER" },
    { "epochs", 0, 0, G_OPTION_ARG_INT, &t->epochs, "Times through the pictures (default: 10)",
      "N" },
    { "batch", 0, 0, G_OPTION_ARG_INT, &t->batch, "Pictures a step (default: 64)", "N" },
    { "schedule", 0, 0, G_OPTION_ARG_STRING, &self->schedule,
      "How the learning rate changes (default: one-cycle)", "constant|step|cosine|one-cycle" },
    { "learning-rate", 0, 0, G_OPTION_ARG_DOUBLE, &t->schedule.learning_rate,
      "The largest learning rate (default: 0.1; with adam 0.001)", "X" },
    { "warm-up", 0, 0, G_OPTION_ARG_DOUBLE, &t->schedule.warm_up,
      "Share of the steps over which the rate rises first (default: 0)", "X" },
    { "optimizer", 0, 0, G_OPTION_ARG_STRING, &self->optimizer,
      "sgd (Nesterov's momentum of 0.9) or adam (default: sgd)", "sgd|adam" },
    { "weight-decay", 0, 0, G_OPTION_ARG_DOUBLE, &t->weight_decay, "L2 (default: 0.0001)", "X" },
    { "label-smoothing", 0, 0, G_OPTION_ARG_DOUBLE, &t->label_smoothing,
      "Share of certainty given to all classes (default: 0)", "X" },
    { "crop", 0, 0, G_OPTION_ARG_DOUBLE, &t->augmentation.crop,
      "Cut off at most this share of a picture at random (default: 0)", "X" },
    { "no-augmentation", 0, 0, G_OPTION_ARG_NONE, &self->as_they_are,
      "Pictures as they are: not shifted, flipped or cropped", NULL },
    { "shapes", 0, 0, G_OPTION_ARG_INT, &self->n_shapes,
      "How many shapes there are to learn from (default: 10000)", "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &self->seed,
      "Of weights, order and augmentation (default: 1)", "N" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &self->output,
      "Where the trained network goes: .h5", "FILE" },
    { "checkpoint", 0, 0, G_OPTION_ARG_FILENAME, &self->checkpoint,
      "Where the run is kept after every epoch (default: beside -o)", "FILE" },
    { "blocks", 0, 0, G_OPTION_ARG_FILENAME, &self->blocks,
      "Gradient and response of each block, every tenth step, as a table: .csv", "FILE" },
    { "resume", 0, 0, G_OPTION_ARG_NONE, &self->resume, "Go on from the checkpoint", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, "A line of JSON an epoch", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) words = NULL;

  self->trainer = RN_TRAINER_DEFAULTS;
  self->trainer.schedule.learning_rate = 0;
  self->seed = 1;
  self->n_shapes = DEFAULT_SHAPES;
  g_option_context_add_main_entries (context, entries, NULL);
  if (!rn_command_parse (context, args, &self->model, &words, error) ||
      !rn_command_take_model (&self->model, words, error) || !check (self, error))
    return FALSE;
  if (t->schedule.learning_rate == 0)
    t->schedule.learning_rate = t->optimizer.kind == RN_OPTIMIZER_ADAM ? 1e-3 : 0.1;
  /* Shapes lie anywhere as it is, and mean the same when their borders do not move in. */
  if (self->as_they_are || g_str_equal (self->data, "shapes"))
    t->augmentation = (RnAugmentation) { 0 };
  t->seed = (guint64) self->seed;
  t->threads = self->model.threads;
  t->measure_every = self->blocks != NULL ? MEASURE_EVERY : 0;

  return TRUE;
}

