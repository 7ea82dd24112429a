#include "ui/learn/learning.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "ui/learn/learn-worker.h"

/* More than these are thinned out: every second one goes. */
#define MAX_SHOTS 192

struct _RnLearning
{
  GObject parent_instance;

  char *reader_program;
  char *folder; /* or NULL: nothing is kept */
  RnLearnSetup setup;
  RnLearnWorker *worker;  /* of the last run, or NULL */
  RnLearnWorker *results; /* whose results are shown, or NULL: the run before, until the last one
                             has found its pictures */
  RnLearnState state;
  int picture;
  int shown; /* a shot, or -1: always the last */

  /* Of the last run. */
  int loaded, to_load;
  int n_pictures[2];
  gint64 n_steps[RN_LEARN_N_RUNS];
  RnModel *models[RN_LEARN_N_RUNS];
  GStrv labels;
  GArray *steps[RN_LEARN_N_RUNS];
  GArray *epochs[RN_LEARN_N_RUNS];
  GPtrArray *shots[RN_LEARN_N_RUNS];
  char *error;
  char *run_errors[RN_LEARN_N_RUNS];
  GString *warnings;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RnLearning, rn_learning, G_TYPE_OBJECT)

static void
emit_changed (RnLearning *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
clear_results (RnLearning *self)
{
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      g_array_set_size (self->steps[r], 0);
      g_array_set_size (self->epochs[r], 0);
      g_ptr_array_set_size (self->shots[r], 0);
      g_clear_pointer (&self->run_errors[r], g_free);
      g_clear_pointer (&self->models[r], rn_model_unref);
      self->n_steps[r] = 0;
    }
  g_clear_pointer (&self->labels, g_strfreev);
  self->n_pictures[0] = self->n_pictures[1] = 0;
  self->shown = -1;
}

/* Adds a shot; one of the same step (of another picture) takes the old one's place. */
static void
add_shot (GPtrArray *shots, RnLearnShot *shot)
{
  const RnLearnShot *last = shots->len > 0 ? g_ptr_array_index (shots, shots->len - 1) : NULL;

  if (last != NULL && last->step == shot->step)
    g_ptr_array_set_size (shots, shots->len - 1);
  g_ptr_array_add (shots, rn_learn_shot_ref (shot));
}

static void
thin_out (RnLearning *self)
{
  gboolean full = FALSE;

  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    full |= self->shots[r]->len > MAX_SHOTS;
  if (!full)
    return;
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    for (int i = (int)self->shots[r]->len - 2; i > 0; i -= 2)
      g_ptr_array_remove_index (self->shots[r], i);
  if (self->shown >= 0)
    self->shown = MIN (self->shown / 2, rn_learning_get_n_shots (self) - 1);
}

static void
take (char **to, char **from)
{
  if (*from == NULL)
    return;
  g_free (*to);
  *to = g_steal_pointer (from);
}

static void
take_run (RnLearning *self, int r, RnLearnNews *news)
{
  if (news->models[r] != NULL)
    {
      g_clear_pointer (&self->models[r], rn_model_unref);
      self->models[r] = g_steal_pointer (&news->models[r]);
    }
  self->n_steps[r] = news->n_steps[r];
  g_array_append_vals (self->steps[r], news->steps[r]->data, news->steps[r]->len);
  g_array_append_vals (self->epochs[r], news->epochs[r]->data, news->epochs[r]->len);
  for (guint i = 0; i < news->shots[r]->len; i++)
    add_shot (self->shots[r], g_ptr_array_index (news->shots[r], i));
  take (&self->run_errors[r], &news->run_errors[r]);
}

/* The last run has pictures and networks: what the run before found goes. */
static void
take_over (RnLearning *self)
{
  g_clear_pointer (&self->results, rn_learn_worker_unref);
  clear_results (self);
  self->results = rn_learn_worker_ref (self->worker);
}

