/* ONNX models, opset 9 to 21, as PyTorch, Keras and this program export them. */
#pragma once

#include "engine/tensor/weights.h"

G_BEGIN_DECLS

gboolean rn_onnx_detect (const guint8  *bytes,
                         gsize          n_bytes);
RnModel *rn_onnx_read   (const guint8  *bytes,
                         gsize          n_bytes,
                         const char    *label,
                         RnWeights    **weights,
                         GError       **error);

G_END_DECLS
