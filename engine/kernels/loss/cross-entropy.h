/* How far a classifier's answer is from the right one. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

double rn_cross_entropy (const float *logits,
                         int          n_classes,
                         int          right,
                         double       smoothing,
                         float        scale,
                         float       *probabilities,
                         float       *d_logits);

G_END_DECLS