static void
on_told (RnLearnNews *news, gpointer data)
{
  RnLearning *self = data;

  if (news->models[0] != NULL)
    take_over (self);
  self->state = news->state;
  self->loaded = news->loaded;
  self->to_load = news->to_load;
  if (self->results == self->worker)
    memcpy (self->n_pictures, news->n_pictures, sizeof self->n_pictures);
  if (news->labels != NULL)
    {
      g_strfreev (self->labels);
      self->labels = g_steal_pointer (&news->labels);
    }
  for (int r = 0; r < RN_LEARN_N_RUNS && self->results == self->worker; r++)
    take_run (self, r, news);
  take (&self->error, &news->error);
  if (news->warnings != NULL)
    g_string_append_printf (self->warnings, "%s%s", self->warnings->len > 0 ? "\n" : "",
                            news->warnings->str);
  thin_out (self);
  emit_changed (self);
}

static void
drop_worker (RnLearning *self)
{
  if (self->worker != NULL)
    rn_learn_worker_stop (self->worker);
  g_clear_pointer (&self->worker, rn_learn_worker_unref);
}

static void
begin (RnLearning *self, gboolean paused, gboolean resume)
{
  const RnLearnOptions options = { .reader_program = self->reader_program,
                                   .folder = self->folder,
                                   .resume = resume,
                                   .paused = paused,
                                   .picture = self->picture };

  drop_worker (self);
  g_clear_pointer (&self->error, g_free);
  g_string_truncate (self->warnings, 0);
  self->loaded = self->to_load = 0;
  self->state = RN_LEARN_LOADING;
  self->worker = rn_learn_worker_new (&self->setup, &options, on_told, self);
  emit_changed (self);
}

static void
rn_learning_dispose (GObject *object)
{
  drop_worker (RN_LEARNING (object));
  g_clear_pointer (&RN_LEARNING (object)->results, rn_learn_worker_unref);

  G_OBJECT_CLASS (rn_learning_parent_class)->dispose (object);
}

static void
rn_learning_finalize (GObject *object)
{
  RnLearning *self = RN_LEARNING (object);

  clear_results (self);
  g_free (self->error);
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      g_array_unref (self->steps[r]);
      g_array_unref (self->epochs[r]);
      g_ptr_array_unref (self->shots[r]);
    }
  g_string_free (self->warnings, TRUE);
  rn_learn_setup_clear (&self->setup);
  g_free (self->reader_program);
  g_free (self->folder);

  G_OBJECT_CLASS (rn_learning_parent_class)->finalize (object);
}

static void
rn_learning_class_init (RnLearningClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rn_learning_dispose;
  G_OBJECT_CLASS (klass)->finalize = rn_learning_finalize;

  /* Anything that a getter returns. */
  signals[CHANGED] = g_signal_new ("changed", RN_TYPE_LEARNING, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
rn_learning_init (RnLearning *self)
{
  rn_learn_setup_init (&self->setup);
  self->shown = -1;
  self->warnings = g_string_new (NULL);
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      self->steps[r] = g_array_new (FALSE, FALSE, sizeof (RnLearnStep));
      self->epochs[r] = g_array_new (FALSE, FALSE, sizeof (RnTrainerEpoch));
      self->shots[r] = g_ptr_array_new_with_free_func ((GDestroyNotify)rn_learn_shot_unref);
    }
}

/**
 * rn_learning_new:
 * @reader_program: (nullable): decodes pictures of strangers' folders; %NULL for this process
 * @folder: (nullable): where the run under way is kept after every epoch
 */
RnLearning *
rn_learning_new (const char *reader_program, const char *folder)
{
  RnLearning *self = g_object_new (RN_TYPE_LEARNING, NULL);

  self->reader_program = g_strdup (reader_program);
  self->folder = g_strdup (folder);

  return self;
}

const RnLearnSetup *
rn_learning_get_setup (RnLearning *self)
{
  return &self->setup;
}

/**
 * rn_learning_set_setup:
 * @error: set where it makes no sense, and where a run is under way, which has to be stopped first
 *
 * What rn_learning_start() starts next.
 */
gboolean
rn_learning_set_setup (RnLearning *self, const RnLearnSetup *setup, GError **error)
{
  RnLearnSetup copy;

  g_return_val_if_fail (RN_IS_LEARNING (self), FALSE);

  if (!rn_learn_setup_check (setup, error))
    return FALSE;
  if (rn_learning_is_active (self))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                           _ ("The networks are learning; stop them first"));
      return FALSE;
    }
  rn_learn_setup_copy (setup, &copy);
  rn_learn_setup_clear (&self->setup);
  self->setup = copy;
  emit_changed (self);

  return TRUE;
}

