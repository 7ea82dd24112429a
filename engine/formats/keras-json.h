/* Keras' own description of a model: model.to_json(), `model_config` of .h5, config.json of .keras. */
#pragma once

#include "engine/model/model.h"

G_BEGIN_DECLS

RnModel *rn_keras_json_read (const char  *text,
                             gsize        length,
                             const char  *label,
                             GError     **error);

G_END_DECLS
