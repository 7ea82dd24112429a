#include "engine/runtime/session.h"

#include "engine/kernels/isa.h"
#include "engine/runtime/generic-op.h"
#include "engine/runtime/pool.h"

#include <cblas.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

G_DEFINE_QUARK (rn-session-error-quark, rn_session_error)

/* Plain pthread locks, since ThreadSanitizer does not see through GLib's.
 * @run_lock: held by a run from beginning to end
 * @state_lock: read: @tensors stay as they are; write: a run may reuse them
 * @done: for each layer whether its tensor holds the last input's activation
 * @layer_ns: for each layer the time of the last run */
struct _RnSession
{
  gint ref_count;
  RnBinding *binding;
  RnModel *model;
  int n_layers;
  int n_threads;
  RnIsa isa;
  RnPool *pool;
  RnGenericOp **ops;
  float **scratch;

  pthread_mutex_t run_lock;
  pthread_rwlock_t state_lock;
  gint64 batch;
  RnTensor **tensors;
  atomic_int *done;
  atomic_llong *layer_ns;
  atomic_llong run_ns;

  RnLayerFunc observer;
  gpointer observer_data;
};

/* A pass has at most so many chunks; the pool counts them in an int. */
#define MAX_CHUNKS (1 << 20)

/* One pass of one layer, as the pool sees it: chunks of @n_at_once units. */
typedef struct
{
  RnSession *session;
  const RnGenericOp *op;
  int pass;
  gint64 n_units, n_at_once;
  const float **inputs;
  float *output;
  GCancellable *cancellable;
} Pass;

static gint64
now_ns (void)
{
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);

  return t.tv_sec * G_GINT64_CONSTANT (1000000000) + t.tv_nsec;
}

static gboolean
make_ops (RnSession *self, GError **error)
{
  gboolean reference = self->isa == RN_ISA_REFERENCE;

  self->ops = g_new0 (RnGenericOp *, self->n_layers);
  for (int i = 0; i < self->n_layers; i++)
    {
      self->ops[i] = rn_generic_op_new (self->binding, i, reference, error);
      if (self->ops[i] == NULL)
        return FALSE;
    }

  return TRUE;
}

/**
 * rn_session_new:
 * @binding: (transfer none): model and weights
 * @options: (nullable): %NULL for the defaults
 * @error: set where RN_ISA names no instruction set of this processor, or there is no memory
 *
 * Returns: (transfer full) (nullable): a session that has run nothing yet
 */
RnSession *
rn_session_new (RnBinding *binding, const RnSessionOptions *options, GError **error)
{
  g_autoptr (RnSession) self = NULL;

  g_return_val_if_fail (binding != NULL, NULL);

  openblas_set_num_threads (1); /* the threads are our own */

  self = g_new0 (RnSession, 1);
  self->ref_count = 1;
  self->binding = rn_binding_ref (binding);
  self->model = rn_model_ref (rn_binding_get_model (binding));
  self->n_layers = rn_model_get_n_layers (self->model);
  self->n_threads = options != NULL ? options->n_threads : 0;
  if (self->n_threads <= 0)
    self->n_threads = g_get_num_processors ();
  pthread_mutex_init (&self->run_lock, NULL);
  pthread_rwlock_init (&self->state_lock, NULL);
  self->tensors = g_new0 (RnTensor *, self->n_layers);
  self->done = g_new0 (atomic_int, self->n_layers);
  self->layer_ns = g_new0 (atomic_llong, self->n_layers);
  self->scratch = g_new0 (float *, self->n_threads);

  self->pool = rn_pool_new (self->n_threads);
  if (!rn_isa_choose (&self->isa, error) || !make_ops (self, error))
    return NULL;

  return g_steal_pointer (&self);
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

  for (int i = 0; i < self->n_layers; i++)
    {
      g_clear_pointer (&self->tensors[i], rn_tensor_unref);
      if (self->ops != NULL)
        rn_generic_op_free (self->ops[i]);
    }
  for (int i = 0; i < self->n_threads; i++)
    g_free (self->scratch[i]);
  g_free (self->scratch);
  g_free (self->ops);
  g_free (self->tensors);
  g_free (self->done);
  g_free (self->layer_ns);
  g_clear_pointer (&self->pool, rn_pool_unref);
  pthread_rwlock_destroy (&self->state_lock);
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
  return self->n_threads;
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

static gboolean
grow_scratch (RnSession *self, gsize n_floats, GError **error)
{
  for (int i = 0; i < self->n_threads; i++)
    {
      g_free (self->scratch[i]);
      self->scratch[i] = g_try_new (float, n_floats);
      if (self->scratch[i] == NULL && n_floats > 0)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                       "no memory for %" G_GSIZE_FORMAT " bytes of scratch a thread",
                       n_floats * sizeof (float));
          return FALSE;
        }
    }

  return TRUE;
}

/* The dimensions of a layer's activation. Returns: its rank. */
static int
get_dims (RnSession *self, int layer, gint64 dims[RN_TENSOR_MAX_RANK])
{
  const RnShape *shape = &rn_model_get_layer (self->model, layer)->output_shape;

  dims[0] = self->batch;
  for (int i = 0; i < shape->rank; i++)
    dims[i + 1] = shape->dims[i];

  return shape->rank + 1;
}