/* Takes the word "run" out of @text, if it is there. */
static char *
split_run (const char *text, gboolean *run)
{
  g_auto (GStrv) fields = g_strsplit (text, ";", -1);
  GString *rest = g_string_new (NULL);

  *run = FALSE;
  for (int i = 0; fields[i] != NULL; i++)
    if (g_str_equal (g_strstrip (fields[i]), "run"))
      *run = TRUE;
    else
      g_string_append_printf (rest, "%s;", fields[i]);

  return g_string_free (rest, FALSE);
}

/**
 * rn_learning_apply:
 * @text: as rn_learn_setup_parse() reads it, over the defaults; with "run" among the fields both
 *   networks start at once
 *
 * A run under way is stopped first.
 *
 * Returns: whether it could be read; nothing changes otherwise
 */
gboolean
rn_learning_apply (RnLearning *self, const char *text, GError **error)
{
  g_auto (RnLearnSetup) setup = { 0 };
  g_autofree char *rest = NULL;
  gboolean run;

  g_return_val_if_fail (RN_IS_LEARNING (self) && text != NULL, FALSE);

  rest = split_run (text, &run);
  rn_learn_setup_init (&setup);
  if (!rn_learn_setup_parse (&setup, rest, error))
    return FALSE;
  rn_learning_stop (self);
  if (!rn_learning_set_setup (self, &setup, error))
    return FALSE;
  if (run)
    rn_learning_start (self);

  return TRUE;
}

/* Begins, or goes on where it was paused. */
void
rn_learning_start (RnLearning *self)
{
  g_return_if_fail (RN_IS_LEARNING (self));

  if (rn_learning_is_active (self))
    rn_learn_worker_run (self->worker);
  else
    begin (self, FALSE, FALSE);
}

/* The setup of the run that is kept, or NULL. */
static char *
read_kept_setup (RnLearning *self)
{
  g_autofree char *path = NULL;
  char *text = NULL;

  if (self->folder == NULL)
    return NULL;
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      g_autofree char *checkpoint = rn_learn_worker_get_path (self->folder, r);

      if (!g_file_test (checkpoint, G_FILE_TEST_IS_REGULAR))
        return NULL;
    }
  path = g_build_filename (self->folder, "setup", NULL);
  g_file_get_contents (path, &text, NULL, NULL);

  return text;
}

/* Whether a run that was broken off is kept; it is what the program was ended during, too. */
gboolean
rn_learning_can_resume (RnLearning *self)
{
  g_autofree char *text = read_kept_setup (self);

  return text != NULL && !rn_learning_is_active (self);
}

/**
 * rn_learning_resume:
 *
 * Goes on with the run that is kept, from the end of its last whole epoch; its setup becomes the
 * setup.
 */
gboolean
rn_learning_resume (RnLearning *self, GError **error)
{
  g_autofree char *text = read_kept_setup (self);

  if (text == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           _ ("No run is kept that could go on"));
      return FALSE;
    }
  if (!rn_learning_apply (self, text, error))
    return FALSE;
  begin (self, FALSE, TRUE);

  return TRUE;
}

/* After the step under way. */
void
rn_learning_pause (RnLearning *self)
{
  g_return_if_fail (RN_IS_LEARNING (self));

  if (rn_learning_is_active (self))
    rn_learn_worker_pause (self->worker);
}

/* A step of each network, then a pause; begins where nothing was begun. */
void
rn_learning_step (RnLearning *self)
{
  g_return_if_fail (RN_IS_LEARNING (self));

  if (!rn_learning_is_active (self))
    begin (self, TRUE, FALSE);
  rn_learn_worker_step (self->worker);
}

/* For good; what was found stays, and networks can be saved. */
void
rn_learning_stop (RnLearning *self)
{
  g_return_if_fail (RN_IS_LEARNING (self));

  if (!rn_learning_is_active (self))
    return;
  rn_learn_worker_stop (self->worker);
  self->state = RN_LEARN_STOPPED;
  emit_changed (self);
}

