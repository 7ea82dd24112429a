/* Several tensors made into one: sum, product, channels side by side. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void rn_add               (const float *a,
                           const float *b,
                           gint64       n,
                           float       *output);
void rn_multiply          (const float *a,
                           const float *b,
                           gint64       n,
                           float       *output);
void rn_multiply_channels (const float *input,
                           const float *factor,
                           gint64       n_pixels,
                           int          n_channels,
                           float       *output);
void rn_copy_channels     (const float *input,
                           gint64       n_pixels,
                           int          n_channels,
                           int          output_stride,
                           float       *output);

G_END_DECLS
