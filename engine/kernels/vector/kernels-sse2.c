/* Four floats a register, by the compiler's vector extensions: SSE2 on x86-64, NEON on arm64.
 *
 * Three pixels by sixteen channels: 12 sums, a pixel's values, the one in use and a product fill 16
 * registers; weights are operands in memory. Six by eight would read the input twice as often. */
#define RN_VECTOR_WIDTH 4
#define RN_STRIP_MAX_PIXELS 3
#define RN_STRIP_MAX_VECTORS 4

#include "engine/kernels/vector/kernels-private.h"

#include "engine/kernels/batch-norm/norm-row-inline.h"
#include "engine/kernels/conv/conv-gradient-inline.h"
#include "engine/kernels/conv/conv-strip-inline.h"
#include "engine/kernels/conv/phases-inline.h"
#include "engine/kernels/conv/winograd-inline.h"
#include "engine/kernels/pool/pool-inline.h"
#include "engine/kernels/vector/peak-inline.h"

const RnKernels rn_kernels_sse2 = {
  .isa = RN_ISA_SSE2,
  .panel = RN_VECTOR_WIDTH * RN_STRIP_MAX_VECTORS,
  .max_pixels = RN_STRIP_MAX_PIXELS,
  .conv_strip = conv_strip,
  .winograd_input = winograd_input,
  .winograd_output = winograd_output,
  .phases_input = phases_input,
  .phases_output = phases_output,
  .max_pool_row = max_pool_row,
  .affine_row = affine_row,
  .sum_plane = sum_plane,
  .conv_gradient = conv_gradient,
  .norm_sum_row = norm_sum_row,
  .norm_backward_sum_row = norm_backward_sum_row,
  .norm_backward_row = norm_backward_row,
  .multiply_add = multiply_add,
};