RnLearnState
rn_learning_get_state (RnLearning *self)
{
  return self->state;
}

/* Whether a run is under way: loading, running or paused. */
gboolean
rn_learning_is_active (RnLearning *self)
{
  return self->state == RN_LEARN_LOADING || self->state == RN_LEARN_RUNNING ||
         self->state == RN_LEARN_PAUSED;
}

/* How far both are, from 0 to 1. */
double
rn_learning_get_share (RnLearning *self)
{
  double done = 0, all = 0;

  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      GArray *steps = self->steps[r];

      all += self->n_steps[r];
      if (steps->len > 0)
        done += g_array_index (steps, RnLearnStep, steps->len - 1).step;
    }

  return all > 0 ? done / all : 0;
}

/* Returns: (nullable): why nothing can be learnt from the data, or by such networks */
const char *
rn_learning_get_error (RnLearning *self)
{
  return self->error;
}

/* Returns: (nullable): why one network does not go on, e.g. since its loss is no number any more */
const char *
rn_learning_get_run_error (RnLearning *self, int run)
{
  return self->run_errors[run];
}

/* Returns: (nullable): lines on what was passed over */
const char *
rn_learning_get_warning (RnLearning *self)
{
  return self->warnings->len > 0 ? self->warnings->str : NULL;
}

/* How many pictures have been read while it loads; @total is 0 where nothing is known. */
void
rn_learning_get_loaded (RnLearning *self, int *done, int *total)
{
  *done = self->loaded;
  *total = self->to_load;
}

/* Returns: (nullable): the names of the classes, once they are known */
const char *const *
rn_learning_get_labels (RnLearning *self)
{
  return (const char *const *)self->labels;
}

/* How many pictures there are to learn from, or to test by; 0 before they are known. */
int
rn_learning_get_n_pictures (RnLearning *self, gboolean validation)
{
  return self->n_pictures[validation ? 1 : 0];
}

/* Of the last epoch; 0 before its end. */
double
rn_learning_get_images_per_s (RnLearning *self, int run)
{
  int n;
  const RnTrainerEpoch *epochs = rn_learning_get_epochs (self, run, &n);

  return n > 0 ? epochs[n - 1].images_per_s : 0;
}

const RnLearnStep *
rn_learning_get_steps (RnLearning *self, int run, int *n_steps)
{
  *n_steps = (int)self->steps[run]->len;

  return (const RnLearnStep *)self->steps[run]->data;
}

const RnTrainerEpoch *
rn_learning_get_epochs (RnLearning *self, int run, int *n_epochs)
{
  *n_epochs = (int)self->epochs[run]->len;

  return (const RnTrainerEpoch *)self->epochs[run]->data;
}

/* Of the network that has more of them. */
int
rn_learning_get_n_shots (RnLearning *self)
{
  return (int)MAX (self->shots[0]->len, self->shots[1]->len);
}

/**
 * rn_learning_get_shot:
 * @index: from 0, ascending by step; -1 for the last
 *
 * Returns: (transfer none) (nullable): the network then, or its last one where it has fewer
 */
RnLearnShot *
rn_learning_get_shot (RnLearning *self, int run, int index)
{
  GPtrArray *shots = self->shots[run];

  if (shots->len == 0)
    return NULL;
  if (index < 0 || index >= (int)shots->len)
    index = (int)shots->len - 1;

  return g_ptr_array_index (shots, index);
}

/* Bytes that all shots take. There are at most MAX_SHOTS of each network, some 24 kB each. */
gsize
rn_learning_get_shots_memory (RnLearning *self)
{
  gsize bytes = 0;

  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    for (guint i = 0; i < self->shots[r]->len; i++)
      bytes += rn_learn_shot_get_memory (g_ptr_array_index (self->shots[r], i));

  return bytes;
}

/* Returns: (transfer none) (nullable): the network that learns, once it is built */
RnModel *
rn_learning_get_model (RnLearning *self, int run)
{
  return self->models[run];
}

