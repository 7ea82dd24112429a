/* Batch norm of a tape, with an addition and ReLU behind it where those are fused to it. */
#include <math.h>
#include <string.h>

#include "engine/kernels/batch-norm/batch-norm-training.h"
#include "engine/kernels/batch-norm/batch-norm.h"
#include "engine/tensor/memory.h"
#include "engine/training/tape-private.h"

/* All arrays have as many channels as whole blocks do; what is beyond the layer's is zero. */
typedef struct
{
  int n;
  double *sums; /* [n_chunks][2][n] */
  double *mean, *variance;
  float *center, *scale, *shift;
  float *a, *b, *c;
} State;

static void
state_free (gpointer data)
{
  State *self = data;

  rn_memory_free (self->sums);
  rn_memory_free (self->center);
  g_free (self->mean);
  g_free (self->variance);
  g_free (self);
}

/* Returns: (nullable): to be freed with rn_tape_norm_state_free() by its operation. */
gpointer
rn_tape_norm_state_new (int n_channels, int n_chunks, GError **error)
{
  State *self = g_new0 (State, 1);
  int n = (n_channels + RN_BLOCK - 1) / RN_BLOCK * RN_BLOCK;

  self->n = n;
  self->mean = g_new0 (double, n);
  self->variance = g_new0 (double, n);
  self->sums = rn_memory_alloc0 ((gsize) n_chunks * 2 * n * sizeof (double), error);
  self->center =
      self->sums != NULL ? rn_memory_alloc0 ((gsize) 6 * n * sizeof (float), error) : NULL;
  if (self->center == NULL)
    {
      state_free (self);
      return NULL;
    }
  self->scale = self->center + n;
  self->shift = self->scale + n;
  self->a = self->shift + n;
  self->b = self->a + n;
  self->c = self->b + n;

  return self;
}

void
rn_tape_norm_state_free (gpointer state)
{
  state_free (state);
}

static const float *
get_vector (const RnTape *tape, const RnTapeOp *op, const char *name)
{
  gint64 offset = rn_parameters_find (tape->parameters, op->layer->index, name);

  return offset >= 0 ? tape->parameters->values + offset : NULL;
}

static int
get_channels (const RnTapeOp *op)
{
  return rn_shape_get_channels (&op->out_shape);
}

static gint64
get_n_pixels (const RnTapeOp *op)
{
  return rn_shape_get_n_elements (&op->out_shape) / get_channels (op);
}

static void
clear_sums (RnTape *tape, State *state)
{
  memset (state->sums, 0, sizeof (double) * tape->n_chunks * 2 * state->n);
}

/* Sums of all chunks, always in the same order. */
static double
get_total (RnTape *tape, const State *state, int which, int channel)
{
  double total = 0;

  for (int chunk = 0; chunk < tape->n_chunks; chunk++)
    total += state->sums[(chunk * 2 + which) * state->n + channel];

  return total;
}

static void
prepare (RnTape *tape, const RnTapeOp *op)
{
  State *state = op->state;

  clear_sums (tape, state);
  memcpy (state->center, get_vector (tape, op, "moving_mean"), get_channels (op) * sizeof (float));
}

static void
begin (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  State *state = op->state;
  double *sums = state->sums + (gint64) chunk * 2 * state->n;

  rn_batch_norm_sum (rn_tape_data (tape, op->inputs[0], picture), get_n_pixels (op),
                     get_channels (op), state->center, sums, sums + state->n);
}

/* The rows of a blocked map, one block of channels after another. */
static void
for_each_row (RnTape *tape,
              const RnTapeOp *op,
              void (*func) (const RnNormRow *row),
              RnNormRow row,
              double *sums)
{
  const RnBlocked *g = &rn_tape_value (tape, op->output)->geometry;
  State *state = op->state;

  for (int b = 0; b < g->n_blocks; b++)
    for (int y = 0; y < g->height; y++)
      {
        _Alignas (64) float first[RN_BLOCK] = { 0 }, second[RN_BLOCK] = { 0 };
        gint64 offset = rn_blocked_offset (g, 0, b, y, 0), c = (gint64) b * RN_BLOCK;
        RnNormRow r = { .input = row.input + offset,
                        .d_output = row.d_output != NULL ? row.d_output + offset : NULL,
                        .output = row.output != NULL ? row.output + offset : NULL,
                        .scale = row.scale != NULL ? row.scale + c : NULL,
                        .shift = row.shift != NULL ? row.shift + c : NULL,
                        .center = state->center + c,
                        .a = state->a + c,
                        .b = state->b + c,
                        .c = state->c + c,
                        .accumulate = row.accumulate,
                        .d_input = row.d_input != NULL ? row.d_input + offset : NULL,
                        .first = first,
                        .second = second,
                        .n_pixels = g->width };

        func (&r);
        for (int k = 0; sums != NULL && k < RN_BLOCK; k++)
          {
            sums[c + k] += first[k];
            sums[state->n + c + k] += second[k];
          }
      }
}

