/* Batch normalization with running statistics (Ioffe and Szegedy 2015, algorithm 2). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void rn_batch_norm_fold (int          n_channels,
                         const float *gamma,
                         const float *beta,
                         const float *mean,
                         const float *variance,
                         float        epsilon,
                         float       *scale,
                         float       *shift);
void rn_batch_norm      (const float *input,
                         gint64       n_pixels,
                         int          n_channels,
                         const float *scale,
                         const float *shift,
                         float       *output);

G_END_DECLS
