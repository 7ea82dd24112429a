/* Convolutions and dense layers of a tape. */
#include <string.h>

#include "engine/kernels/conv/conv-backward.h"
#include "engine/kernels/conv/conv-gemm.h"
#include "engine/kernels/dense/dense-backward.h"
#include "engine/kernels/dense/dense.h"
#include "engine/kernels/depthwise-conv/depthwise-conv-backward.h"
#include "engine/kernels/depthwise-conv/depthwise-conv.h"
#include "engine/training/tape-private.h"

static void
conv_forward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  RnConvTiling tiling = rn_conv_gemm_get_tiling (&op->conv);

  for (gint64 unit = 0; unit < tiling.n_units; unit++)
    rn_conv_gemm (&op->conv, &tiling, rn_tape_data (tape, op->inputs[0], picture),
                  rn_tape_weight (tape, op, 0), rn_tape_weight (tape, op, 1), unit,
                  rn_tape_scratch (tape, thread), rn_tape_data (tape, op->output, picture));
}

static void
conv_backward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  const float *d_output = rn_tape_gradient (tape, op->output, picture);
  float *scratch = rn_tape_scratch (tape, thread);
  float *d_kernel = rn_tape_partial (tape, op, 0, chunk);
  float *d_bias = rn_tape_partial (tape, op, 1, chunk);

  if (d_kernel != NULL)
    rn_conv_backward_kernel (&op->conv, rn_tape_data (tape, op->inputs[0], picture), d_output,
                             scratch, d_kernel);
  if (d_bias != NULL)
    rn_conv_backward_bias (d_output, rn_conv_shape_get_n_pixels (&op->conv),
                           op->conv.out_channels, d_bias);
  if (rn_tape_wants (tape, op, 0))
    rn_conv_backward_input (&op->conv, rn_tape_weight (tape, op, 0), d_output, op->accumulate[0],
                            scratch, rn_tape_gradient (tape, op->inputs[0], picture));
}

const RnTapeFuncs rn_tape_conv = { .forward = conv_forward, .backward = conv_backward };

static void
blocked_prepare (RnTape *tape, const RnTapeOp *op)
{
  rn_conv_training_pack (op->state, rn_tape_weight (tape, op, 0), rn_tape_weight (tape, op, 1),
                         rn_tape_wants (tape, op, 0));
}

static void
blocked_forward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  rn_conv_training_forward (op->state, rn_tape_data (tape, op->inputs[0], picture),
                            rn_tape_data (tape, op->output, picture));
}

static void
blocked_backward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  const float *d_output = rn_tape_gradient (tape, op->output, picture);
  float *d_kernel = rn_tape_partial (tape, op, 0, chunk);

  if (d_kernel != NULL)
    rn_conv_training_backward_kernel (op->state, rn_tape_data (tape, op->inputs[0], picture),
                                      d_output, d_kernel, rn_tape_partial (tape, op, 1, chunk));
  if (rn_tape_wants (tape, op, 0))
    rn_conv_training_backward_input (op->state, d_output, op->accumulate[0],
                                     rn_tape_gradient (tape, op->inputs[0], picture));
}

const RnTapeFuncs rn_tape_conv_blocked = { .prepare = blocked_prepare,
                                           .forward = blocked_forward,
                                           .backward = blocked_backward };

static void
depthwise_forward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  float *output = rn_tape_data (tape, op->output, picture);

  for (int y = 0; y < op->conv.out_height; y++)
    rn_depthwise_conv (&op->conv, rn_tape_data (tape, op->inputs[0], picture),
                       rn_tape_weight (tape, op, 0), rn_tape_weight (tape, op, 1), y,
                       output + (gint64) y * op->conv.out_width * op->conv.out_channels);
}

static void
depthwise_backward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  const float *d_output = rn_tape_gradient (tape, op->output, picture);
  gboolean wanted = rn_tape_wants (tape, op, 0);
  float *d_input = wanted ? rn_tape_gradient (tape, op->inputs[0], picture) : NULL;
  float *d_bias = rn_tape_partial (tape, op, 1, chunk);

  if (wanted && !op->accumulate[0])
    memset (d_input, 0, sizeof (float) * rn_tape_value (tape, op->inputs[0])->size);
  rn_depthwise_conv_backward (&op->conv, rn_tape_data (tape, op->inputs[0], picture),
                              rn_tape_weight (tape, op, 0), d_output, d_input,
                              rn_tape_partial (tape, op, 0, chunk));
  if (d_bias != NULL)
    rn_conv_backward_bias (d_output, rn_conv_shape_get_n_pixels (&op->conv),
                           op->conv.out_channels, d_bias);
}

const RnTapeFuncs rn_tape_depthwise = { .forward = depthwise_forward,
                                        .backward = depthwise_backward };

static void
dense_forward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  int n_units = op->out_shape.dims[0];

  rn_dense (rn_tape_data (tape, op->inputs[0], picture), rn_tape_weight (tape, op, 0),
            rn_tape_weight (tape, op, 1), 1, op->in_shapes[0].dims[0], n_units, 0, n_units,
            rn_tape_data (tape, op->output, picture));
}

static void
dense_backward (RnTape *tape, const RnTapeOp *op, int picture, int chunk, int thread)
{
  gboolean wanted = rn_tape_wants (tape, op, 0);
  float *d_input = wanted ? rn_tape_gradient (tape, op->inputs[0], picture) : NULL;

  if (wanted && !op->accumulate[0])
    memset (d_input, 0, sizeof (float) * rn_tape_value (tape, op->inputs[0])->size);
  rn_dense_backward (rn_tape_data (tape, op->inputs[0], picture), rn_tape_weight (tape, op, 0),
                     rn_tape_gradient (tape, op->output, picture), 1, op->in_shapes[0].dims[0],
                     op->out_shape.dims[0], d_input, rn_tape_partial (tape, op, 0, chunk),
                     rn_tape_partial (tape, op, 1, chunk));
}

const RnTapeFuncs rn_tape_dense = { .forward = dense_forward, .backward = dense_backward };
