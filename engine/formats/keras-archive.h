/* Keras 3's whole models: .keras archives. */
#pragma once

#include "engine/tensor/weights.h"

G_BEGIN_DECLS

gboolean   rn_keras_archive_detect      (const guint8  *bytes,
                                         gsize          n_bytes);
RnWeights *rn_keras_archive_read        (const guint8  *bytes,
                                         gsize          n_bytes,
                                         const char    *label,
                                         GError       **error);
char      *rn_keras_archive_read_config (const guint8  *bytes,
                                         gsize          n_bytes,
                                         const char    *label,
                                         GError       **error);

G_END_DECLS
