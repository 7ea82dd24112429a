/* The configuration of one Keras layer. */
#include <math.h>

#include "engine/formats/keras-json-private.h"

/* Other names of classes that are known: of Keras 1, of Keras' aliases, of TensorFlow's versions.
 */
static const struct
{
  const char *alias;
  const char *keras_class;
} aliases[] = {
  { "Convolution2D", "Conv2D" },
  { "DepthwiseConvolution2D", "DepthwiseConv2D" },
  { "SeparableConvolution2D", "SeparableConv2D" },
  { "MaxPool2D", "MaxPooling2D" },
  { "AvgPool2D", "AveragePooling2D" },
  { "GlobalAvgPool2D", "GlobalAveragePooling2D" },
  { "GlobalMaxPool2D", "GlobalMaxPooling2D" },
  { "BatchNormalizationV1", "BatchNormalization" },
  { "BatchNormalizationV2", "BatchNormalization" },
};

static RnPadding
get_padding (RnKerasParse *parse)
{
  const char *padding = rn_keras_string (parse->config, "padding");

  if (padding == NULL)
    padding = rn_keras_string (parse->config, "border_mode"); /* Keras 1 */
  if (g_strcmp0 (padding, "same") == 0)
    return RN_PADDING_SAME;
  if (padding != NULL && !g_str_equal (padding, "valid"))
    rn_keras_refuse (parse, "padding “%.40s” is not supported; valid or same would be right",
                     padding);

  return RN_PADDING_VALID;
}

static void
check_data_format (RnKerasParse *parse)
{
  const char *format = rn_keras_string (parse->config, "data_format");

  if (format != NULL && g_str_equal (format, "channels_first") != parse->channels_first)
    rn_keras_refuse (
        parse, "it is %.40s in a model that is channels_%s; one of them throughout would be right",
        format, parse->channels_first ? "first" : "last");
}

/* An activation's name: a string, or in Keras 3 also an object that names it. */
static const char *
get_activation_name (RnKerasParse *parse)
{
  JsonNode *node = rn_keras_member (parse->config, "activation");

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *object = json_node_get_object (node);
      JsonNode *config = rn_keras_member (object, "config");
      const char *name = rn_keras_node_string (config);

      return name != NULL ? name : rn_keras_string (object, "class_name");
    }

  return rn_keras_node_string (node);
}

static RnActivation
get_activation (RnKerasParse *parse)
{
  RnActivation activation = RN_ACTIVATION_LINEAR;
  const char *name = get_activation_name (parse);

  if (name == NULL && rn_keras_member (parse->config, "activation") != NULL)
    rn_keras_refuse (parse, "its activation has no name");
  else if (name != NULL && !rn_activation_from_keras_name (name, &activation))
    rn_keras_refuse (
        parse,
        "its activation “%.40s” is not supported; linear, relu, softmax, sigmoid, tanh and swish "
        "are",
        name);

  return activation;
}

static void
parse_conv (RnKerasParse *parse, RnLayerKind kind, RnConvConfig *conv)
{
  check_data_format (parse);
  conv->filters = kind == RN_LAYER_DEPTHWISE_CONV ? 0 : rn_keras_get_int (parse, "filters", 0);
  rn_keras_get_pair (parse, "kernel_size", 0, conv->kernel);
  rn_keras_get_pair (parse, "strides", 1, conv->stride);
  rn_keras_get_pair (parse, "dilation_rate", 1, conv->dilation);
  conv->groups = kind == RN_LAYER_CONV ? rn_keras_get_int (parse, "groups", 1) : 1;
  conv->depth_multiplier = rn_keras_get_int (parse, "depth_multiplier", 1);
  conv->padding = get_padding (parse);
  conv->use_bias = rn_keras_get_bool (parse, "use_bias", TRUE);
  conv->activation = get_activation (parse);
}

static void
parse_pool (RnKerasParse *parse, RnPoolConfig *pool)
{
  check_data_format (parse);
  rn_keras_get_pair (parse, "pool_size", 2, pool->pool);
  pool->stride[0] = pool->pool[0];
  pool->stride[1] = pool->pool[1];
  if (rn_keras_member (parse->config, "strides") != NULL)
    rn_keras_get_pair (parse, "strides", 2, pool->stride);
  pool->padding = get_padding (parse);
}

static void
parse_zero_padding (RnKerasParse *parse, RnPads *pads)
{
  JsonArray *array = rn_keras_array (parse->config, "padding");
  int sides[2][2];

  check_data_format (parse);
  for (int i = 0; i < 2; i++)
    {
      JsonNode *node = array != NULL && json_array_get_length (array) == 2
                           ? json_array_get_element (array, i)
                           : NULL;

      if (node != NULL && JSON_NODE_HOLDS_ARRAY (node) &&
          json_array_get_length (json_node_get_array (node)) == 2)
        for (int k = 0; k < 2; k++)
          sides[i][k] = rn_keras_node_int (
              parse, json_array_get_element (json_node_get_array (node), k), "padding");
      else if (node != NULL)
        sides[i][0] = sides[i][1] = rn_keras_node_int (parse, node, "padding");
      else
        sides[i][0] = sides[i][1] = rn_keras_get_int (parse, "padding", 1);
    }

  *pads = (RnPads){ sides[0][0], sides[0][1], sides[1][0], sides[1][1] };
}

