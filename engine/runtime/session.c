#include "engine/runtime/session-private.h"

#include "engine/tensor/memory.h"

#include <cblas.h>
#include <string.h>
#include <time.h>

G_DEFINE_QUARK (rn-session-error-quark, rn_session_error)

static gint64
now_ns (void)
{
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);

  return t.tv_sec * G_GINT64_CONSTANT (1000000000) + t.tv_nsec;
}

/* @donor: (nullable): a plan whose packed weights are used where they are the same */
static RnSession *
make_session (RnBinding *binding,
              RnIsa isa,
              int n_threads,
              RnKeep keep,
              const RnPlan *donor,
              GError **error)
{
  g_autoptr (RnSession) self = g_new0 (RnSession, 1);

  openblas_set_num_threads (1); /* the threads are our own */
  self->ref_count = 1;
  self->binding = rn_binding_ref (binding);
  self->model = rn_model_ref (rn_binding_get_model (binding));
  self->n_layers = rn_model_get_n_layers (self->model);
  self->isa = isa;
  pthread_mutex_init (&self->run_lock, NULL);
  pthread_mutex_init (&self->recall_lock, NULL);
  pthread_rwlock_init (&self->state_lock, NULL);
  self->pool = rn_pool_new (CLAMP (n_threads > 0 ? n_threads : (int) g_get_num_processors (), 1,
                                   RN_POOL_MAX_THREADS));
  self->workspace.pool = self->pool;
  self->done = g_new0 (atomic_int, self->n_layers);
  self->layer_ns = g_new0 (atomic_llong, self->n_layers);

  self->plan = rn_plan_new (binding, isa != RN_ISA_REFERENCE ? rn_kernels_get (isa) : NULL,
                            self->pool, keep, donor, error);
  if (self->plan == NULL)
    return NULL;
  self->fresh = g_new0 (gboolean, self->plan->n_scheduled);
  self->data = g_new0 (float *, self->plan->values->len);
  self->recall = rn_recall_new (self->plan);

  return g_steal_pointer (&self);
}

/**
 * rn_session_new:
 * @binding: (transfer none): model and weights
 * @options: (nullable): %NULL for all threads and %RN_KEEP_STEPS
 * @error: set where RN_ISA names no instruction set of this processor, or there is no memory
 *
 * Rearranges the weights for the kernels, which takes a while: not for a thread that must not wait.
 *
 * Returns: (transfer full) (nullable): a session that has run nothing yet
 */
RnSession *
rn_session_new (RnBinding *binding, const RnSessionOptions *options, GError **error)
{
  RnIsa isa;

  g_return_val_if_fail (binding != NULL, NULL);

  if (!rn_isa_choose (&isa, error))
    return NULL;

  return make_session (binding, isa, options != NULL ? options->n_threads : 0,
                       options != NULL ? options->keep : RN_KEEP_STEPS, NULL, error);
}

/**
 * rn_session_new_beside:
 * @other: a session that stays as it is while this is called
 * @n_threads: threads that compute; 0 for as many as the process may use
 * @error: set where there is no memory
 *
 * A session of the same network that runs at the same time, on another picture. The rearranged
 * weights, which are most of a session's memory, belong to both.
 *
 * Returns: (transfer full) (nullable): a session that has run nothing yet
 */
RnSession *
rn_session_new_beside (RnSession *other, int n_threads, GError **error)
{
  g_return_val_if_fail (other != NULL, NULL);

  return make_session (other->binding, other->isa, n_threads, other->plan->keep, other->plan,
                       error);
}