static void
begin_blocked (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  State *state = op->state;
  RnNormRow row = { .input = rn_tape_data (tape, op->inputs[0], picture) };

  if (op->by_batch)
    for_each_row (tape, op, tape->options.kernels->norm_sum_row, row,
                  state->sums + (gint64) chunk * 2 * state->n);
}

static void
begin_plain (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  if (op->by_batch)
    begin (tape, op, picture, chunk, thread);
}

/* From sums to scale and shift. From here on the center is the mean. */
static void
join (RnTape *tape, const RnTapeOp *op)
{
  State *state = op->state;
  const float *gamma = get_vector (tape, op, "gamma"), *beta = get_vector (tape, op, "beta");
  const float *moving_mean = get_vector (tape, op, "moving_mean");
  const float *moving_variance = get_vector (tape, op, "moving_variance");
  double n = (double) get_n_pixels (op) * tape->options.batch;

  for (int c = 0; c < get_channels (op); c++)
    {
      double first = get_total (tape, state, 0, c) / n, second = get_total (tape, state, 1, c) / n;

      state->mean[c] = op->by_batch ? state->center[c] + first : moving_mean[c];
      state->variance[c] = op->by_batch ? second - first * first : moving_variance[c];
      if (state->variance[c] < 0) /* but NaN stays */
        state->variance[c] = 0;
      state->scale[c] =
          (gamma != NULL ? gamma[c] : 1) / sqrt (state->variance[c] + op->epsilon);
      state->shift[c] = (beta != NULL ? beta[c] : 0) - state->mean[c] * state->scale[c];
      state->center[c] = state->mean[c];
    }
  clear_sums (tape, state);
}

static void
forward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  const State *state = op->state;

  rn_batch_norm (rn_tape_data (tape, op->inputs[0], picture), get_n_pixels (op),
                 get_channels (op), state->scale, state->shift,
                 rn_tape_data (tape, op->output, picture));
}

static void
forward_blocked (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  const RnBlocked *g = &rn_tape_value (tape, op->output)->geometry;
  const State *state = op->state;

  for (int b = 0; b < g->n_blocks; b++)
    for (int y = 0; y < g->height; y++)
      {
        gint64 offset = rn_blocked_offset (g, 0, b, y, 0);
        RnAffineRow row = { .input = rn_tape_data (tape, op->inputs[0], picture) + offset,
                            .scale = state->scale + (gint64) b * RN_BLOCK,
                            .shift = state->shift + (gint64) b * RN_BLOCK,
                            .relu = op->relu,
                            .output = rn_tape_data (tape, op->output, picture) + offset,
                            .n_pixels = g->width };

        if (op->residual)
          row.residual = rn_tape_data (tape, op->inputs[1], picture) + offset;
        tape->options.kernels->affine_row (&row);
      }
}

static void
begin_back (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  State *state = op->state;
  double *sums = state->sums + (gint64) chunk * 2 * state->n;

  rn_batch_norm_backward_sum (rn_tape_data (tape, op->inputs[0], picture),
                              rn_tape_gradient (tape, op->output, picture), get_n_pixels (op),
                              get_channels (op), state->center, sums, sums + state->n);
}

/* The derivative behind ReLU goes to the residual as it is, from where ReLU let it through. */
static void
pass_residual (RnTape *tape, const RnTapeOp *op, int picture)
{
  gint64 n = rn_tape_value (tape, op->output)->size;
  const float *source = rn_tape_gradient (tape, op->output, picture);
  float *target = rn_tape_gradient (tape, op->inputs[1], picture);

  if (op->accumulate[1])
    for (gint64 i = 0; i < n; i++)
      target[i] += source[i];
  else if (source != target)
    memcpy (target, source, n * sizeof (float));
}

static void
begin_back_blocked (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  State *state = op->state;
  gboolean masks = op->relu && op->residual;
  gboolean asks = op->relu && !op->residual;
  RnNormRow row = { .input = rn_tape_data (tape, op->inputs[0], picture),
                    .d_output = rn_tape_gradient (tape, op->output, picture),
                    .output = masks ? rn_tape_data (tape, op->output, picture) : NULL,
                    .scale = asks ? state->scale : NULL,
                    .shift = asks ? state->shift : NULL };

  for_each_row (tape, op, tape->options.kernels->norm_backward_sum_row, row,
                state->sums + (gint64) chunk * 2 * state->n);
  if (op->residual && rn_tape_wants (tape, op, 1))
    pass_residual (tape, op, picture);
}

