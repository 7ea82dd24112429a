/* resnet train: a network that learns from pictures, epoch by epoch. */
#include <errno.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/common/reader-program.h"
#include "app/resnet/command.h"
#include "app/resnet/train-blocks.h"
#include "engine/formats/keras-hdf5-writer.h"
#include "engine/formats/keras-json-writer.h"
#include "engine/training/trainer.h"
#include "ui/pictures/train-data.h"

#define DEFAULT_SHAPES 10000
#define MEASURE_EVERY 10 /* steps, of --blocks */

typedef struct
{
  RnModelOptions model;
  RnTrainerOptions trainer;
  char *data;
  char *schedule;
  char *optimizer;
  char *output;
  char *checkpoint;
  char *blocks;
  gboolean resume;
  gboolean as_they_are;
  gboolean json;
  gint64 seed;
  int n_shapes;
} Options;

static void
options_clear (Options *self)
{
  rn_model_options_clear (&self->model);
  g_free (self->data);
  g_free (self->schedule);
  g_free (self->optimizer);
  g_free (self->output);
  g_free (self->checkpoint);
  g_free (self->blocks);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* A run under way. */
typedef struct
{
  const Options *options;
  RnTrainer *trainer;
  RnTrainBlocks *blocks; /* or NULL */
  GCancellable *cancellable;
  gboolean progress;
} Run;

static volatile sig_atomic_t interrupted;

/* The second one ends the program at once. */
static void
on_interrupt (int signal)
{
  interrupted = 1;
}

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);

  return FALSE;
}

static gboolean
take_optimizer (Options *self, GError **error)
{
  if (self->optimizer == NULL || g_str_equal (self->optimizer, "sgd"))
    return TRUE;
  if (!g_str_equal (self->optimizer, "adam"))
    return refuse (error, "--optimizer: sgd or adam would be right");
  self->trainer.optimizer = (RnOptimizerConfig) RN_OPTIMIZER_ADAM_DEFAULTS;

  return TRUE;
}

