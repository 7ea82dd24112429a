/* What a depthwise convolution's input and kernel have to do with a loss behind it. */
#pragma once

#include "engine/kernels/conv/conv-shape.h"

G_BEGIN_DECLS

void rn_depthwise_conv_backward_reference (const RnConvShape *shape,
                                           const double      *input,
                                           const double      *kernel,
                                           const double      *d_output,
                                           double            *d_input,
                                           double            *d_kernel);
void rn_depthwise_conv_backward           (const RnConvShape *shape,
                                           const float       *input,
                                           const float       *kernel,
                                           const float       *d_output,
                                           float             *d_input,
                                           float             *d_kernel);

G_END_DECLS
