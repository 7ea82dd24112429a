/* What goes back through a pool: to the largest of a window, or to all alike. */
#pragma once

#include "engine/kernels/pool/pool.h"

G_BEGIN_DECLS

void rn_max_pool_backward            (const RnPoolShape *shape,
                                      const float       *input,
                                      const float       *d_output,
                                      float             *d_input);
void rn_average_pool_backward        (const RnPoolShape *shape,
                                      const float       *d_output,
                                      float             *d_input);
void rn_global_max_pool_backward     (const float       *input,
                                      const float       *d_output,
                                      gint64             n_pixels,
                                      int                n_channels,
                                      float             *d_input);
void rn_global_average_pool_backward (const float       *d_output,
                                      gint64             n_pixels,
                                      int                n_channels,
                                      float             *d_input);

G_END_DECLS
