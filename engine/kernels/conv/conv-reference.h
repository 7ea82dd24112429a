/* Convolution as the textbook writes it. */
#pragma once

#include "engine/kernels/conv/conv-shape.h"

G_BEGIN_DECLS

void rn_conv_reference (const RnConvShape *shape,
                        const float       *input,
                        const float       *kernel,
                        const float       *bias,
                        gint64             first_pixel,
                        gint64             n_pixels,
                        float             *output);

G_END_DECLS
