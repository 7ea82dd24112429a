/* Pools of a tape. */
#include <string.h>

#include "engine/kernels/pool/pool-backward.h"
#include "engine/training/tape-private.h"

/* The gradient of input 0, made zero where nobody has written it before. */
static float *
get_d_input (RnTape *tape, const RnTapeOp *op, int picture)
{
  float *d_input = rn_tape_gradient (tape, op->inputs[0], picture);

  if (!op->accumulate[0])
    memset (d_input, 0, sizeof (float) * rn_tape_value (tape, op->inputs[0])->size);

  return d_input;
}

static void
pool_forward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  for (int y = 0; y < op->pool.out_height; y++)
    (op->layer->kind == RN_LAYER_MAX_POOL ? rn_max_pool : rn_average_pool) (
        &op->pool, rn_tape_data (tape, op->inputs[0], picture), y,
        rn_tape_data (tape, op->output, picture));
}

static void
pool_backward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  const float *d_output = rn_tape_gradient (tape, op->output, picture);

  if (op->layer->kind == RN_LAYER_MAX_POOL)
    rn_max_pool_backward (&op->pool, rn_tape_data (tape, op->inputs[0], picture), d_output,
                          get_d_input (tape, op, picture));
  else
    rn_average_pool_backward (&op->pool, d_output, get_d_input (tape, op, picture));
}

const RnTapeFuncs rn_tape_pool = { .forward = pool_forward, .backward = pool_backward };

static gint64
get_n_pixels (const RnTapeOp *op)
{
  return (gint64) op->in_shapes[0].dims[0] * op->in_shapes[0].dims[1];
}

static void
global_forward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  int n_channels = op->in_shapes[0].dims[2];

  (op->layer->kind == RN_LAYER_GLOBAL_MAX_POOL ? rn_global_max_pool : rn_global_average_pool) (
      rn_tape_data (tape, op->inputs[0], picture), get_n_pixels (op), n_channels, n_channels,
      rn_tape_data (tape, op->output, picture));
}

static void
global_backward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  const float *d_output = rn_tape_gradient (tape, op->output, picture);
  int n_channels = op->in_shapes[0].dims[2];

  if (op->layer->kind == RN_LAYER_GLOBAL_MAX_POOL)
    rn_global_max_pool_backward (rn_tape_data (tape, op->inputs[0], picture), d_output,
                                 get_n_pixels (op), n_channels, get_d_input (tape, op, picture));
  else
    rn_global_average_pool_backward (d_output, get_n_pixels (op), n_channels,
                                     get_d_input (tape, op, picture));
}

const RnTapeFuncs rn_tape_global_pool = { .forward = global_forward, .backward = global_backward };
