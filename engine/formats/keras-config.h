/* What the configuration of a Keras model says of its weights. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

GHashTable *rn_keras_config_get_groups  (JsonNode *config);
float       rn_keras_config_get_epsilon (JsonNode *config);

G_END_DECLS
