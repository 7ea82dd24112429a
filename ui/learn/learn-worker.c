#include "ui/learn/learn-worker.h"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include "engine/formats/keras-hdf5-writer.h"
#include "engine/formats/keras-json-writer.h"
#include "ui/learn/learn-worker-private.h"

#define INTERVAL_MS 80 /* between two bunches of news */
#define NICE 10

static void
news_init (RnLearnNews *news)
{
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      news->steps[r] = g_array_new (FALSE, FALSE, sizeof (RnLearnStep));
      news->epochs[r] = g_array_new (FALSE, FALSE, sizeof (RnTrainerEpoch));
      news->shots[r] = g_ptr_array_new_with_free_func ((GDestroyNotify)rn_learn_shot_unref);
    }
}

static void
news_clear (RnLearnNews *news)
{
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      g_clear_pointer (&news->steps[r], g_array_unref);
      g_clear_pointer (&news->epochs[r], g_array_unref);
      g_clear_pointer (&news->shots[r], g_ptr_array_unref);
      g_clear_pointer (&news->run_errors[r], g_free);
      g_clear_pointer (&news->models[r], rn_model_unref);
    }
  g_clear_pointer (&news->labels, g_strfreev);
  g_clear_pointer (&news->error, g_free);
  if (news->warnings != NULL)
    g_string_free (news->warnings, TRUE);
  news->warnings = NULL;
}

/* On the main thread. */
static gboolean
tell (gpointer data)
{
  RnLearnWorker *self = data;
  RnLearnNews news;

  g_mutex_lock (&self->mutex);
  news = self->news;
  self->news = (RnLearnNews){ .state = news.state,
                              .loaded = news.loaded,
                              .to_load = news.to_load,
                              .n_pictures = { news.n_pictures[0], news.n_pictures[1] },
                              .n_steps = { news.n_steps[0], news.n_steps[1] } };
  news_init (&self->news);
  self->source = 0;
  g_mutex_unlock (&self->mutex);
  if (self->told != NULL)
    self->told (&news, self->data);
  news_clear (&news);

  return G_SOURCE_REMOVE;
}

/* With the mutex held: there is news. */
void
rn_learn_worker_schedule (RnLearnWorker *self)
{
  if (self->source == 0)
    self->source =
        g_timeout_add_full (G_PRIORITY_DEFAULT_IDLE, INTERVAL_MS, tell, rn_learn_worker_ref (self),
                            (GDestroyNotify)rn_learn_worker_unref);
}

static void
set_state (RnLearnWorker *self, RnLearnState state)
{
  g_mutex_lock (&self->mutex);
  if (self->news.state != state)
    {
      self->news.state = state;
      rn_learn_worker_schedule (self);
    }
  g_mutex_unlock (&self->mutex);
}

/* Adds a line to the warnings. Any thread may. */
void
rn_learn_worker_warn (const char *message, gpointer data)
{
  RnLearnWorker *self = data;

  g_mutex_lock (&self->mutex);
  if (self->news.warnings == NULL)
    self->news.warnings = g_string_new (NULL);
  if (self->news.warnings->len > 0)
    g_string_append_c (self->news.warnings, '\n');
  g_string_append (self->news.warnings, message);
  rn_learn_worker_schedule (self);
  g_mutex_unlock (&self->mutex);
}

static int
find_run (RnLearnWorker *self, RnTrainer *trainer)
{
  return trainer == self->runs[0].trainer ? 0 : 1;
}

static void
on_step (RnTrainer *trainer, const RnTrainerStep *step, gpointer data)
{
  RnLearnWorker *self = data;
  int r = find_run (self, trainer);
  RnLearnStep report = { step->step, step->step / (double)step->steps_per_epoch, step->loss,
                         step->error, step->learning_rate };

  if (step->n_probes > 0)
    {
      self->runs[r].shot = rn_learn_shot_new ();
      self->runs[r].shot->step = report.step;
      self->runs[r].shot->epoch = report.epoch;
      rn_learn_shot_set_bars (self->runs[r].shot, rn_trainer_get_model (trainer), step->probes,
                              step->n_probes);
    }
  g_mutex_lock (&self->mutex);
  g_array_append_val (self->news.steps[r], report);
  rn_learn_worker_schedule (self);
  g_mutex_unlock (&self->mutex);
}

static void
on_epoch (RnTrainer *trainer, const RnTrainerEpoch *epoch, gpointer data)
{
  RnLearnWorker *self = data;
  int r = find_run (self, trainer);

  rn_learn_worker_keep (self, r); /* what is told of is kept */
  g_mutex_lock (&self->mutex);
  g_array_append_vals (self->news.epochs[r], epoch, 1);
  rn_learn_worker_schedule (self);
  g_mutex_unlock (&self->mutex);
}

