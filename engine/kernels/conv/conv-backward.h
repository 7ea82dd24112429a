/* What a convolution's input and kernel have to do with a loss behind it. */
#pragma once

#include "engine/kernels/conv/conv-shape.h"

G_BEGIN_DECLS

void  rn_conv_backward_reference       (const RnConvShape *shape,
                                        const double      *input,
                                        const double      *kernel,
                                        const double      *d_output,
                                        double            *d_input,
                                        double            *d_kernel,
                                        double            *d_bias);
gsize rn_conv_backward_get_scratch     (const RnConvShape *shape);
void  rn_conv_backward_input           (const RnConvShape *shape,
                                        const float       *kernel,
                                        const float       *d_output,
                                        gboolean           accumulate,
                                        float             *scratch,
                                        float             *d_input);
void  rn_conv_backward_kernel          (const RnConvShape *shape,
                                        const float       *input,
                                        const float       *d_output,
                                        float             *scratch,
                                        float             *d_kernel);
void  rn_conv_backward_bias            (const float       *d_output,
                                        gint64             n_pixels,
                                        int                n_filters,
                                        float             *d_bias);

G_END_DECLS
