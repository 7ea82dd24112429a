/* Functions of one number, and softmax. */
#pragma once

#include "engine/model/layer.h"

G_BEGIN_DECLS

void rn_activation (RnActivation  function,
                    float         max_value,
                    const float  *input,
                    gint64        n_pixels,
                    int           n_channels,
                    float        *output);

G_END_DECLS