/* Kernels and features as they are now. A picture that cannot be looked at leaves a shot without.
 */
static void
look (RnLearnWorker *self, RnLearnRun *run, RnLearnShot *shot)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RnBinding) binding = rn_trainer_get_binding (run->trainer, &error);
  const RnSessionOptions options = { .n_threads = 1, .keep = RN_KEEP_STEPS };
  int picture;

  if (binding == NULL)
    return;
  if (run->session == NULL || !rn_session_rebind (run->session, binding, NULL))
    {
      g_clear_pointer (&run->session, rn_session_unref);
      run->session = rn_session_new (binding, &options, &error);
    }
  g_mutex_lock (&self->mutex);
  picture = CLAMP (self->picture, 0, self->validation->n_pictures - 1);
  g_mutex_unlock (&self->mutex);
  if (run->session != NULL)
    rn_learn_shot_look (shot, run->session, self->validation, picture, RN_PREPROCESS_UNIT, &error);
}

static void
hand_out (RnLearnWorker *self, int r, RnLearnShot *shot)
{
  RnLearnRun *run = &self->runs[r];

  g_clear_pointer (&run->last, rn_learn_shot_unref);
  run->last = rn_learn_shot_ref (shot);
  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->news.shots[r], shot);
  rn_learn_worker_schedule (self);
  g_mutex_unlock (&self->mutex);
}

static void
take_step (RnLearnWorker *self, int r, gboolean measure)
{
  RnLearnRun *run = &self->runs[r];
  gint64 step = rn_trainer_get_step (run->trainer) + 1;
  g_autoptr (GError) error = NULL;

  if (measure || step % self->interval == 1 % self->interval ||
      step == rn_trainer_get_n_steps (run->trainer))
    rn_trainer_measure_next (run->trainer);
  if (!rn_trainer_step (run->trainer, self->cancellable, &error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      run->over = TRUE;
      g_mutex_lock (&self->mutex);
      self->news.run_errors[r] = g_strdup (error->message);
      rn_learn_worker_schedule (self);
      g_mutex_unlock (&self->mutex);
    }
  run->over |= rn_trainer_is_done (run->trainer);
  if (run->shot != NULL)
    {
      look (self, run, run->shot);
      hand_out (self, r, g_steal_pointer (&run->shot));
    }
}

/* The picture was changed: the last shots are taken again. */
static void
look_again (RnLearnWorker *self)
{
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      const RnLearnShot *last = self->runs[r].last;
      RnLearnShot *shot;

      if (last == NULL)
        continue;
      shot = rn_learn_shot_new ();
      shot->step = last->step;
      shot->epoch = last->epoch;
      shot->n_bars = last->n_bars;
      shot->bars = g_memdup2 (last->bars, last->n_bars * sizeof *last->bars);
      look (self, &self->runs[r], shot);
      hand_out (self, r, shot);
    }
}

static gboolean
is_over (const RnLearnWorker *self)
{
  return self->runs[0].over && self->runs[1].over;
}

static gboolean
has_failed (const RnLearnWorker *self)
{
  return !rn_trainer_is_done (self->runs[0].trainer) && !rn_trainer_is_done (self->runs[1].trainer);
}

/* Waits until there is something to do. */
static gboolean
wait_for_work (RnLearnWorker *self, gboolean *again, gboolean *measure)
{
  gboolean stopping;

  g_mutex_lock (&self->mutex);
  while (!self->stopping && !self->look_again &&
         (is_over (self) || (!self->running && self->n_wanted == 0)))
    {
      self->news.state = !is_over (self)     ? RN_LEARN_PAUSED
                         : has_failed (self) ? RN_LEARN_FAILED
                                             : RN_LEARN_DONE;
      rn_learn_worker_schedule (self);
      g_cond_wait (&self->changed, &self->mutex);
    }
  stopping = self->stopping;
  *again = self->look_again;
  *measure = !self->running && self->n_wanted > 0;
  self->look_again = FALSE;
  if (*measure && !*again)
    self->n_wanted--;
  if (self->running && !is_over (self))
    self->news.state = RN_LEARN_RUNNING;
  g_mutex_unlock (&self->mutex);

  return !stopping;
}

/* The one that has fewer steps behind it comes first: a resumed run may have to catch up. */
static void
take_steps (RnLearnWorker *self, gboolean measure)
{
  gint64 steps[RN_LEARN_N_RUNS];

  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    steps[r] = self->runs[r].over ? G_MAXINT64 : rn_trainer_get_step (self->runs[r].trainer);
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    if (steps[r] != G_MAXINT64 && steps[r] <= steps[1 - r])
      take_step (self, r, measure);
}

