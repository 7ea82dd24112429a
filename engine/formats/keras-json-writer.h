/* Writes a network's structure as Keras 2 does. */
#pragma once

#include "engine/tensor/weights.h"

G_BEGIN_DECLS

char    *rn_model_to_keras_json    (const RnModel  *model,
                                    GError        **error);
char    *rn_binding_to_keras_json  (RnBinding      *binding,
                                    GError        **error);
gboolean rn_model_write_keras_json (const RnModel  *model,
                                    const char     *path,
                                    GError        **error);

G_END_DECLS
