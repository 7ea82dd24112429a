/* A convolution on blocked tensors, forwards and backwards, whose weights change at every step. */
#pragma once

#include "engine/kernels/blocked/blocked.h"
#include "engine/kernels/conv/conv-shape.h"
#include "engine/kernels/vector/kernels.h"

G_BEGIN_DECLS

typedef struct _RnConvTraining RnConvTraining;

gboolean        rn_conv_training_can             (const RnConvShape     *shape);
RnConvTraining *rn_conv_training_new             (const RnConvShape     *shape,
                                                  const RnKernels       *kernels,
                                                  GError               **error);
void            rn_conv_training_free            (RnConvTraining        *self);
void            rn_conv_training_pack            (RnConvTraining        *self,
                                                  const float           *kernel,
                                                  const float           *bias,
                                                  gboolean               backward);
void            rn_conv_training_forward         (const RnConvTraining  *self,
                                                  const float           *input,
                                                  float                 *output);
void            rn_conv_training_backward_input  (const RnConvTraining  *self,
                                                  const float           *d_output,
                                                  gboolean               accumulate,
                                                  float                 *d_input);
void            rn_conv_training_backward_kernel (const RnConvTraining  *self,
                                                  const float           *input,
                                                  const float           *d_output,
                                                  float                 *d_kernel,
                                                  float                 *d_bias);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnConvTraining, rn_conv_training_free)

G_END_DECLS
