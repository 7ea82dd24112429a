/* The inner loops of one instruction set. */
#pragma once

#include "engine/kernels/batch-norm/norm-row.h"
#include "engine/kernels/conv/conv-gradient.h"
#include "engine/kernels/conv/conv-strip.h"
#include "engine/kernels/conv/phases.h"
#include "engine/kernels/conv/winograd.h"
#include "engine/kernels/isa.h"
#include "engine/kernels/pool/pool-row.h"
#include "engine/runtime/pool.h"

G_BEGIN_DECLS

/**
 * RnKernels:
 * @isa: what they are written in
 * @panel: output channels that conv_strip() computes at once at most
 * @max_pixels: output pixels that it holds in registers at once at most
 * @even_pixels: the same where pixels are evenly spaced (see #RnConvStrip.spacing); 0 where that
 *   makes no difference
 *
 * One translation unit an instruction set, compiled with its own flags, fills in one of these;
 * whoever prepares an operator chooses once.
 */
typedef struct
{
  RnIsa isa;
  int panel;
  int max_pixels;
  int even_pixels;
  void (*conv_strip) (const RnConvStrip *strip);
  void (*winograd_input) (const RnWinogradInput *input);
  void (*winograd_output) (const RnWinogradOutput *output);
  void (*phases_input) (const RnPhasesInput *input);
  void (*phases_output) (const RnPhasesOutput *output);
  void (*max_pool_row) (const RnPoolRow *row);
  void (*affine_row) (const RnAffineRow *row);
  void (*sum_plane) (const float *data,
                     gint64       row,
                     int          height,
                     int          width,
                     double       sums[16]);
  void (*conv_gradient) (const RnConvGradient *gradient);
  void (*norm_sum_row) (const RnNormRow *row);
  void (*norm_backward_sum_row) (const RnNormRow *row);
  void (*norm_backward_row) (const RnNormRow *row);
  gint64 (*multiply_add) (gint64 n_rounds);
} RnKernels;

const RnKernels *rn_kernels_get          (RnIsa            isa);
double           rn_kernels_measure_peak (const RnKernels *kernels,
                                          RnPool          *pool);

G_END_DECLS
