/* The form is that of `model.to_json()` of Keras 2.3.1 (keras/engine/network.py, get_config). */
#include "engine/formats/keras-json-writer.h"

#include <json-glib/json-glib.h>
#include <math.h>

#define KERAS_VERSION "2.3.1"

static void
add_string (JsonBuilder *json, const char *name, const char *value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_string_value (json, value);
}

static void
add_boolean (JsonBuilder *json, const char *name, gboolean value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_boolean_value (json, value);
}

static void
add_int (JsonBuilder *json, const char *name, gint64 value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_int_value (json, value);
}

/* A float's shortest decimal, so that 1e-3f is written as 0.001. */
static void
add_float (JsonBuilder *json, const char *name, float value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  json_builder_set_member_name (json, name);
  json_builder_add_double_value (
      json, g_ascii_strtod (g_ascii_formatd (text, sizeof text, "%.7g", value), NULL));
}

static void
add_null (JsonBuilder *json, const char *name)
{
  json_builder_set_member_name (json, name);
  json_builder_add_null_value (json);
}

static void
add_pair (JsonBuilder *json, const char *name, const int pair[2])
{
  json_builder_set_member_name (json, name);
  json_builder_begin_array (json);
  json_builder_add_int_value (json, pair[0]);
  json_builder_add_int_value (json, pair[1]);
  json_builder_end_array (json);
}

static void
add_padding (JsonBuilder *json, RnPadding padding)
{
  add_string (json, "padding", padding == RN_PADDING_SAME ? "same" : "valid");
  add_string (json, "data_format", "channels_last");
}

/* [null, height, width, channels]: null is the batch. */
static void
add_shape (JsonBuilder *json, const char *name, const RnShape *shape, gboolean with_batch)
{
  json_builder_set_member_name (json, name);
  json_builder_begin_array (json);
  if (with_batch)
    json_builder_add_null_value (json);
  for (int i = 0; i < shape->rank; i++)
    json_builder_add_int_value (json, shape->dims[i]);
  json_builder_end_array (json);
}

static void
add_borders (JsonBuilder *json, const RnPads *pads)
{
  const int borders[] = { pads->top, pads->bottom, pads->left, pads->right };

  json_builder_set_member_name (json, "padding");
  json_builder_begin_array (json);
  for (int i = 0; i < 4; i += 2)
    {
      json_builder_begin_array (json);
      json_builder_add_int_value (json, borders[i]);
      json_builder_add_int_value (json, borders[i + 1]);
      json_builder_end_array (json);
    }
  json_builder_end_array (json);
  add_string (json, "data_format", "channels_last");
}

static void
add_conv (JsonBuilder *json, RnLayerKind kind, const RnConvConfig *conv)
{
  if (kind != RN_LAYER_DEPTHWISE_CONV)
    add_int (json, "filters", conv->filters);
  add_pair (json, "kernel_size", conv->kernel);
  add_pair (json, "strides", conv->stride);
  add_padding (json, conv->padding);
  add_pair (json, "dilation_rate", conv->dilation);
  if (kind == RN_LAYER_CONV && conv->groups > 1)
    add_int (json, "groups", conv->groups);
  if (kind != RN_LAYER_CONV)
    add_int (json, "depth_multiplier", conv->depth_multiplier);
  add_string (json, "activation", rn_activation_get_keras_name (conv->activation));
  add_boolean (json, "use_bias", conv->use_bias);
}

/* Keras has no word beside the configuration for the epsilon that the weights want. */
static float
get_epsilon (const RnLayer *layer, const RnBinding *binding)
{
  return binding != NULL ? rn_binding_get_epsilon (binding, layer->index)
                         : layer->config.batch_norm.epsilon;
}

