/* Convolution of each channel by itself. */
#pragma once

#include "engine/kernels/conv/conv-shape.h"

G_BEGIN_DECLS

void rn_depthwise_conv_reference (const RnConvShape *shape,
                                  const float       *input,
                                  const float       *kernel,
                                  const float       *bias,
                                  gint64             row,
                                  float             *output_xf);
void rn_depthwise_conv           (const RnConvShape *shape,
                                  const float       *input,
                                  const float       *kernel,
                                  const float       *bias,
                                  gint64             row,
                                  float             *output_xf);

G_END_DECLS
