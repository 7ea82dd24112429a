/* What comes before the first step: pictures, networks, and a run that is kept. */
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "engine/training/cifar10-archive.h"
#include "ui/draw/file-output.h"
#include "ui/learn/learn-start.h"
#include "ui/learn/learn-worker-private.h"

#define N_SHOTS 128 /* of a run that is left to itself */

static void
on_loaded (int done, int total, gpointer data)
{
  RnLearnWorker *self = data;

  g_mutex_lock (&self->mutex);
  self->news.loaded = done;
  self->news.to_load = total;
  rn_learn_worker_schedule (self);
  g_mutex_unlock (&self->mutex);
}

/* The window has a button for what a command does elsewhere. */
static gboolean
check_fetched (const RnLearnWorker *self, GError **error)
{
  g_autofree char *folder = rn_data_set_get_fetched_folder ("cifar10");

  if (!g_str_equal (self->setup.data, "cifar10") || rn_cifar10_is_unpacked (folder))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                       _ ("CIFAR-10 is not here yet; “Fetch” brings it, and “Choose…” takes it "
                          "from a folder"));

  return FALSE;
}

static gboolean
load_data (RnLearnWorker *self, RnDataSet **training, GError **error)
{
  const RnTrainDataReading how = { self->reader, self->cancellable, rn_learn_worker_warn, on_loaded,
                                   self };

  return check_fetched (self, error) &&
         rn_learn_setup_load (&self->setup, &how, training, &self->validation, error);
}

/* Goes on from what is kept; the epochs done before are news. */
static gboolean
resume (RnLearnWorker *self, int r, GError **error)
{
  g_autofree char *path = rn_learn_worker_get_path (self->folder, r);
  RnTrainer *trainer = self->runs[r].trainer;
  const RnTrainerEpoch *epochs;
  int n;

  if (!rn_trainer_resume (trainer, path, error))
    return FALSE;
  epochs = rn_trainer_get_epochs (trainer, &n);
  g_mutex_lock (&self->mutex);
  g_array_append_vals (self->news.epochs[r], epochs, n);
  rn_learn_worker_schedule (self);
  g_mutex_unlock (&self->mutex);

  return TRUE;
}

/* Says once that nothing is kept. */
static void
warn_of_keeping (RnLearnWorker *self, const char *reason)
{
  g_autofree char *message = g_strdup_printf (
      _ ("The run cannot be kept: %s. It goes on; what was kept before stays."), reason);

  if (!self->kept_badly)
    rn_learn_worker_warn (message, self);
  self->kept_badly = TRUE;
}

/* What is kept says which run it is of: the setup takes its place between the moments of the run
 * before, which then are gone, and the first of this one. Where it cannot be written, nothing is
 * kept. */
static void
write_setup (RnLearnWorker *self)
{
  g_autofree char *path = NULL;
  g_autofree char *fresh = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (self->folder == NULL || self->resume)
    return;
  path = g_build_filename (self->folder, "setup", NULL);
  fresh = g_build_filename (self->folder, "setup.new", NULL);
  text = rn_learn_setup_to_string (&self->setup);
  g_mkdir_with_parents (self->folder, 0777);
  if (!rn_file_output_write (fresh, text, strlen (text), &error))
    {
      warn_of_keeping (self, error->message);
      g_clear_pointer (&self->folder, g_free);
      return;
    }
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      g_autofree char *old = rn_learn_worker_get_path (self->folder, r);

      g_unlink (old);
    }
  g_rename (fresh, path);
}

/* What is to be learnt, once it is sure that it can be. */
static void
tell_prepared (RnLearnWorker *self, const RnDataSet *training)
{
  g_mutex_lock (&self->mutex);
  self->news.n_pictures[0] = training->n_pictures;
  self->news.n_pictures[1] = self->validation->n_pictures;
  self->news.labels = g_strdupv (training->labels);
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      self->news.models[r] = rn_model_ref (rn_trainer_get_model (self->runs[r].trainer));
      self->news.n_steps[r] = rn_trainer_get_n_steps (self->runs[r].trainer);
    }
  rn_learn_worker_schedule (self);
  g_mutex_unlock (&self->mutex);
}

/* Reads the pictures, builds the networks, and takes up what is kept. */
gboolean
rn_learn_worker_prepare (RnLearnWorker *self, const RnTrainerObserver *observer, GError **error)
{
  g_autoptr (RnDataSet) training = NULL;
  gint64 n_steps = 1;

  if (!load_data (self, &training, error))
    return FALSE;
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      RnLearnRun *run = &self->runs[r];

      run->trainer = rn_learn_setup_new_trainer (&self->setup, r, training, self->validation, error);
      if (run->trainer == NULL)
        return FALSE;
      if (self->resume && !resume (self, r, error))
        return FALSE;
      rn_trainer_set_observer (run->trainer, observer);
      n_steps = MAX (n_steps, rn_trainer_get_n_steps (run->trainer));
    }
  tell_prepared (self, training);
  self->interval = (n_steps + N_SHOTS - 1) / N_SHOTS;
  write_setup (self);

  return TRUE;
}

/* Where a run is kept after every epoch. */
char *
rn_learn_worker_get_path (const char *folder, int run)
{
  return g_build_filename (folder, run == 0 ? "a.checkpoint" : "b.checkpoint", NULL);
}

/* Where there is no room the run goes on, and what was there before stays. */
void
rn_learn_worker_keep (RnLearnWorker *self, int r)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  if (self->folder == NULL)
    return;
  path = rn_learn_worker_get_path (self->folder, r);
  if (!rn_trainer_save (self->runs[r].trainer, path, &error))
    warn_of_keeping (self, error->message);
}
