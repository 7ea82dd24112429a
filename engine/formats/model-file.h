/* Model files of any format that is known. */
#pragma once

#include "engine/tensor/weights.h"

G_BEGIN_DECLS

gboolean rn_model_detect_fd (int     fd);
RnModel *rn_model_load    (const char  *path,
                           RnWeights  **weights,
                           GError     **error);
RnModel *rn_model_load_fd (int          fd,
                           const char  *label,
                           RnWeights  **weights,
                           GError     **error);

G_END_DECLS