static void
add_config (JsonBuilder *json, const RnLayer *layer, const RnBinding *binding)
{
  const RnLayerConfig *config = &layer->config;

  switch (layer->kind)
    {
    case RN_LAYER_INPUT:
      add_shape (json, "batch_input_shape", &config->input, TRUE);
      add_boolean (json, "sparse", FALSE);
      break;
    case RN_LAYER_ZERO_PADDING:
      add_borders (json, &config->zero_padding);
      break;
    case RN_LAYER_CONV:
    case RN_LAYER_DEPTHWISE_CONV:
    case RN_LAYER_SEPARABLE_CONV:
      add_conv (json, layer->kind, &config->conv);
      break;
    case RN_LAYER_BATCH_NORM:
      add_int (json, "axis", layer->output_shape.rank);
      add_float (json, "momentum", config->batch_norm.momentum);
      add_float (json, "epsilon", get_epsilon (layer, binding));
      add_boolean (json, "center", config->batch_norm.center);
      add_boolean (json, "scale", config->batch_norm.scale);
      break;
    case RN_LAYER_ACTIVATION:
      add_string (json, "activation", rn_activation_get_keras_name (config->activation.function));
      break;
    case RN_LAYER_RELU:
      if (isinf (config->activation.max_value))
        add_null (json, "max_value");
      else
        add_float (json, "max_value", config->activation.max_value);
      add_float (json, "negative_slope", 0);
      add_float (json, "threshold", 0);
      break;
    case RN_LAYER_MAX_POOL:
    case RN_LAYER_AVERAGE_POOL:
      add_pair (json, "pool_size", config->pool.pool);
      add_pair (json, "strides", config->pool.stride);
      add_padding (json, config->pool.padding);
      break;
    case RN_LAYER_GLOBAL_MAX_POOL:
    case RN_LAYER_GLOBAL_AVERAGE_POOL:
    case RN_LAYER_FLATTEN:
      add_string (json, "data_format", "channels_last");
      break;
    case RN_LAYER_CONCATENATE:
      add_int (json, "axis", -1);
      break;
    case RN_LAYER_RESHAPE:
      add_shape (json, "target_shape", &config->reshape, FALSE);
      break;
    case RN_LAYER_DROPOUT:
      add_float (json, "rate", config->dropout_rate);
      break;
    case RN_LAYER_DENSE:
      add_int (json, "units", config->dense.units);
      add_string (json, "activation", rn_activation_get_keras_name (config->dense.activation));
      add_boolean (json, "use_bias", config->dense.use_bias);
      break;
    case RN_LAYER_SHORTCUT_PADDING:
      add_int (json, "stride", config->shortcut_padding.stride);
      add_int (json, "before", config->shortcut_padding.before);
      add_int (json, "after", config->shortcut_padding.after);
      break;
    default:
      break;
    }
}

/* Keras has no pads but 'valid' and 'same': the others would be another network. */
static gboolean
check (const RnLayer *layer, GError **error)
{
  gboolean conv = layer->kind == RN_LAYER_CONV || layer->kind == RN_LAYER_DEPTHWISE_CONV ||
                  layer->kind == RN_LAYER_SEPARABLE_CONV;
  gboolean pool = layer->kind == RN_LAYER_MAX_POOL || layer->kind == RN_LAYER_AVERAGE_POOL;

  if ((conv && layer->config.conv.padding == RN_PADDING_EXPLICIT) ||
      (pool && layer->config.pool.padding == RN_PADDING_EXPLICIT) ||
      (pool && layer->config.pool.count_padding))
    {
      g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONFIG,
                   "layer “%s” pads in a way that Keras cannot say; ONNX (.onnx) can", layer->name);
      return FALSE;
    }

  return TRUE;
}

/* [[[name, 0, 0, {}], …]] */
static void
add_inbound_nodes (JsonBuilder *json, const RnModel *model, const RnLayer *layer)
{
  json_builder_set_member_name (json, "inbound_nodes");
  json_builder_begin_array (json);
  if (layer->n_inputs > 0)
    json_builder_begin_array (json);
  for (int k = 0; k < layer->n_inputs; k++)
    {
      json_builder_begin_array (json);
      json_builder_add_string_value (json, rn_model_get_layer (model, layer->inputs[k])->name);
      json_builder_add_int_value (json, 0);
      json_builder_add_int_value (json, 0);
      json_builder_begin_object (json);
      json_builder_end_object (json);
      json_builder_end_array (json);
    }
  if (layer->n_inputs > 0)
    json_builder_end_array (json);
  json_builder_end_array (json);
}