/* Of the last whole epoch, as a share; NAN before the first one's end. */
double
rn_learning_get_train_error (RnLearning *self, int run)
{
  int n;
  const RnTrainerEpoch *epochs = rn_learning_get_epochs (self, run, &n);

  return n > 0 ? epochs[n - 1].error : NAN;
}

/* Likewise, on pictures that were not learnt from. */
double
rn_learning_get_val_error (RnLearning *self, int run)
{
  int n;
  const RnTrainerEpoch *epochs = rn_learning_get_epochs (self, run, &n);

  return n > 0 ? epochs[n - 1].val_error : NAN;
}

static const RnLearnBar *
get_bar (RnLearning *self, int run, int block)
{
  const RnLearnShot *shot = rn_learning_get_shot (self, run, -1);

  if (shot == NULL)
    return NULL;
  if (block < 0)
    block += shot->n_bars;

  return block >= 0 && block < shot->n_bars ? &shot->bars[block] : NULL;
}

/* Blocks of a network (of a plain one: pairs of convolutions); 0 before it is built. */
int
rn_learning_get_n_blocks (RnLearning *self, int run)
{
  return self->models[run] != NULL ? rn_learn_count_blocks (self->models[run]) : 0;
}

/**
 * rn_learning_get_gradient_norm:
 * @block: from 0; -1 is the last one, -2 the last but one
 *
 * Returns: as RnLearnBar says, as last measured; NAN where nothing was
 */
double
rn_learning_get_gradient_norm (RnLearning *self, int run, int block)
{
  const RnLearnBar *bar = get_bar (self, run, block);

  return bar != NULL ? bar->gradient : NAN;
}

/* Likewise. */
double
rn_learning_get_response (RnLearning *self, int run, int block)
{
  const RnLearnBar *bar = get_bar (self, run, block);

  return bar != NULL ? bar->response : NAN;
}

/* The shot that is looked at, or -1: always the last one. */
int
rn_learning_get_shown (RnLearning *self)
{
  return self->shown;
}

void
rn_learning_set_shown (RnLearning *self, int index)
{
  g_return_if_fail (RN_IS_LEARNING (self));

  if (index >= rn_learning_get_n_shots (self))
    index = -1;
  if (index == self->shown)
    return;
  self->shown = index;
  emit_changed (self);
}

/* Returns: (transfer none) (nullable) */
RnLearnShot *
rn_learning_get_shown_shot (RnLearning *self, int run)
{
  return rn_learning_get_shot (self, run, self->shown);
}

/* The validation picture that features are shown of, from now on. */
int
rn_learning_get_picture (RnLearning *self)
{
  return self->picture;
}

void
rn_learning_set_picture (RnLearning *self, int index)
{
  g_return_if_fail (RN_IS_LEARNING (self) && index >= 0);

  if (self->n_pictures[1] > 0)
    index = MIN (index, self->n_pictures[1] - 1);
  if (index == self->picture)
    return;
  self->picture = index;
  if (self->worker != NULL)
    rn_learn_worker_set_picture (self->worker, index);
  emit_changed (self);
}

typedef struct
{
  RnLearnWorker *worker;
  int run;
  char *path;
} Save;

static void
save_free (gpointer data)
{
  Save *save = data;

  rn_learn_worker_unref (save->worker);
  g_free (save->path);
  g_free (save);
}

static void
save_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Save *save = data;
  GError *error = NULL;

  if (rn_learn_worker_save (save->worker, save->run, save->path, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * rn_learning_save_async:
 * @path: where to: Keras' .h5, which knows its classes and pre-processing
 *
 * Saves a network as it is now; there must be a model.
 */
void
rn_learning_save_async (
    RnLearning *self, int run, const char *path, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Save *save;

  g_return_if_fail (RN_IS_LEARNING (self) && self->models[run] != NULL);

  save = g_new0 (Save, 1);
  save->worker = rn_learn_worker_ref (self->results);
  save->run = run;
  save->path = g_strdup (path);
  g_task_set_source_tag (task, rn_learning_save_async);
  g_task_set_task_data (task, save, save_free);
  g_task_run_in_thread (task, save_in_thread);
}

gboolean
rn_learning_save_finish (RnLearning *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