static void
parse_batch_norm (RnKerasParse *parse, RnKerasLayer *layer)
{
  RnBatchNormConfig *norm = &layer->config.batch_norm;
  JsonArray *axes = rn_keras_array (parse->config, "axis");
  int axis;

  if (axes != NULL && json_array_get_length (axes) == 1)
    axis = rn_keras_node_int (parse, json_array_get_element (axes, 0), "axis");
  else
    axis = rn_keras_get_int (parse, "axis", -1);

  if (axis == 1)
    layer->check = parse->channels_first ? RN_KERAS_CHECK_NONE : RN_KERAS_CHECK_VECTOR;
  else if (axis == -1 || axis == 3)
    layer->check = parse->channels_first ? RN_KERAS_CHECK_VECTOR : RN_KERAS_CHECK_NONE;
  else
    rn_keras_refuse (parse, "it normalises axis %d; only the channels' is supported", axis);

  norm->epsilon = rn_keras_get_double (parse, "epsilon", 1e-3);
  norm->momentum = rn_keras_get_double (parse, "momentum", 0.99);
  norm->scale = rn_keras_get_bool (parse, "scale", TRUE);
  norm->center = rn_keras_get_bool (parse, "center", TRUE);
}

/* relu6 is a function of Keras 1 and 2's keras.applications, not a name of an activation. */
static void
parse_activation (RnKerasParse *parse, RnKerasLayer *layer)
{
  const char *name = get_activation_name (parse);

  layer->config.activation.max_value = INFINITY;
  if (g_strcmp0 (name, "relu6") == 0)
    {
      layer->kind = RN_LAYER_RELU;
      layer->config.activation = (RnActivationConfig){ RN_ACTIVATION_RELU, 6 };
      return;
    }
  layer->config.activation.function = get_activation (parse);
}

static void
parse_relu (RnKerasParse *parse, RnActivationConfig *relu)
{
  relu->function = RN_ACTIVATION_RELU;
  relu->max_value = rn_keras_get_double (parse, "max_value", INFINITY);
  if (rn_keras_get_double (parse, "negative_slope", 0) != 0)
    rn_keras_refuse (parse, "a negative_slope is not supported; 0 is");
  if (rn_keras_get_double (parse, "threshold", 0) != 0)
    rn_keras_refuse (parse, "a threshold is not supported; 0 is");
  if (!(relu->max_value > 0))
    rn_keras_refuse (parse, "its max_value is not above 0");
}

static void
parse_reshape (RnKerasParse *parse, RnKerasLayer *layer)
{
  JsonArray *target = rn_keras_array (parse->config, "target_shape");
  int rank = target != NULL ? (int)json_array_get_length (target) : 0;

  if (rank != 1 && rank != 3)
    {
      rn_keras_refuse (parse, "it makes %d dimensions; one or three are supported", rank);
      return;
    }

  layer->config.reshape.rank = rank;
  for (int i = 0; i < rank; i++)
    layer->config.reshape.dims[(parse->channels_first && rank == 3) ? (i + 2) % 3 : i] =
        rn_keras_node_int (parse, json_array_get_element (target, i), "target_shape");
  if (parse->channels_first)
    layer->check = RN_KERAS_CHECK_ONE_PIXEL;
}

/* Keras' Flatten turns channels_first into channels_last before it flattens (keras/layers/core.py),
 * unless it was not told of channels_first. */
static void
parse_flatten (RnKerasParse *parse, RnKerasLayer *layer)
{
  const char *format = rn_keras_string (parse->config, "data_format");

  if (parse->channels_first && g_strcmp0 (format, "channels_first") != 0)
    layer->check = RN_KERAS_CHECK_ONE_PIXEL;
}

static void
parse_concatenate (RnKerasParse *parse, RnKerasLayer *layer)
{
  int axis = rn_keras_get_int (parse, "axis", -1);

  if (axis == 1)
    layer->check = parse->channels_first ? RN_KERAS_CHECK_NONE : RN_KERAS_CHECK_VECTOR;
  else if (axis == -1 || axis == 3)
    layer->check = parse->channels_first ? RN_KERAS_CHECK_VECTOR : RN_KERAS_CHECK_NONE;
  else
    rn_keras_refuse (parse, "it joins axis %d; only the channels' is supported", axis);
}