/* The window comes first: this thread and the pools that it makes get what is left over. */
static void
step_back (void)
{
  const struct sched_param batch = { 0 };

  sched_setscheduler (0, SCHED_BATCH, &batch);
  setpriority (PRIO_PROCESS, gettid (), NICE);
}

static gpointer
work (gpointer data)
{
  g_autoptr (RnLearnWorker) self = data;
  const RnTrainerObserver observer = { on_step, on_epoch, self };
  g_autoptr (GError) error = NULL;
  gboolean again, measure;

  step_back ();
  if (!rn_learn_worker_prepare (self, &observer, &error))
    {
      g_mutex_lock (&self->mutex);
      self->news.error = g_strdup (error->message);
      g_mutex_unlock (&self->mutex);
      set_state (self, RN_LEARN_FAILED);
      return NULL;
    }
  while (wait_for_work (self, &again, &measure))
    if (again)
      look_again (self);
    else
      take_steps (self, measure);

  return NULL;
}

/**
 * rn_learn_worker_new:
 * @told: called with @data on the main thread
 *
 * Returns: (transfer full): at work already
 */
RnLearnWorker *
rn_learn_worker_new (const RnLearnSetup *setup,
                     const RnLearnOptions *options,
                     RnLearnTold told,
                     gpointer data)
{
  RnLearnWorker *self = g_new0 (RnLearnWorker, 1);

  self->ref_count = 1;
  rn_learn_setup_copy (setup, &self->setup);
  if (options->reader_program != NULL)
    self->reader = rn_picture_reader_new_beside (options->reader_program);
  self->folder = g_strdup (options->folder);
  self->resume = options->resume && options->folder != NULL;
  self->running = !options->paused;
  self->picture = options->picture;
  self->cancellable = g_cancellable_new ();
  self->told = told;
  self->data = data;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  news_init (&self->news);
  self->news.state = RN_LEARN_LOADING;
  self->thread = g_thread_new ("learn", work, rn_learn_worker_ref (self));

  return self;
}

RnLearnWorker *
rn_learn_worker_ref (RnLearnWorker *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
rn_learn_worker_unref (RnLearnWorker *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      g_clear_pointer (&self->runs[r].trainer, rn_trainer_unref);
      g_clear_pointer (&self->runs[r].session, rn_session_unref);
      g_clear_pointer (&self->runs[r].shot, rn_learn_shot_unref);
      g_clear_pointer (&self->runs[r].last, rn_learn_shot_unref);
    }
  g_clear_pointer (&self->validation, rn_data_set_unref);
  g_clear_pointer (&self->reader, rn_picture_reader_unref);
  g_clear_pointer (&self->thread, g_thread_unref);
  g_object_unref (self->cancellable);
  news_clear (&self->news);
  rn_learn_setup_clear (&self->setup);
  g_free (self->folder);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  g_free (self);
}

/* What it was made with, which does not change. */
const RnLearnSetup *
rn_learn_worker_get_setup (RnLearnWorker *self)
{
  return &self->setup;
}

/* Ends it after the step under way, which is not waited for; nothing is told any more. What was
 * trained can still be saved. */
void
rn_learn_worker_stop (RnLearnWorker *self)
{
  self->told = NULL;
  g_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
  g_cancellable_cancel (self->cancellable);
}

static void
command (RnLearnWorker *self, gboolean running, int n_steps)
{
  g_mutex_lock (&self->mutex);
  self->running = running;
  self->n_wanted = running ? 0 : self->n_wanted + n_steps;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

void
rn_learn_worker_run (RnLearnWorker *self)
{
  command (self, TRUE, 0);
}

void
rn_learn_worker_pause (RnLearnWorker *self)
{
  command (self, FALSE, 0);
}

/* One step of each, then a pause. */
void
rn_learn_worker_step (RnLearnWorker *self)
{
  command (self, FALSE, 1);
}

void
rn_learn_worker_set_picture (RnLearnWorker *self, int picture)
{
  g_mutex_lock (&self->mutex);
  self->picture = picture;
  self->look_again = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

/**
 * rn_learn_worker_save:
 * @path: a Keras .h5
 *
 * Saves a network as it is now; once there are models. Any thread may ask.
 */
gboolean
rn_learn_worker_save (RnLearnWorker *self, int run, const char *path, GError **error)
{
  g_autoptr (RnBinding) binding = rn_trainer_get_binding (self->runs[run].trainer, error);
  g_autofree char *config =
      binding != NULL ? rn_binding_to_keras_json (binding, error) : NULL;

  return config != NULL && rn_keras_hdf5_write (binding, config, path, error);
}
