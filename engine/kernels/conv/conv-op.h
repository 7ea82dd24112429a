/* A convolution made ready: weights packed, way of computing chosen, run as often as needed. */
#pragma once

#include "engine/kernels/blocked/blocked.h"
#include "engine/kernels/conv/conv-shape.h"
#include "engine/kernels/vector/kernels.h"
#include "engine/tensor/tensor.h"

G_BEGIN_DECLS

/**
 * RnConvAlgorithm:
 * @RN_CONV_AUTO: the fixed table by shape and number of threads decides
 * @RN_CONV_DIRECT: the sum as it stands, for every shape that can be blocked
 * @RN_CONV_WINOGRAD_4: F(4x4, 3x3): 2.25 multiplications instead of 9 an output
 * @RN_CONV_WINOGRAD_2: F(2x2, 3x3): 4 instead of 9
 * @RN_CONV_WINOGRAD_PHASES: F(7, 4) along the rows, of even and odd columns: 19 instead of 49 for a
 *   row of a 7x7 window of stride 2
 */
typedef enum
{
  RN_CONV_AUTO,
  RN_CONV_DIRECT,
  RN_CONV_WINOGRAD_4,
  RN_CONV_WINOGRAD_2,
  RN_CONV_WINOGRAD_PHASES,
} RnConvAlgorithm;

/**
 * RnConvWeights:
 * @kernel: [kernel[0], kernel[1], in_channels / groups, out_channels], of any dtype
 * @bias: (nullable): [out_channels], added to the convolution
 * @scale: (nullable): [out_channels], gamma / sqrt (variance + epsilon); %NULL for 1
 * @shift: (nullable): [out_channels], beta - mean * scale; %NULL for 0
 *
 * What a convolution and the batch normalization behind it know. All of it is copied.
 */
typedef struct
{
  const RnTensor *kernel;
  const float *bias;
  const float *scale;
  const float *shift;
} RnConvWeights;

/**
 * RnConvArgs:
 * @input: rn_conv_op_get_input() tells the layout; or plain NHWC where the operator was made so
 * @output: rn_conv_op_get_output() tells the layout; its border must be zero and stays so
 * @residual: (nullable): added behind batch normalization; the output's layout
 * @relu: whether max (0, x) follows
 * @conv_tap: (nullable): where to put the convolution, bias included; the output's layout
 * @norm_tap: (nullable): where to put it after batch normalization
 * @sum_tap: (nullable): where to put the sum with @residual, before ReLU
 * @scratch: rn_conv_op_get_scratch_size() bytes, aligned to 64; nothing in it is kept between runs
 * @pool: who computes
 * @cancelled: (nullable): set to non-zero atomically by whoever wants the run to end early
 *
 * Buffers must not overlap, but @residual may be @output. Taps cost time only where they are asked
 * for, and change no bit of @output.
 */
typedef struct
{
  const float *input;
  float *output;
  const float *residual;
  gboolean relu;
  float *conv_tap;
  float *norm_tap;
  float *sum_tap;
  void *scratch;
  RnPool *pool;
  const gint *cancelled;
} RnConvArgs;

/**
 * RnConvOp:
 *
 * Immutable once made, reference-counted; any number of threads may run it at once, each with its
 * own buffers.
 */
typedef struct _RnConvOp RnConvOp;

gboolean         rn_conv_op_can              (const RnConvShape    *shape,
                                              gboolean              plain_input,
                                              RnConvAlgorithm       algorithm);
RnConvOp        *rn_conv_op_new              (const RnConvShape    *shape,
                                              gboolean              plain_input,
                                              const RnConvWeights  *weights,
                                              RnConvAlgorithm       algorithm,
                                              const RnKernels      *kernels,
                                              RnPool               *pool,
                                              GError              **error);
RnConvOp        *rn_conv_op_ref              (RnConvOp             *self);
void             rn_conv_op_unref            (RnConvOp             *self);
RnConvAlgorithm  rn_conv_op_get_algorithm    (const RnConvOp       *self);
const RnBlocked *rn_conv_op_get_input        (const RnConvOp       *self);
const RnBlocked *rn_conv_op_get_output       (const RnConvOp       *self);
gsize            rn_conv_op_get_scratch_size (const RnConvOp       *self);
gsize            rn_conv_op_get_weights_size (const RnConvOp       *self);
gboolean         rn_conv_op_run              (const RnConvOp       *self,
                                              const RnConvArgs     *args);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnConvOp, rn_conv_op_unref)

G_END_DECLS