static void
parse_kind (RnKerasParse *parse, RnKerasLayer *layer)
{
  switch (layer->kind)
    {
    case RN_LAYER_ZERO_PADDING:
      parse_zero_padding (parse, &layer->config.zero_padding);
      break;
    case RN_LAYER_CONV:
    case RN_LAYER_DEPTHWISE_CONV:
    case RN_LAYER_SEPARABLE_CONV:
      parse_conv (parse, layer->kind, &layer->config.conv);
      break;
    case RN_LAYER_BATCH_NORM:
      parse_batch_norm (parse, layer);
      break;
    case RN_LAYER_ACTIVATION:
      parse_activation (parse, layer);
      break;
    case RN_LAYER_RELU:
      parse_relu (parse, &layer->config.activation);
      break;
    case RN_LAYER_MAX_POOL:
    case RN_LAYER_AVERAGE_POOL:
      parse_pool (parse, &layer->config.pool);
      break;
    case RN_LAYER_GLOBAL_MAX_POOL:
    case RN_LAYER_GLOBAL_AVERAGE_POOL:
      check_data_format (parse);
      layer->then_pixel = rn_keras_get_bool (parse, "keepdims", FALSE);
      break;
    case RN_LAYER_CONCATENATE:
      parse_concatenate (parse, layer);
      break;
    case RN_LAYER_FLATTEN:
      parse_flatten (parse, layer);
      break;
    case RN_LAYER_RESHAPE:
      parse_reshape (parse, layer);
      break;
    case RN_LAYER_DROPOUT:
      layer->config.dropout_rate = rn_keras_get_double (parse, "rate", 0);
      break;
    case RN_LAYER_DENSE:
      layer->config.dense.units = rn_keras_get_int (parse, "units", 0);
      layer->config.dense.use_bias = rn_keras_get_bool (parse, "use_bias", TRUE);
      layer->config.dense.activation = get_activation (parse);
      break;
    case RN_LAYER_SHORTCUT_PADDING:
      layer->config.shortcut_padding.stride = rn_keras_get_int (parse, "stride", 1);
      layer->config.shortcut_padding.before = rn_keras_get_int (parse, "before", 0);
      layer->config.shortcut_padding.after = rn_keras_get_int (parse, "after", 0);
      break;
    case RN_LAYER_INPUT:
    case RN_LAYER_ADD:
    case RN_LAYER_MULTIPLY:
    case RN_LAYER_UNSUPPORTED:
    case RN_N_LAYER_KINDS:
    default:
      break;
    }
}

static gboolean
find_kind (const char *keras_class, RnLayerKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (aliases); i++)
    if (g_str_equal (keras_class, aliases[i].alias))
      keras_class = aliases[i].keras_class;

  /* This program's own way to write option A. */
  if (g_str_equal (keras_class, "ShortcutPadding"))
    {
      *kind = RN_LAYER_SHORTCUT_PADDING;
      return TRUE;
    }

  return rn_layer_kind_from_keras_class (keras_class, kind);
}

/**
 * rn_keras_layer_parse:
 * @self: (out caller-allocates): what the layer becomes
 * @keras_class: its `class_name`
 * @config: its configuration
 * @channels_first: whether the model is; what is drawn and run is channels_last in any case
 *
 * Where the class or something in the configuration is not supported, `reason` says what.
 */
void
rn_keras_layer_parse (RnKerasLayer *self,
                      const char *keras_class,
                      JsonObject *config,
                      gboolean channels_first)
{
  RnKerasParse parse = { config, channels_first, NULL };

  *self = (RnKerasLayer){ 0 };
  if (!find_kind (keras_class, &self->kind))
    {
      g_autofree char *supported = rn_layer_kinds_to_string ();

      self->reason = g_strdup_printf ("the class is not supported; supported are %s", supported);
      return;
    }

  parse_kind (&parse, self);
  self->reason = parse.reason;
}

void
rn_keras_layer_clear (RnKerasLayer *self)
{
  g_clear_pointer (&self->reason, g_free);
}

/**
 * rn_keras_layer_parse_input:
 * @config: of an InputLayer, or of a layer that says what it takes in
 * @channels_first: whether it says [channels, height, width]
 * @any_size: what height and width become where any will do
 * @shape: (out): the input's shape
 * @was_any: (out): whether any height or width will do
 *
 * Returns: whether there is an input shape that makes sense
 */
gboolean
rn_keras_layer_parse_input (
    JsonObject *config, gboolean channels_first, int any_size, RnShape *shape, gboolean *was_any)
{
  JsonArray *dims = rn_keras_array (config, "batch_input_shape"); /* Keras 2 */
  RnKerasParse parse = { config, channels_first, NULL };
  int rank;

  *was_any = FALSE;
  if (dims == NULL)
    dims = rn_keras_array (config, "batch_shape"); /* Keras 3 */
  rank = dims != NULL ? (int)json_array_get_length (dims) - 1 : 0;
  if (rank != 1 && rank != 3)
    return FALSE;

  shape->rank = rank;
  for (int i = 0; i < rank; i++)
    {
      JsonNode *node = json_array_get_element (dims, i + 1);
      int to = channels_first && rank == 3 ? (i + 2) % 3 : i;

      if (JSON_NODE_HOLDS_NULL (node) && rank == 3 && to < 2)
        {
          shape->dims[to] = any_size;
          *was_any = TRUE;
        }
      else
        {
          shape->dims[to] = rn_keras_node_int (&parse, node, "shape");
        }
    }
  if (parse.reason != NULL)
    {
      g_free (parse.reason);
      return FALSE;
    }

  return TRUE;
}
