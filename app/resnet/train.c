/* resnet train: a network that learns from pictures, epoch by epoch. */
#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/common/reader-program.h"
#include "app/resnet/train-blocks.h"
#include "app/resnet/train-options.h"
#include "engine/formats/keras-hdf5-writer.h"
#include "engine/formats/keras-json-writer.h"
#include "ui/pictures/train-data.h"

/* A run under way. */
typedef struct
{
  const RnTrainCommand *options;
  RnTrainer *trainer;
  RnTrainBlocks *blocks; /* or NULL */
  GCancellable *cancellable;
  gboolean progress;
  gboolean kept;  /* there is a checkpoint to go on from */
  GError *error;  /* why the trainer stopped before the end, or NULL */
  gboolean ended; /* atomic: the trainer has */
} Run;

/* The model for the data: a built-in one takes its classes and size from them; weights are random
 * unless some are named. */
static RnBinding *
load_binding (RnTrainCommand *options, const RnTrainData *data, GError **error)
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

/* Keeps the run, where a place for it was given; what was kept before stays if there is no room. */
static gboolean
keep (Run *run, GError **error)
{
  if (run->options->checkpoint == NULL)
    return TRUE;
  if (!rn_trainer_save (run->trainer, run->options->checkpoint, error))
    return FALSE;
  run->kept = TRUE;

  return TRUE;
}

static void
show_epoch (RnTrainer *trainer, const RnTrainerEpoch *epoch, gpointer data)
{
  Run *run = data;
  g_autoptr (GError) fault = NULL;

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
  if (!keep (run, &fault))
    {
      g_autofree char *message = g_strdup_printf ("%s; the run goes on, and what was there before "
                                                  "stays", fault->message);

      rn_command_warn ("train", message);
    }
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
               ? rn_binding_to_keras_json (binding, error)
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

/* The second one ends the program at once, since nobody listens any more. */
static gboolean
on_interrupt (gpointer data)
{
  Run *run = data;

  g_cancellable_cancel (run->cancellable);

  return G_SOURCE_CONTINUE;
}

static gpointer
run_trainer (gpointer data)
{
  Run *run = data;

  rn_trainer_run (run->trainer, run->cancellable, &run->error);
  g_atomic_int_set (&run->ended, TRUE);
  g_main_context_wakeup (NULL);

  return NULL;
}

/* Runs the trainer beside the thread that hears signals, so that a validation that takes long can
 * be interrupted too. */
static void
run_to_end (Run *run)
{
  guint sources[] = { g_unix_signal_add (SIGINT, on_interrupt, run),
                      g_unix_signal_add (SIGTERM, on_interrupt, run) };
  GThread *thread = g_thread_new ("train", run_trainer, run);

  while (!g_atomic_int_get (&run->ended) && !g_cancellable_is_cancelled (run->cancellable))
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  g_thread_join (thread);
  if (run->progress)
    fprintf (stderr, "\r\033[K");
}

static void
add_to_error (GError **error, const char *text)
{
  g_autofree char *message = NULL;

  if (error == NULL)
    return;
  message = (*error)->message;
  (*error)->message = g_strconcat (message, text, NULL);
}

/* What is there of a run that was interrupted. */
static gboolean
keep_interrupted (Run *run, GError **error)
{
  if (run->options->checkpoint == NULL)
    {
      rn_command_warn ("train", "interrupted; nothing was kept, since there is no -o");
      return TRUE;
    }
  if (keep (run, error))
    {
      rn_command_warn ("train", "interrupted; --resume goes on from here");
      return TRUE;
    }
  add_to_error (error, run->kept ? "; interrupted; --resume goes on from what was kept before"
                                 : "; interrupted; the run was not kept");

  return FALSE;
}

static gboolean
write_results (Run *run, GError **error)
{
  if (write_blocks (run, error) && write_network (run, error))
    return TRUE;
  if (run->kept)
    add_to_error (error, "; the run was kept: --resume tries that again");

  return FALSE;
}

static RnExit
train (Run *run, GError **error)
{
  RnTrainerObserver observer = { show_step, show_epoch, run };
  gboolean interrupted, kept;

  if (run->options->resume && !rn_trainer_resume (run->trainer, run->options->checkpoint, error))
    return RN_EXIT_INPUT;
  run->kept = run->options->resume;
  rn_trainer_set_observer (run->trainer, &observer);
  run_to_end (run);
  interrupted = g_error_matches (run->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  if (run->error != NULL && !interrupted)
    {
      write_blocks (run, NULL); /* what led there */
      g_propagate_error (error, run->error);
      return RN_EXIT_INPUT;
    }
  g_clear_error (&run->error);
  kept = !interrupted || keep_interrupted (run, error);
  if (!write_results (run, kept ? error : NULL) || !kept)
    return RN_EXIT_INPUT;
  /* Once the network is there, the checkpoint that nobody asked for has done its work. */
  if (!interrupted && run->options->output != NULL &&
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
  g_auto (RnTrainCommand) options = { 0 };
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

  if (!rn_train_command_parse (&options, &rn_command_train, args, error))
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
  "MODEL --data shapes|cifar10[:DIR]|FOLDER",
  "A network that learns from pictures, a line an epoch",
  run_command,
};