/* Makes room for another number of pictures. */
static gboolean
set_batch (RnSession *self, gint64 batch, GError **error)
{
  gsize scratch = 0;

  if (batch == self->batch)
    return TRUE;

  self->batch = 0; /* until all is there */
  for (int i = 0; i < self->n_layers; i++)
    {
      g_clear_pointer (&self->tensors[i], rn_tensor_unref);
      rn_generic_op_set_batch (self->ops[i], batch);
      scratch = MAX (scratch, rn_generic_op_get_scratch (self->ops[i]));
    }
  if (!grow_scratch (self, scratch, error))
    return FALSE;

  self->batch = batch;
  for (int i = 0; i < self->n_layers; i++)
    {
      gint64 dims[RN_TENSOR_MAX_RANK];
      int rank = get_dims (self, i, dims);

      if (rn_generic_op_is_alias (self->ops[i]))
        continue;
      self->tensors[i] = rn_tensor_new (rank, dims, error);
      if (self->tensors[i] == NULL)
        {
          self->batch = 0;
          return FALSE;
        }
    }

  return TRUE;
}

/* Gives the data of @source to @layer under the shape of its own. */
static void
alias_tensor (RnSession *self, int layer, RnTensor *source)
{
  gint64 dims[RN_TENSOR_MAX_RANK];
  int rank = get_dims (self, layer, dims);

  g_clear_pointer (&self->tensors[layer], rn_tensor_unref);
  self->tensors[layer]
    = rn_tensor_new_for_data (RN_DTYPE_F32, rank, dims, source->data, rn_tensor_ref (source),
                              (GDestroyNotify) rn_tensor_unref);
}

/* Forgets the last run and takes the new input; nobody reads activations meanwhile. */
static gboolean
begin_run (RnSession *self, RnTensor *input, GError **error)
{
  gboolean ok;

  pthread_rwlock_wrlock (&self->state_lock);
  for (int i = 0; i < self->n_layers; i++)
    atomic_store (&self->done[i], FALSE);
  ok = set_batch (self, input->dims[0], error);
  for (int i = 0; ok && i < self->n_layers; i++)
    {
      const RnLayer *layer = rn_model_get_layer (self->model, i);

      if (rn_generic_op_is_alias (self->ops[i]))
        alias_tensor (self, i, layer->n_inputs > 0 ? self->tensors[layer->inputs[0]] : input);
    }
  pthread_rwlock_unlock (&self->state_lock);

  return ok;
}

static void
run_chunk (int chunk, int thread, gpointer data)
{
  Pass *pass = data;
  gint64 first = chunk * pass->n_at_once, end = MIN (first + pass->n_at_once, pass->n_units);

  for (gint64 unit = first; unit < end; unit++)
    {
      if (g_cancellable_is_cancelled (pass->cancellable))
        return;
      rn_generic_op_run (pass->op, pass->pass, unit, pass->inputs, pass->session->scratch[thread],
                         pass->output);
    }
}

static void
run_layer (RnSession *self, const RnLayer *layer, GCancellable *cancellable)
{
  g_autofree const float **inputs = g_new (const float *, layer->n_inputs + 1);
  Pass pass = { .session = self, .op = self->ops[layer->index], .inputs = inputs,
                .output = rn_tensor_f32 (self->tensors[layer->index]),
                .cancellable = cancellable };

  for (int i = 0; i < layer->n_inputs; i++)
    inputs[i] = rn_tensor_f32 (self->tensors[layer->inputs[i]]);

  for (; pass.pass < rn_generic_op_get_n_passes (pass.op); pass.pass++)
    {
      pass.n_units = rn_generic_op_get_n_units (pass.op, pass.pass);
      pass.n_at_once = (pass.n_units + MAX_CHUNKS - 1) / MAX_CHUNKS;
      rn_pool_run (self->pool, (pass.n_units + pass.n_at_once - 1) / pass.n_at_once, run_chunk,
                   &pass);
    }
}

static gboolean
run_layers (RnSession *self, GCancellable *cancellable, GError **error)
{
  gint64 start = now_ns (), last = start;

  for (int i = 0; i < self->n_layers; i++)
    {
      gint64 now;

      run_layer (self, rn_model_get_layer (self->model, i), cancellable);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

      now = now_ns ();
      atomic_store (&self->layer_ns[i], now - last);
      atomic_store (&self->done[i], TRUE);
      last = now;
      if (self->observer != NULL)
        self->observer (self, i, self->observer_data);
    }
  atomic_store (&self->run_ns, now_ns () - start);

  return TRUE;
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
  gboolean ok;

  g_return_val_if_fail (self != NULL && input != NULL, FALSE);

  if (!check_input (self, input, error))
    return FALSE;
  numbers = rn_tensor_to_f32 (input, error);
  if (numbers == NULL)
    return FALSE;

  pthread_mutex_lock (&self->run_lock);
  ok = begin_run (self, numbers, error) && run_layers (self, cancellable, error);
  pthread_mutex_unlock (&self->run_lock);

  return ok;
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
  RnTensor *copy = NULL;

  g_return_val_if_fail (self != NULL && layer >= 0 && layer < self->n_layers, NULL);

  pthread_rwlock_rdlock (&self->state_lock);
  if (!atomic_load (&self->done[layer]))
    g_set_error (error, RN_SESSION_ERROR, RN_SESSION_ERROR_NOT_COMPUTED,
                 "layer “%s” of %s has not been computed yet: run a picture first",
                 rn_model_get_layer (self->model, layer)->name,
                 rn_model_get_name (self->model));
  else
    {
      const RnTensor *tensor = self->tensors[layer];

      copy = rn_tensor_new (tensor->rank, tensor->dims, error);
      if (copy != NULL)
        memcpy (copy->data, tensor->data, rn_tensor_get_n_bytes (tensor));
    }
  pthread_rwlock_unlock (&self->state_lock);

  return copy;
}

/* Milliseconds that a layer took in the last run that came to it. */
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