/* Keras has no layer for the paper's zero-padded shortcut; ours goes by a name of its own. */
static const char *
get_class_name (const RnLayer *layer)
{
  return layer->kind == RN_LAYER_SHORTCUT_PADDING ? "ShortcutPadding"
                                                  : rn_layer_kind_get_keras_class (layer->kind);
}

static void
add_layer (JsonBuilder *json,
           const RnModel *model,
           const RnLayer *layer,
           const RnBinding *binding)
{
  json_builder_begin_object (json);
  add_string (json, "name", layer->name);
  add_string (json, "class_name", get_class_name (layer));
  json_builder_set_member_name (json, "config");
  json_builder_begin_object (json);
  add_string (json, "name", layer->name);
  if (layer->kind != RN_LAYER_INPUT)
    add_boolean (json, "trainable", TRUE);
  add_string (json, "dtype", "float32");
  add_config (json, layer, binding);
  json_builder_end_object (json);
  add_inbound_nodes (json, model, layer);
  json_builder_end_object (json);
}

static void
add_ends (JsonBuilder *json, const char *member, const RnLayer *const *layers, int n)
{
  json_builder_set_member_name (json, member);
  json_builder_begin_array (json);
  for (int i = 0; i < n; i++)
    {
      json_builder_begin_array (json);
      json_builder_add_string_value (json, layers[i]->name);
      json_builder_add_int_value (json, 0);
      json_builder_add_int_value (json, 0);
      json_builder_end_array (json);
    }
  json_builder_end_array (json);
}

static void
add_model (JsonBuilder *json, const RnModel *model, const RnBinding *binding)
{
  const RnLayer *input = rn_model_get_input (model);
  g_autoptr (GPtrArray) outputs = g_ptr_array_new ();

  for (int i = 0; i < rn_model_get_n_outputs (model); i++)
    g_ptr_array_add (outputs, (gpointer)rn_model_get_output (model, i));

  json_builder_begin_object (json);
  add_string (json, "class_name", "Model");
  json_builder_set_member_name (json, "config");
  json_builder_begin_object (json);
  add_string (json, "name", rn_model_get_name (model));
  json_builder_set_member_name (json, "layers");
  json_builder_begin_array (json);
  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    add_layer (json, model, rn_model_get_layer (model, i), binding);
  json_builder_end_array (json);
  add_ends (json, "input_layers", &input, 1);
  add_ends (json, "output_layers", (const RnLayer *const *)outputs->pdata, outputs->len);
  json_builder_end_object (json);
  add_string (json, "keras_version", KERAS_VERSION);
  add_string (json, "backend", "tensorflow");
  json_builder_end_object (json);
}

static char *
to_json (const RnModel *model, const RnBinding *binding, GError **error)
{
  g_autoptr (JsonBuilder) json = NULL;
  g_autoptr (JsonNode) root = NULL;

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    if (!check (rn_model_get_layer (model, i), error))
      return NULL;

  json = json_builder_new ();
  add_model (json, model, binding);
  root = json_builder_get_root (json);

  return json_to_string (root, FALSE);
}

/**
 * rn_model_to_keras_json:
 *
 * What `model_from_json()` of Keras reads. A zero-padded shortcut becomes a layer of the class
 * "ShortcutPadding" (stride, channels of zeros before and after), which Keras takes as a custom
 * object.
 *
 * Returns: (transfer full) (nullable): the text, or %NULL with %RN_MODEL_ERROR where Keras has no
 *   word for a layer
 */
char *
rn_model_to_keras_json (const RnModel *model, GError **error)
{
  return to_json (model, NULL, error);
}

/**
 * rn_binding_to_keras_json:
 *
 * As rn_model_to_keras_json(), for a file that holds the weights too: batch norms have the epsilon
 * that these were trained with.
 */
char *
rn_binding_to_keras_json (RnBinding *binding, GError **error)
{
  return to_json (rn_binding_get_model (binding), binding, error);
}

/* Writes rn_model_to_keras_json() to a file, which appears whole or not at all. */
gboolean
rn_model_write_keras_json (const RnModel *model, const char *path, GError **error)
{
  g_autofree char *text = rn_model_to_keras_json (model, error);

  return text != NULL &&
         g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0666, error);
}
