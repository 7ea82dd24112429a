/* What two networks that learn have found. */
#include <math.h>

#include "ui/draw/save-task.h"
#include "ui/learn/learning-private.h"

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

/* Returns: (transfer none) (nullable): the setup of the run that the results are of, which need not
 * be the one that comes next; %NULL where nothing was found yet */
const RnLearnSetup *
rn_learning_get_results_setup (RnLearning *self)
{
  return self->results != NULL ? rn_learn_worker_get_setup (self->results) : NULL;
}

/* How many a network takes to the end of its run; 0 before it is built. */
gint64
rn_learning_get_n_steps (RnLearning *self, int run)
{
  return self->n_steps[run];
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
  rn_learning_emit_changed (self);
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
  rn_learning_emit_changed (self);
}

typedef struct
{
  RnLearnWorker *worker;
  int run;
} Save;

static void
save_free (gpointer data)
{
  Save *save = data;

  rn_learn_worker_unref (save->worker);
  g_free (save);
}

static gboolean
save_network (gpointer data, const char *path, GError **error)
{
  const Save *save = data;

  return rn_learn_worker_save (save->worker, save->run, path, error);
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
  g_task_set_source_tag (task, rn_learning_save_async);
  rn_save_task_run (task, save_network, save, save_free, path);
}

gboolean
rn_learning_save_finish (RnLearning *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
