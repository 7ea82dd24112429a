#include <cblas.h>
#include <math.h>
#include <string.h>

#include "engine/kernels/loss/cross-entropy.h"
#include "engine/tensor/memory.h"
#include "engine/training/tape-private.h"

G_DEFINE_QUARK (rn - tape - error - quark, rn_tape_error)

/* Parts that a batch falls into: enough that threads share them evenly, few enough that each can
 * have a gradient of its own. They follow from batch and model alone, never from the threads. */
#define MAX_CHUNKS 16
#define MIN_CHUNKS 4
#define MAX_PARTIALS (32 << 20) /* floats */
#define REDUCE_BLOCK 8192

static int
choose_chunks (int batch, gint64 n_parameters)
{
  gint64 n = CLAMP (MAX_PARTIALS / MAX (n_parameters, 1), MIN_CHUNKS, MAX_CHUNKS);

  return (int) MIN (n, batch);
}

static void
add_phase (GArray *phases, const RnTapeOp *op, RnTapeFunc each, RnTapeJoin join)
{
  RnTapePhase phase = { op, each, join };

  if (each != NULL || join != NULL)
    g_array_append_val (phases, phase);
}

/* The squares of the gradient that has just become complete. */
static void
measure (RnTape *self, const RnTapeOp *op, int picture, int chunk, int thread)
{
  const RnTapeValue *value = rn_tape_value (self, op->output);
  const float *gradient = rn_tape_gradient (self, op->output, picture);
  double total = 0;

  if (!self->measure || value->layer < 0)
    return;
  for (gint64 i = 0; i < value->size; i += RN_BLOCK)
    {
      float sum = 0;

      for (int k = 0; k < RN_BLOCK; k++)
        sum += gradient[i + k] * gradient[i + k];
      total += sum;
    }
  self->norms[chunk * self->values->len + op->output] += total;
}

static void
list_phases (RnTape *self)
{
  for (guint i = 0; i < self->ops->len; i++)
    {
      const RnTapeOp *op = self->ops->pdata[i];

      add_phase (self->forward, op, op->funcs->begin, NULL);
      add_phase (self->forward, op, NULL, op->funcs->join);
      add_phase (self->forward, op, op->funcs->forward, NULL);
    }
  for (guint i = self->ops->len; i > 0; i--)
    {
      const RnTapeOp *op = self->ops->pdata[i - 1];

      if (rn_tape_value (self, op->output)->slot < 0)
        continue;
      add_phase (self->backward, op, measure, NULL);
      add_phase (self->backward, op, op->funcs->begin_back, NULL);
      add_phase (self->backward, op, NULL, op->funcs->join_back);
      add_phase (self->backward, op, op->funcs->backward, NULL);
    }
}

static gboolean
allocate (RnTape *self, GError **error)
{
  gsize n_partials = (gsize) self->n_chunks * self->parameters->n;
  gsize n_scratch = (gsize) rn_pool_get_n_threads (self->pool) * self->scratch_size;

  if (!rn_tape_plan_memory (self, error))
    return FALSE;
  self->partials = rn_memory_alloc0 (MAX (n_partials, 1) * sizeof (float), error);
  self->scratch = self->partials != NULL
                      ? rn_memory_alloc0 (MAX (n_scratch, 1) * sizeof (float), error)
                      : NULL;
  self->memory += (n_partials + n_scratch + 2 * self->parameters->n) * sizeof (float);
  self->classes = g_new0 (int, self->options.batch);
  self->probabilities = g_new0 (float, (gsize) self->options.batch * self->n_classes);
  self->losses = g_new0 (double, self->options.batch);
  self->norms = g_new0 (double, (gsize) self->n_chunks * self->values->len);

  return self->scratch != NULL;
}

/**
 * rn_tape_new:
 * @binding: the model
 * @parameters: (transfer none): its weights, which must outlive the tape; its gradient is written
 *   to
 * @error: set to %RN_TAPE_ERROR where the model is no classifier or cannot be differentiated, to
 *   %RN_MEMORY_ERROR where there is too little memory
 *
 * Returns: (transfer full) (nullable): ready to run
 */
