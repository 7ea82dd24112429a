/* Sixteen floats a register, 32 registers.
 *
 * Fourteen pixels by 32 channels where pixels lie evenly spaced. Elsewhere eight by 32: 16 sums hide
 * the latency of either one or two multiply-add units, and eight pointers leave the general registers
 * enough. */
#define RN_VECTOR_WIDTH 16
#define RN_STRIP_MAX_PIXELS 8
#define RN_STRIP_MAX_VECTORS 2
#define RN_STRIP_EVEN

#include "engine/kernels/vector/kernels-private.h"

#include "engine/kernels/batch-norm/norm-row-inline.h"
#include "engine/kernels/conv/conv-gradient-inline.h"
#include "engine/kernels/conv/conv-strip-inline.h"
#include "engine/kernels/conv/phases-inline.h"
#include "engine/kernels/conv/winograd-inline.h"
#include "engine/kernels/pool/pool-inline.h"
#include "engine/kernels/vector/peak-inline.h"

#ifdef RN_KERNELS_EMULATED
#define rn_kernels_avx512 rn_kernels_avx512_emulated
extern const RnKernels rn_kernels_avx512;
#endif

const RnKernels rn_kernels_avx512 = {
  .isa = RN_ISA_AVX512,
  .panel = RN_VECTOR_WIDTH * RN_STRIP_MAX_VECTORS,
  .max_pixels = RN_STRIP_MAX_PIXELS,
  .even_pixels = 2 * RN_STRIP_RUN,
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
