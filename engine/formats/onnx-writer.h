/* Writes a network as ONNX. */
#pragma once

#include "engine/tensor/weights.h"

G_BEGIN_DECLS

#define RN_ONNX_OPSET 17

GBytes  *rn_onnx_to_bytes (RnBinding   *binding,
                           GError     **error);
gboolean rn_onnx_write    (RnBinding   *binding,
                           const char  *path,
                           GError     **error);

G_END_DECLS
