/* Eight floats a register, fused multiply-add.
 *
 * Six pixels by sixteen channels: 12 sums, two weights and a value of 16 registers. Seven spill. */
#define RN_VECTOR_WIDTH 8
#define RN_STRIP_MAX_PIXELS 6
#define RN_STRIP_MAX_VECTORS 2

#include "engine/kernels/vector/kernels-private.h"

#include "engine/kernels/batch-norm/norm-row-inline.h"
#include "engine/kernels/conv/conv-gradient-inline.h"
#include "engine/kernels/conv/conv-strip-inline.h"
#include "engine/kernels/conv/phases-inline.h"
#include "engine/kernels/conv/winograd-inline.h"
#include "engine/kernels/pool/pool-inline.h"
#include "engine/kernels/vector/peak-inline.h"

const RnKernels rn_kernels_avx2 = {
  .isa = RN_ISA_AVX2,
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