RnTape *
rn_tape_new (RnBinding *binding,
             RnParameters *parameters,
             RnPool *pool,
             const RnTapeOptions *options,
             GError **error)
{
  g_autoptr (RnTape) self = g_new0 (RnTape, 1);

  openblas_set_num_threads (1); /* the threads are our own */
  self->binding = rn_binding_ref (binding);
  self->model = rn_model_ref (rn_binding_get_model (binding));
  self->parameters = parameters;
  self->pool = rn_pool_ref (pool);
  self->options = *options;
  self->values = g_ptr_array_new_with_free_func (g_free);
  self->ops = g_ptr_array_new ();
  self->slots = g_array_new (FALSE, FALSE, sizeof (RnTapeSlot));
  self->forward = g_array_new (FALSE, FALSE, sizeof (RnTapePhase));
  self->backward = g_array_new (FALSE, FALSE, sizeof (RnTapePhase));
  self->n_chunks = choose_chunks (options->batch, parameters->n);
  self->value_of = g_new (int, rn_model_get_n_layers (self->model));
  for (int i = 0; i < rn_model_get_n_layers (self->model); i++)
    self->value_of[i] = -1;
  if (!rn_tape_build (self, error) || !allocate (self, error))
    return NULL;
  list_phases (self);

  return g_steal_pointer (&self);
}

void
rn_tape_free (RnTape *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < self->ops->len; i++)
    {
      RnTapeOp *op = self->ops->pdata[i];

      if (op->state != NULL)
        op->state_free (op->state);
      g_free (op);
    }
  for (guint i = 0; i < self->values->len; i++)
    rn_memory_free (rn_tape_value (self, i)->data);
  for (guint i = 0; i < self->slots->len; i++)
    rn_memory_free (g_array_index (self->slots, RnTapeSlot, i).memory);
  g_ptr_array_unref (self->ops);
  g_ptr_array_unref (self->values);
  g_array_unref (self->slots);
  g_array_unref (self->forward);
  g_array_unref (self->backward);
  rn_memory_free (self->partials);
  rn_memory_free (self->scratch);
  g_free (self->value_of);
  g_free (self->twin_of);
  g_free (self->classes);
  g_free (self->probabilities);
  g_free (self->losses);
  g_free (self->norms);
  rn_pool_unref (self->pool);
  rn_model_unref (self->model);
  rn_binding_unref (self->binding);
  g_free (self);
}

/* Phases that follow each other without a join: done picture by picture, so that what one wrote is
 * still in the cache when the next one reads it. */
typedef struct
{
  RnTape *tape;
  const RnTapePhase *phases;
  int n_phases;
} Stretch;

static void
run_chunk (int chunk, int thread, gpointer data)
{
  const Stretch *stretch = data;
  RnTape *tape = stretch->tape;
  GCancellable *cancellable = tape->options.cancellable;
  int first = (int) ((gint64) tape->options.batch * chunk / tape->n_chunks);
  int end = (int) ((gint64) tape->options.batch * (chunk + 1) / tape->n_chunks);

  for (int picture = first; picture < end; picture++)
    for (int i = 0; i < stretch->n_phases && !g_cancellable_is_cancelled (cancellable); i++)
      stretch->phases[i].each (tape, stretch->phases[i].op, picture, chunk, thread);
}

static void
run_phases (RnTape *self, const GArray *phases)
{
  const RnTapePhase *all = (const RnTapePhase *) phases->data;

  for (guint i = 0; i < phases->len;)
    {
      Stretch stretch = { self, all + i, 0 };

      if (all[i].join != NULL)
        {
          all[i].join (self, all[i].op);
          i++;
          continue;
        }
      while (i < phases->len && all[i].each != NULL)
        {
          stretch.n_phases++;
          i++;
        }
      rn_pool_run (self->pool, self->n_chunks, run_chunk, &stretch);
    }
}

static void
prepare_op (int chunk, int thread, gpointer data)
{
  RnTape *self = data;
  const RnTapeOp *op = self->ops->pdata[chunk];

  if (op->funcs->prepare != NULL)
    op->funcs->prepare (self, op);
}

/**
 * rn_tape_get_input:
 *
 * Returns: (transfer none): where the pictures go: float32 NHWC
 */
float *
rn_tape_get_input (RnTape *self)
{
  return rn_tape_value (self, self->value_of[rn_model_get_input (self->model)->index])->data;
}

/* Floats from a picture of the input, and of its gradient, to the next. */
gint64
rn_tape_get_input_stride (RnTape *self)
{
  return rn_tape_value (self, self->value_of[rn_model_get_input (self->model)->index])->size;
}

