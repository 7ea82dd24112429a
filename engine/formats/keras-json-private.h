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

typedef struct _RnKerasScope RnKerasScope;

/* A tensor as Keras names it. @layer is %NULL for what the surrounding model feeds in. */
typedef struct
{
  const char *layer;
  int node;
  int tensor;
} RnKerasRef;

/* One call of a layer. */
typedef struct
{
  GArray *inputs; /* of RnKerasRef */
  char *name;     /* of the layer that it becomes; NULL for a model within the model */
  RnKerasScope *inner;   /* (borrowed) that model's layers */
} RnKerasNode;

typedef struct
{
  const char *name; /* of the JSON */
  const char *keras_class;
  RnKerasLayer parsed;
  GPtrArray *nodes; /* of RnKerasNode */
} RnKerasEntry;

/* The layers of a model, or of a model within it. */
struct _RnKerasScope
{
  RnKerasScope *parent;
  const RnKerasNode *caller; /* the call that feeds the inner model; NULL at the top */
  char *prefix;
  GPtrArray *entries; /* of RnKerasEntry */
  GHashTable *by_name;
  GArray *inputs;  /* of RnKerasRef */
  GArray *outputs; /* of RnKerasRef */
};

/* The whole model while it is read. */
typedef struct
{
  const char *label;
  gboolean channels_first;
  GPtrArray *scopes; /* of RnKerasScope */
  GHashTable *names; /* of layers that the model will have */
  int n_layers;
  int n_unsupported;
  RnModelBuilder *builder;
} RnKerasReader;

void          rn_keras_scope_free      (gpointer            data);
gboolean      rn_keras_is_model        (JsonObject         *layer);
gboolean      rn_keras_is_channels_first (JsonObject       *model,
                                        int                 nesting);
gboolean      rn_keras_fail            (const RnKerasReader *reader,
                                        GError            **error,
                                        const char         *format,
                                        ...) G_GNUC_PRINTF (3, 4);
RnKerasScope *rn_keras_read_scope      (RnKerasReader      *reader,
                                        JsonObject         *model,
                                        RnKerasScope       *parent,
                                        const RnKerasNode  *caller,
                                        const char         *prefix,
                                        int                 nesting,
                                        GError            **error);

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

/* A configuration while it is read: the first thing that is wrong or not supported stays. */
typedef struct
{
  JsonObject *config;
  gboolean channels_first;
  char *reason;
} RnKerasParse;

void        rn_keras_refuse            (RnKerasParse *parse,
                                        const char   *format,
                                        ...) G_GNUC_PRINTF (2, 3);
const char *rn_keras_node_string       (JsonNode     *node);
int         rn_keras_node_int          (RnKerasParse *parse,
                                        JsonNode     *node,
                                        const char   *key);
int         rn_keras_get_int           (RnKerasParse *parse,
                                        const char   *key,
                                        int           otherwise);
double      rn_keras_get_double        (RnKerasParse *parse,
                                        const char   *key,
                                        double        otherwise);
gboolean    rn_keras_get_bool          (RnKerasParse *parse,
                                        const char   *key,
                                        gboolean      otherwise);
void        rn_keras_get_pair          (RnKerasParse *parse,
                                        const char   *key,
                                        int           otherwise,
                                        int           pair[2]);

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
