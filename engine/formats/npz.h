/* NumPy's .npz archives, with torchvision's names. */
#pragma once

#include "engine/tensor/weights.h"

G_BEGIN_DECLS

RnWeights *rn_npz_read (const guint8  *bytes,
                        gsize          n_bytes,
                        const char    *label,
                        GError       **error);

G_END_DECLS