RnSession *
rn_session_ref (RnSession *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
rn_session_unref (RnSession *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;

  rn_session_free_scratch (&self->workspace);
  rn_recall_free (self->recall);
  rn_plan_free (self->plan);
  rn_arena_free (self->arena);
  g_clear_pointer (&self->input, rn_tensor_unref);
  g_free (self->data);
  g_free (self->fresh);
  g_free (self->done);
  g_free (self->layer_ns);
  rn_pool_unref (self->pool);
  pthread_rwlock_destroy (&self->state_lock);
  pthread_mutex_destroy (&self->recall_lock);
  pthread_mutex_destroy (&self->run_lock);
  rn_binding_unref (self->binding);
  rn_model_unref (self->model);
  g_free (self);
}

RnModel *
rn_session_get_model (RnSession *self)
{
  return self->model;
}

RnBinding *
rn_session_get_binding (RnSession *self)
{
  return self->binding;
}

int
rn_session_get_n_threads (RnSession *self)
{
  return rn_pool_get_n_threads (self->pool);
}

/* The name of the instruction set that it computes with: "avx512", "reference", … */
const char *
rn_session_get_isa (RnSession *self)
{
  return rn_isa_get_name (self->isa);
}

/* 10⁹ floating-point operations a second that its threads could do at most on this processor. */
double
rn_session_measure_peak (RnSession *self)
{
  RnIsa isa = self->isa != RN_ISA_REFERENCE ? self->isa : rn_isa_get_best ();

  return rn_kernels_measure_peak (rn_kernels_get (isa), self->pool);
}

/**
 * rn_session_set_observer:
 * @func: (nullable): called for each layer of every later run
 *
 * Not to be called while the session runs.
 */
void
rn_session_set_observer (RnSession *self, RnLayerFunc func, gpointer data)
{
  self->observer = func;
  self->observer_data = data;
}

static gboolean
check_input (RnSession *self, const RnTensor *input, GError **error)
{
  const RnShape *shape = &rn_model_get_input (self->model)->output_shape;
  gboolean fits = input->rank == shape->rank + 1 && input->dims[0] >= 1
                  && input->dims[0] <= RN_MAX_DIMENSION;
  g_autofree char *have = NULL, *want = NULL;

  for (int i = 0; fits && i < shape->rank; i++)
    fits = input->dims[i + 1] == shape->dims[i];
  if (fits)
    return TRUE;

  have = rn_tensor_dims_to_string (input);
  want = rn_shape_to_keras (shape);
  g_set_error (error, RN_SESSION_ERROR, RN_SESSION_ERROR_INPUT,
               "the input has shape %s; %s wants %s, where None is the number of pictures", have,
               rn_model_get_name (self->model), want);

  return FALSE;
}

void
rn_session_free_scratch (RnWorkspace *workspace)
{
  for (int i = 0; workspace->scratch != NULL && i < rn_pool_get_n_threads (workspace->pool); i++)
    rn_memory_free (workspace->scratch[i]);
  g_clear_pointer (&workspace->scratch, g_free);
  g_clear_pointer (&workspace->conv_scratch, rn_memory_free);
}

/* Replaces the scratch memory by what @plan needs for the number of pictures it is cut for. */
gboolean
rn_session_make_scratch (const RnPlan *plan, RnWorkspace *workspace, GError **error)
{
  rn_session_free_scratch (workspace);
  workspace->scratch = g_new0 (float *, rn_pool_get_n_threads (workspace->pool));
  for (int i = 0; i < rn_pool_get_n_threads (workspace->pool); i++)
    {
      workspace->scratch[i] = rn_memory_alloc (rn_plan_get_scratch (plan) * sizeof (float), error);
      if (workspace->scratch[i] == NULL)
        return FALSE;
    }
  workspace->conv_scratch = rn_memory_alloc (plan->conv_scratch, error);

  return workspace->conv_scratch != NULL;
}

/* Makes room for another number of pictures. */
static gboolean
set_batch (RnSession *self, int batch, GError **error)
{
  if (batch == self->workspace.batch)
    return TRUE;

  self->workspace.batch = 0; /* until all is there */
  g_clear_pointer (&self->arena, rn_arena_free);
  self->arena = rn_arena_new (self->plan->arena_size, batch, error);
  if (self->arena == NULL)
    return FALSE;

  rn_plan_set_batch (self->plan, batch);
  if (!rn_session_make_scratch (self->plan, &self->workspace, error))
    return FALSE;

  for (guint i = 0; i < self->plan->values->len; i++)
    {
      const RnValue *value = rn_plan_get_value (self->plan, i);

      self->data[i] = value->scheduled ? rn_arena_get (self->arena, value->offset) : NULL;
    }
  self->workspace.batch = batch;

  return TRUE;
}

/* Marks what is to be run: the steps that are not fresh, those that follow from them, and those that
 * must be run again for their results' sake, which were not kept.
 * @stale: (out caller-allocates): the former two
 * Returns: all of them */
static gboolean *
find_steps_to_run (RnSession *self, gboolean *stale)
{
  const RnPlan *plan = self->plan;
  gboolean *wanted = g_new0 (gboolean, plan->n_scheduled);

  for (int s = 0; s < plan->n_scheduled; s++)
    {
      const RnStep *step = rn_plan_get_step (plan, s);

      stale[s] = !self->fresh[s];
      for (guint i = 0; i < step->inputs->len; i++)
        stale[s] |= stale[rn_plan_get_value (plan, g_array_index (step->inputs, int, i))->step];
      if (step->residual >= 0)
        stale[s] |= stale[rn_plan_get_value (plan, step->residual)->step];
      wanted[s] = stale[s];
    }
  for (int s = plan->n_scheduled - 1; s >= 0; s--)
    {
      const RnStep *step = rn_plan_get_step (plan, s);

      for (guint i = 0; wanted[s] && i <= step->inputs->len; i++)
        {
          int input = i < step->inputs->len ? g_array_index (step->inputs, int, i) : step->residual;

          if (input >= 0 && !rn_plan_get_value (plan, input)->kept)
            wanted[rn_plan_get_value (plan, input)->step] = TRUE;
        }
    }

  return wanted;
}

/* Takes a new input, or none where the old one is run again, and forgets what no longer holds;
 * nobody reads activations meanwhile. Returns: the steps to run. */
static gboolean *
begin_run (RnSession *self, RnTensor *input, gboolean *stale, GError **error)
{
  g_autofree gboolean *wanted = NULL;
  int input_layer = rn_model_get_input (self->model)->index;
  gboolean ok = TRUE;

  pthread_rwlock_wrlock (&self->state_lock);
  if (input != NULL)
    {
      memset (self->fresh, 0, sizeof (gboolean) * self->plan->n_scheduled);
      g_clear_pointer (&self->input, rn_tensor_unref);
      self->input = rn_tensor_ref (input);
      ok = set_batch (self, (int) input->dims[0], error);
      self->data[self->plan->shown[input_layer]] = rn_tensor_f32 (input);
      if (!ok)
        g_clear_pointer (&self->input, rn_tensor_unref);
    }
  wanted = find_steps_to_run (self, stale);
  for (int i = 0; i < self->n_layers; i++)
    if (stale[self->plan->step_of[i]])
      atomic_store (&self->done[i], FALSE);
  rn_recall_clear (self->recall);
  pthread_rwlock_unlock (&self->state_lock);

  return ok ? g_steal_pointer (&wanted) : NULL;
}

/* Lets the layers of a step be seen. */
static void
finish_step (RnSession *self, const RnStep *step, gint64 ns)
{
  self->fresh[step->index] = TRUE;
  for (guint i = 0; i < step->layers->len; i++)
    {
      int layer = g_array_index (step->layers, int, i);

      atomic_store (&self->layer_ns[layer], layer == step->main ? ns : 0);
      atomic_store (&self->done[layer], TRUE);
    }
  for (guint i = 0; self->observer != NULL && i < step->layers->len; i++)
    self->observer (self, g_array_index (step->layers, int, i), self->observer_data);
}

static gboolean
run_steps (RnSession *self,
           const RnWorkspace *workspace,
           const gboolean *wanted,
           const gboolean *stale,
           GCancellable *cancellable,
           GError **error)
{
  gint64 start = now_ns (), last = start, now;

  for (int s = 0; s < self->plan->n_scheduled; s++)
    {
      const RnStep *step = rn_plan_get_step (self->plan, s);
      float *outputs[RN_N_ROLES] = { self->data[step->outputs[RN_ROLE_OUTPUT]] };

      if (!wanted[s])
        continue;
      rn_step_run (self->plan, step, workspace, self->data, outputs);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

      now = now_ns ();
      if (stale[s])
        finish_step (self, step, now - last);
      last = now;
    }
  atomic_store (&self->run_ns, now_ns () - start);

  return TRUE;
}

static void
note_cancelled (GCancellable *cancellable, gpointer data)
{
  g_atomic_int_set ((gint *) data, TRUE);
}

/* Runs what is wanted; @input is %NULL where the old one stays. */
static gboolean
run (RnSession *self, RnTensor *input, GCancellable *cancellable, GError **error)
{
  gulong handler = 0;
  gboolean ok = FALSE;
  g_autofree gboolean *wanted = NULL;
  g_autofree gboolean *stale = g_new0 (gboolean, self->plan->n_scheduled);

  pthread_mutex_lock (&self->run_lock);
  if (input == NULL && self->input == NULL)
    g_set_error (error, RN_SESSION_ERROR, RN_SESSION_ERROR_NOT_COMPUTED,
                 "%s has not run yet: give it a picture first", rn_model_get_name (self->model));
  else
    wanted = begin_run (self, input, stale, error);

  if (wanted != NULL)
    {
      RnWorkspace workspace = self->workspace;

      g_atomic_int_set (&self->cancelled, FALSE);
      workspace.cancelled = &self->cancelled;
      if (cancellable != NULL)
        handler = g_cancellable_connect (cancellable, G_CALLBACK (note_cancelled), &self->cancelled,
                                         NULL);
      ok = run_steps (self, &workspace, wanted, stale, cancellable, error);
      g_cancellable_disconnect (cancellable, handler);
    }
  pthread_mutex_unlock (&self->run_lock);

  return ok;
}

/**
 * rn_session_run:
 * @input: (transfer none): float32 [N, H, W, C] of the model's input shape; N, the number of
 *   pictures, may differ from run to run
 * @cancellable: (nullable): cancels within a fraction of a millisecond
 * @error: set to %RN_SESSION_ERROR_INPUT, %G_IO_ERROR_CANCELLED, or where there is no memory
 *
 * Computes every layer. A second call waits for the first. After a failure only the layers that were
 * done before it have activations.
 */
gboolean
rn_session_run (RnSession *self, RnTensor *input, GCancellable *cancellable, GError **error)
{
  g_autoptr (RnTensor) numbers = NULL;

  g_return_val_if_fail (self != NULL && input != NULL, FALSE);

  if (!check_input (self, input, error))
    return FALSE;
  numbers = rn_tensor_to_f32 (input, error);

  return numbers != NULL && run (self, numbers, cancellable, error);
}

/**
 * rn_session_touch_layer:
 * @layer: index of a layer whose result is no longer right
 *
 * The next rn_session_rerun() computes it again, and all that follows from it.
 */
void
rn_session_touch_layer (RnSession *self, int layer)
{
  g_return_if_fail (self != NULL && layer >= 0 && layer < self->n_layers);

  pthread_mutex_lock (&self->run_lock);
  self->fresh[self->plan->step_of[layer]] = FALSE;
  pthread_mutex_unlock (&self->run_lock);
}

/**
 * rn_session_rerun:
 *
 * Runs the last input again from the layers on that were touched since, or that a cancelled run did
 * not come to. Layers before them keep their activations and are not reported to the observer.
 * Arguments as rn_session_run()'s.
 */
gboolean
rn_session_rerun (RnSession *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return run (self, NULL, cancellable, error);
}

/* Copies a value's pictures into a tensor of the layer's shape. */
static RnTensor *
copy_value (RnSession *self, int layer, const RnValue *value, const float *data, GError **error)
{
  const RnShape *shape = &rn_model_get_layer (self->model, layer)->output_shape;
  gint64 dims[RN_TENSOR_MAX_RANK] = { self->workspace.batch };
  gint64 size = rn_shape_get_n_elements (shape);
  RnTensor *copy;

  for (int i = 0; i < shape->rank; i++)
    dims[i + 1] = shape->dims[i];
  copy = rn_tensor_new (shape->rank + 1, dims, error);
  if (copy == NULL)
    return NULL;

  if (value->layout == RN_LAYOUT_PLAIN)
    memcpy (copy->data, data, rn_tensor_get_n_bytes (copy));
  else
    for (int i = 0; i < self->workspace.batch; i++)
      rn_blocked_to_nhwc (&value->blocked, data + i * value->stride,
                          rn_tensor_f32 (copy) + i * size, self->pool);

  return copy;
}

/**
 * rn_session_get_activation:
 * @layer: index of a layer
 * @error: set to %RN_SESSION_ERROR_NOT_COMPUTED where the last run has not come to it
 *
 * May be called from any thread, also while the session runs, for the layers it has finished.
 *
 * Returns: (transfer full) (nullable): a copy, float32, [N, H, W, C] or [N, C]
 */
RnTensor *
rn_session_get_activation (RnSession *self, int layer, GError **error)
{
  const RnValue *value;
  RnTensor *copy = NULL;

  g_return_val_if_fail (self != NULL && layer >= 0 && layer < self->n_layers, NULL);

  value = rn_plan_get_value (self->plan, self->plan->shown[layer]);
  pthread_rwlock_rdlock (&self->state_lock);
  if (!atomic_load (&self->done[layer]))
    g_set_error (error, RN_SESSION_ERROR, RN_SESSION_ERROR_NOT_COMPUTED,
                 "layer “%s” of %s has not been computed yet: run a picture first",
                 rn_model_get_layer (self->model, layer)->name, rn_model_get_name (self->model));
  else if (value->kept)
    copy = copy_value (self, layer, value, self->data[self->plan->shown[layer]], error);
  else
    {
      const float *data;

      pthread_mutex_lock (&self->recall_lock);
      data = rn_recall_get (self->recall, self->plan->shown[layer], &self->workspace, self->data,
                            error);
      if (data != NULL)
        copy = copy_value (self, layer, value, data, error);
      pthread_mutex_unlock (&self->recall_lock);
    }
  pthread_rwlock_unlock (&self->state_lock);

  return copy;
}

/**
 * rn_session_get_layer_ms:
 *
 * Returns: milliseconds that a layer took when it was last computed; of layers that are computed as
 *   one the convolution has the whole time, the others 0
 */
double
rn_session_get_layer_ms (RnSession *self, int layer)
{
  g_return_val_if_fail (self != NULL && layer >= 0 && layer < self->n_layers, 0);

  return atomic_load (&self->layer_ns[layer]) / 1e6;
}

/* Milliseconds that the last complete run took. */
double
rn_session_get_run_ms (RnSession *self)
{
  return atomic_load (&self->run_ns) / 1e6;
}