/* From sums to d_gamma, d_beta and the coefficients of d_input; see batch-norm-training.c. */
static void
join_back (RnTape *tape, const RnTapeOp *op)
{
  State *state = op->state;
  gint64 gamma = rn_parameters_find (tape->parameters, op->layer->index, "gamma");
  gint64 beta = rn_parameters_find (tape->parameters, op->layer->index, "beta");
  double n = (double) get_n_pixels (op) * tape->options.batch;

  for (int c = 0; c < get_channels (op); c++)
    {
      double inverse = 1 / sqrt (state->variance[c] + op->epsilon);
      double d_beta = get_total (tape, state, 0, c);
      double d_gamma = get_total (tape, state, 1, c) * inverse;
      double b = op->by_batch ? -state->scale[c] * inverse * d_gamma / n : 0;

      if (op->trains && gamma >= 0)
        tape->partials[gamma + c] = d_gamma;
      if (op->trains && beta >= 0)
        tape->partials[beta + c] = d_beta;
      state->a[c] = state->scale[c];
      state->b[c] = b;
      state->c[c] = op->by_batch ? -state->scale[c] * d_beta / n - b * state->mean[c] : 0;
    }
  clear_sums (tape, state);
}

static void
backward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  const State *state = op->state;

  if (rn_tape_wants (tape, op, 0))
    rn_batch_norm_backward_input (rn_tape_data (tape, op->inputs[0], picture),
                                  rn_tape_gradient (tape, op->output, picture), get_n_pixels (op),
                                  get_channels (op), state->a, state->b, state->c,
                                  op->accumulate[0],
                                  rn_tape_gradient (tape, op->inputs[0], picture));
}

static void
backward_blocked (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  const State *state = op->state;
  gboolean asks = op->relu && !op->residual;
  RnNormRow row = { .input = rn_tape_data (tape, op->inputs[0], picture),
                    .d_output = rn_tape_gradient (tape, op->output, picture),
                    .scale = asks ? state->scale : NULL,
                    .shift = asks ? state->shift : NULL,
                    .accumulate = op->accumulate[0] };

  if (!rn_tape_wants (tape, op, 0))
    return;
  row.d_input = rn_tape_gradient (tape, op->inputs[0], picture);
  for_each_row (tape, op, tape->options.kernels->norm_backward_row, row, NULL);
}

/**
 * rn_tape_norm_update:
 *
 * Moves the running statistics towards the batch's, as Keras does: moving ← momentum moving + (1 -
 * momentum) batch. The variance is the one that estimates the pictures' at large, over n - 1
 * (tf.nn.fused_batch_norm, and PyTorch).
 */
void
rn_tape_norm_update (RnTape *tape, const RnTapeOp *op)
{
  const State *state = op->state;
  RnParameters *parameters = tape->parameters;
  float *mean = parameters->values +
                rn_parameters_find (parameters, op->layer->index, "moving_mean");
  float *variance = parameters->values +
                    rn_parameters_find (parameters, op->layer->index, "moving_variance");
  double n = (double) get_n_pixels (op) * tape->options.batch;
  double momentum = op->layer->config.batch_norm.momentum;

  for (int c = 0; c < get_channels (op); c++)
    {
      mean[c] = momentum * mean[c] + (1 - momentum) * state->mean[c];
      variance[c] = momentum * variance[c] +
                    (1 - momentum) * state->variance[c] * (n > 1 ? n / (n - 1) : 1);
    }
}

/* The standard deviation of all that batch norm itself puts out: each channel has its beta for a
 * mean and gamma² variance / (variance + epsilon) for a variance. */
double
rn_tape_norm_get_deviation (RnTape *tape, const RnTapeOp *op)
{
  const State *state = op->state;
  int n = get_channels (op);
  double mean = 0, square = 0;

  for (int c = 0; c < n; c++)
    {
      double m = state->scale[c] * state->mean[c] + state->shift[c];

      mean += m / n;
      square += (m * m + (double) state->scale[c] * state->scale[c] * state->variance[c]) / n;
    }

  return sqrt (MAX (square - mean * mean, 0));
}

const RnTapeFuncs rn_tape_norm = { .prepare = prepare,
                                   .begin = begin_plain,
                                   .join = join,
                                   .forward = forward,
                                   .begin_back = begin_back,
                                   .join_back = join_back,
                                   .backward = backward,
                                   .in_place = TRUE };

const RnTapeFuncs rn_tape_norm_blocked = { .prepare = prepare,
                                           .begin = begin_blocked,
                                           .join = join,
                                           .forward = forward_blocked,
                                           .begin_back = begin_back_blocked,
                                           .join_back = join_back,
                                           .backward = backward_blocked,
                                           .in_place = TRUE };
