/* Weight files of any format that is known. */
#pragma once

#include "engine/tensor/weights.h"

G_BEGIN_DECLS

RnWeights *rn_weights_load    (const char  *path,
                               GError     **error);
RnWeights *rn_weights_load_fd (int          fd,
                               const char  *label,
                               GError     **error);

G_END_DECLS
