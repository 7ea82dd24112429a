/* What the parts of the Keras JSON reader share. */
#pragma once

#include <json-glib/json-glib.h>

#include "engine/model/model-builder.h"

G_BEGIN_DECLS

/* What can only be checked once shapes are known. */
typedef enum
{
  RN_KERAS_CHECK_NONE,
  RN_KERAS_CHECK_VECTOR,    /* the configuration is right for a vector alone */
  RN_KERAS_CHECK_ONE_PIXEL, /* the order of channels and pixels must not matter */
} RnKerasCheck;

/**
 * RnKerasLayer:
 * @kind, @config: what the layer becomes
 * @then_pixel: it keeps height and width of one pixel each (keepdims), so a Reshape follows
 * @check: to be made of its input's shape
 * @reason: (nullable): why it is not supported
 */
typedef struct
{
  RnLayerKind kind;
  RnLayerConfig config;
  gboolean then_pixel;
  RnKerasCheck check;
  char *reason;
} RnKerasLayer;

void        rn_keras_layer_parse       (RnKerasLayer *self,
                                        const char   *keras_class,
                                        JsonObject   *config,
                                        gboolean      channels_first);
void        rn_keras_layer_clear       (RnKerasLayer *self);
gboolean    rn_keras_layer_parse_input (JsonObject   *config,
                                        gboolean      channels_first,
                                        int           any_size,
                                        RnShape      *shape,
                                        gboolean     *was_any);

JsonNode   *rn_keras_member            (JsonObject   *object,
                                        const char   *key);
const char *rn_keras_string            (JsonObject   *object,
                                        const char   *key);
JsonObject *rn_keras_object            (JsonObject   *object,
                                        const char   *key);
JsonArray  *rn_keras_array             (JsonObject   *object,
                                        const char   *key);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RnKerasLayer, rn_keras_layer_clear)

G_END_DECLS
