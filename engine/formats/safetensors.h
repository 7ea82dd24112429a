/* Hugging Face's .safetensors files, with torchvision's names. */
#pragma once

#include "engine/tensor/weights.h"

G_BEGIN_DECLS

gboolean   rn_safetensors_detect (const guint8  *bytes,
                                  gsize          n_bytes);
RnWeights *rn_safetensors_read   (const guint8  *bytes,
                                  gsize          n_bytes,
                                  const char    *label,
                                  GError       **error);

G_END_DECLS
