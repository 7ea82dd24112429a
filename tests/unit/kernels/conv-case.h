/* Convolutions to try, with a double-precision reference of their own. */
#pragma once

#include "engine/kernels/conv/conv-op.h"

G_BEGIN_DECLS

/* Both networks' convolutions: input size and channels, output channels, window, stride. */
typedef struct
{
  int size, in, out, window, stride;
} NetworkShape;

extern const NetworkShape network_shapes[];
extern const int n_network_shapes;

/**
 * ConvCase:
 *
 * Random numbers for one shape: He-distributed weights, an input as behind ReLU.
 */
typedef struct
{
  RnConvShape shape;
  gboolean plain_input;
  RnTensor *kernel;
  float *input;
  float *bias, *scale, *shift;
  float *residual;
} ConvCase;

/* What a run left in each tensor, plain NHWC: the output first, then the taps. */
typedef struct
{
  float *output, *conv, *norm, *sum;
} ConvResult;

RnConvShape  conv_case_shape       (int                 height,
                                    int                 width,
                                    int                 in,
                                    int                 out,
                                    int                 window,
                                    int                 stride,
                                    int                 pad);
ConvCase    *conv_case_new         (const RnConvShape  *shape,
                                    gboolean            plain_input);
void         conv_case_free        (ConvCase           *self);
ConvResult  *conv_case_run         (const ConvCase     *self,
                                    RnConvAlgorithm     algorithm,
                                    const RnKernels    *kernels,
                                    gboolean            residual,
                                    gboolean            relu,
                                    gboolean            taps,
                                    RnPool             *pool);
void         conv_result_free      (ConvResult         *result);
void         conv_case_check       (const ConvCase     *self,
                                    const ConvResult   *result,
                                    gboolean            residual,
                                    gboolean            relu,
                                    int                 n_pixels,
                                    double              max_l2,
                                    double              max_error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvCase, conv_case_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvResult, conv_result_free)

G_END_DECLS
