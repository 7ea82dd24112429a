/* What goes back through an activation. */
#pragma once

#include "engine/model/layer.h"

G_BEGIN_DECLS

void rn_activation_backward_reference (RnActivation  function,
                                       double        max_value,
                                       const double *input,
                                       const double *d_output,
                                       gint64        n_pixels,
                                       int           n_channels,
                                       double       *d_input);
void rn_activation_backward           (RnActivation  function,
                                       float         max_value,
                                       const float  *input,
                                       const float  *output,
                                       const float  *d_output,
                                       gint64        n_pixels,
                                       int           n_channels,
                                       gboolean      accumulate,
                                       float        *d_input);

G_END_DECLS