/**
 * rn_tape_get_classes:
 *
 * Returns: (transfer none): where the right classes go: one a picture
 */
int *
rn_tape_get_classes (RnTape *self)
{
  return self->classes;
}

/* The loss of each picture, and its derivative by the logits. */
static int
compute_losses (RnTape *self)
{
  int n_wrong = 0;

  for (int picture = 0; picture < self->options.batch; picture++)
    {
      const float *logits = rn_tape_data (self, self->logits, picture);
      int best = 0;

      for (int c = 1; c < self->n_classes; c++)
        if (logits[c] > logits[best])
          best = c;
      n_wrong += best != self->classes[picture];
      self->losses[picture] = rn_cross_entropy (
          logits, self->n_classes, self->classes[picture], self->smoothing,
          1.0f / self->options.batch, self->probabilities + (gint64) picture * self->n_classes,
          rn_tape_gradient (self, self->logits, picture));
    }

  return n_wrong;
}

/**
 * rn_tape_forward:
 * @label_smoothing: see rn_cross_entropy()
 * @seed: of what dropout drops
 * @n_wrong: (out) (optional): pictures that were taken for another class
 *
 * Returns: the mean loss over the batch; no number where something has overflowed
 */
double
rn_tape_forward (RnTape *self, double label_smoothing, guint64 seed, int *n_wrong)
{
  double loss = 0;
  int wrong;

  self->smoothing = label_smoothing;
  self->seed = seed;
  rn_pool_run (self->pool, self->ops->len, prepare_op, self);
  run_phases (self, self->forward);
  wrong = compute_losses (self);
  for (int i = 0; i < self->options.batch; i++)
    loss += self->losses[i];
  if (n_wrong != NULL)
    *n_wrong = wrong;

  return loss / self->options.batch;
}

static void
clear_partial (int chunk, int thread, gpointer data)
{
  RnTape *self = data;

  memset (self->partials + chunk * self->parameters->n, 0, sizeof (float) * self->parameters->n);
}

/* The chunks' shares, always added up in the same order. */
static void
reduce_block (int block, int thread, gpointer data)
{
  RnTape *self = data;
  gint64 first = (gint64) block * REDUCE_BLOCK;
  gint64 n = MIN (REDUCE_BLOCK, self->parameters->n - first);
  float *gradient = self->parameters->gradient + first;

  memcpy (gradient, self->partials + first, n * sizeof (float));
  for (int chunk = 1; chunk < self->n_chunks; chunk++)
    {
      const float *partial = self->partials + chunk * self->parameters->n + first;

      for (gint64 i = 0; i < n; i++)
        gradient[i] += partial[i];
    }
}

/**
 * rn_tape_backward:
 * @measure: whether rn_tape_get_gradient_norm() will be asked
 *
 * Writes the derivatives of the last run's loss to the parameters' gradient.
 */
void
rn_tape_backward (RnTape *self, gboolean measure_norms)
{
  self->measure = measure_norms;
  if (measure_norms)
    memset (self->norms, 0, sizeof (double) * self->n_chunks * self->values->len);
  rn_pool_run (self->pool, self->n_chunks, clear_partial, self);
  run_phases (self, self->backward);
  rn_pool_run (self->pool, (int) ((self->parameters->n + REDUCE_BLOCK - 1) / REDUCE_BLOCK),
               reduce_block,
               self);
}

/**
 * rn_tape_backward_score:
 * @class: whose score is meant: what goes into softmax for it
 *
 * As rn_tape_backward(), of that score (summed over the batch) rather than of the loss.
 */
void
rn_tape_backward_score (RnTape *self, int class, gboolean measure_norms)
{
  g_return_if_fail (class >= 0 && class < self->n_classes);

  for (int picture = 0; picture < self->options.batch; picture++)
    for (int c = 0; c < self->n_classes; c++)
      rn_tape_gradient (self, self->logits, picture)[c] = c == class ? 1 : 0;
  rn_tape_backward (self, measure_norms);
}

/* Moves the running statistics of every batch norm towards the last run's. */
void
rn_tape_update_statistics (RnTape *self)
{
  for (guint i = 0; i < self->ops->len; i++)
    {
      const RnTapeOp *op = self->ops->pdata[i];

      if (op->by_batch)
        rn_tape_norm_update (self, op);
    }
}

/* Bytes that activations, gradients and weights take. */
gsize
rn_tape_get_memory (RnTape *self)
{
  return self->memory;
}
