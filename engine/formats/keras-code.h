/* A network, or a part of it, as Python code for Keras. */
#pragma once

#include "engine/model/model.h"

G_BEGIN_DECLS

char *rn_model_to_keras_code       (const RnModel  *model,
                                    GError        **error);
char *rn_model_block_to_keras_code (const RnModel  *model,
                                    int             block,
                                    GError        **error);
char *rn_model_layer_to_keras_code (const RnModel  *model,
                                    int             layer,
                                    GError        **error);

G_END_DECLS