static gboolean
check (Options *self, GError **error)
{
  static const char *const endings[] = { ".h5", ".hdf5", NULL };
  int ending;

  if (self->data == NULL)
    return refuse (error, "no --data given; shapes, cifar10:DIR or a folder with a subfolder a "
                          "class would be right");
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

static gboolean
parse (Options *self, char **args, GError **error)
{
  g_autoptr (GOptionContext) context = rn_command_new_context (&rn_command_train, &self->model);
  RnTrainerOptions *t = &self->trainer;
  const GOptionEntry entries[] = {
    { "data", 'd', 0, G_OPTION_ARG_FILENAME, &self->data,
      "What to learn from: shapes, cifar10:DIR, or a folder with a subfolder a class", "DATA" },
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

/* The model for the data: a built-in one takes its classes and size from them; weights are random
 * unless some are named. */
static RnBinding *
load_binding (Options *options, const RnTrainData *data, GError **error)
{
  g_autoptr (RnModel) model = NULL;
  g_autoptr (RnWeights) weights = NULL;

  if (rn_catalog_find (options->model.model, NULL) != NULL)
    {
      if (options->model.classes == 0 && options->model.weights == NULL)
        options->model.classes = rn_train_data_get_n_classes (data);
      if (options->model.input_size == 0)
        options->model.input_size = rn_train_data_get_size (data);
    }
  if (options->model.weights != NULL && !g_str_equal (options->model.weights, "none"))
    return rn_model_options_load_binding (&options->model, error);
  model = rn_model_options_load_model (&options->model, error);
  if (model == NULL || !rn_model_check_runnable (model, error))
    return NULL;
  weights = rn_weights_new_random (model, (guint32) options->seed, error);

  return weights != NULL ? rn_binding_new (model, weights, error) : NULL;
}

static void
show_step (RnTrainer *trainer, const RnTrainerStep *step, gpointer data)
{
  const Run *run = data;

  if (interrupted)
    g_cancellable_cancel (run->cancellable);
  if (run->blocks != NULL)
    rn_train_blocks_add (run->blocks, trainer, step);
  if (run->progress)
    fprintf (stderr, "\repoch %d, step %d of %d: loss %.3f, %.0f ms a step \033[K", step->epoch,
             step->step_of_epoch, step->steps_per_epoch, step->loss, step->ms);
}

static void
print_json (const RnTrainerEpoch *epoch)
{
  const struct
  {
    const char *name;
    double value;
  } numbers[] = { { "loss", epoch->loss },
                  { "error", epoch->error },
                  { "val_loss", epoch->val_loss },
                  { "val_error", epoch->val_error },
                  { "images_per_s", epoch->images_per_s } };
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "epoch");
  json_builder_add_int_value (json, epoch->epoch);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      json_builder_set_member_name (json, numbers[i].name);
      json_builder_add_double_value (json, numbers[i].value);
    }
  json_builder_end_object (json);
  root = json_builder_get_root (json);
  text = json_to_string (root, FALSE);
  puts (text);
  fflush (stdout);
}

/* The run is kept where there is room; where there is none it goes on, and the last one stays. */
static void
keep (const Run *run)
{
  g_autoptr (GError) error = NULL;

  if (run->options->checkpoint != NULL &&
      !rn_trainer_save (run->trainer, run->options->checkpoint, &error))
    {
      g_autofree char *message =
          g_strdup_printf ("%s; the run goes on, and what was there before stays",
                           error->message);

      rn_command_warn ("train", message);
    }
}

static void
show_epoch (RnTrainer *trainer, const RnTrainerEpoch *epoch, gpointer data)
{
  const Run *run = data;

  if (run->progress)
    fprintf (stderr, "\r\033[K");
  if (run->options->json)
    print_json (epoch);
  else
    {
      printf ("epoch %3d: loss %.4f, error %5.2f %%; validation: loss %.4f, error %5.2f %%; %.0f "
              "images/s\n",
              epoch->epoch, epoch->loss, 100 * epoch->error, epoch->val_loss,
              100 * epoch->val_error, epoch->images_per_s);
      fflush (stdout);
    }
  keep (run);
}

static gboolean
write_network (const Run *run, GError **error)
{
  g_autoptr (RnBinding) binding = NULL;
  g_autofree char *config = NULL;

  if (run->options->output == NULL)
    return TRUE;
  binding = rn_trainer_get_binding (run->trainer, error);
  config = binding != NULL
               ? rn_model_to_keras_json (rn_binding_get_model (binding), error)
               : NULL;

  return config != NULL && rn_keras_hdf5_write (binding, config, run->options->output, error);
}

/* A place that cannot be written to is better known before the run than after it. */
static gboolean
check_place (const char *path, GError **error)
{
  g_autofree char *directory = path != NULL ? g_path_get_dirname (path) : NULL;

  if (path == NULL || g_access (directory, W_OK) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               "%s: cannot write into this folder (%s); one that is there and may be written to "
               "would be right",
               directory, g_strerror (errno));

  return FALSE;
}

static gboolean
write_blocks (const Run *run, GError **error)
{
  return run->blocks == NULL || rn_train_blocks_write (run->blocks, run->options->blocks, error);
}

static RnExit
train (Run *run, GError **error)
{
  RnTrainerObserver observer = { show_step, show_epoch, run };
  g_autoptr (GError) local = NULL;
  struct sigaction action = { .sa_handler = on_interrupt, .sa_flags = SA_RESETHAND };

  if (run->options->resume && !rn_trainer_resume (run->trainer, run->options->checkpoint, error))
    return RN_EXIT_INPUT;
  rn_trainer_set_observer (run->trainer, &observer);
  sigaction (SIGINT, &action, NULL);
  sigaction (SIGTERM, &action, NULL);
  if (!rn_trainer_run (run->trainer, run->cancellable, &local) &&
      !g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      if (run->progress)
        fprintf (stderr, "\r\033[K");
      write_blocks (run, NULL); /* what led there */
      g_propagate_error (error, g_steal_pointer (&local));
      return RN_EXIT_INPUT;
    }
  if (local != NULL)
    {
      keep (run);
      rn_command_warn ("train", run->options->checkpoint != NULL
                                    ? "interrupted; --resume goes on from here"
                                    : "interrupted; nothing was kept, since there is no -o");
    }
  if (!write_blocks (run, error))
    return RN_EXIT_INPUT;
  if (!write_network (run, error))
    return RN_EXIT_INPUT;
  /* Once the network is there, the checkpoint that nobody asked for has done its work. */
  if (local == NULL && run->options->output != NULL &&
      g_str_has_prefix (run->options->checkpoint, run->options->output))
    g_unlink (run->options->checkpoint);

  return RN_EXIT_DONE;
}

static void
warn (const char *message, gpointer data)
{
  rn_command_warn ("train", message);
}

static RnExit
run_command (char **args, GError **error)
{
  g_auto (Options) options = { 0 };
  g_autoptr (RnTrainData) data = NULL;
  g_autoptr (RnBinding) binding = NULL;
  g_autoptr (RnDataSet) training = NULL;
  g_autoptr (RnDataSet) validation = NULL;
  g_autoptr (RnTrainer) trainer = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const RnTrainDataReading reading = { .reader = rn_reader_program_get_pictures (), .warn = warn };
  const RnShape *shape;
  g_autoptr (RnTrainBlocks) blocks = NULL;
  Run run = { &options, NULL, NULL, cancellable, isatty (STDERR_FILENO) && !isatty (STDOUT_FILENO) };

  if (!parse (&options, args, error))
    return RN_EXIT_USAGE;
  if (!check_place (options.output, error) || !check_place (options.checkpoint, error) ||
      !check_place (options.blocks, error))
    return RN_EXIT_INPUT;
  data = rn_train_data_open (options.data, options.trainer.seed, options.n_shapes, error);
  binding = data != NULL ? load_binding (&options, data, error) : NULL;
  if (binding == NULL)
    return RN_EXIT_INPUT;
  shape = &rn_model_get_input (rn_binding_get_model (binding))->output_shape;
  if (!rn_train_data_load (data, shape->dims[0], shape->dims[1], &training, &validation,
                           &reading, error))
    return RN_EXIT_INPUT;
  options.trainer.preprocess = rn_model_options_get_preprocess (&options.model, binding);
  trainer = rn_trainer_new (binding, training, validation, &options.trainer, error);
  if (trainer == NULL)
    return RN_EXIT_INPUT;
  run.trainer = trainer;
  if (options.blocks != NULL)
    run.blocks = blocks = rn_train_blocks_new ();

  return train (&run, error);
}

const RnCommand rn_command_train = {
  "train",
  "MODEL --data shapes|cifar10:DIR|FOLDER",
  "A network that learns from pictures, a line an epoch",
  run_command,
};
