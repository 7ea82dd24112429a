/* Convolution as matrix products on OpenBLAS: for every shape, fast enough for most. */
#pragma once

#include "engine/kernels/conv/conv-shape.h"

G_BEGIN_DECLS

/**
 * RnConvTiling:
 * @pixels: output pixels a unit computes
 * @filters: output channels a unit computes
 * @n_units: how many units the whole convolution has
 * @scratch: floats of scratch a thread needs
 *
 * How a convolution is cut into independent units of work. It follows from the shape alone, never
 * from the number of threads, so that results have the same bits on any machine with one BLAS.
 */
typedef struct
{
  gint64 pixels;
  int filters;
  gint64 n_units;
  gsize scratch;
} RnConvTiling;

RnConvTiling rn_conv_gemm_get_tiling (const RnConvShape  *shape);
void         rn_conv_gemm            (const RnConvShape  *shape,
                                      const RnConvTiling *tiling,
                                      const float        *input,
                                      const float        *kernel,
                                      const float        *bias,
                                      gint64              unit,
                                      float              *scratch,
                                      float              *output);
void         rn_conv_write_windows   (const RnConvShape  *shape,
                                      const float        *input,
                                      gint64              first_pixel,
                                      gint64              n_pixels,
                                      float              *scratch);

G_END_DECLS
