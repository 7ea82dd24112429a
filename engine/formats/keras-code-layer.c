/* The arguments of a layer as Python writes them. */
#include "engine/formats/keras-code-private.h"

#include <math.h>

/* Keras' defaults (keras.layers.BatchNormalization). */
#define DEFAULT_EPSILON 1e-3f
#define DEFAULT_MOMENTUM 0.99f

static void
add_pair (GString *text, const char *name, const int pair[2])
{
  g_string_append_printf (text, "%s%s(%d, %d)", name != NULL ? name : "", name != NULL ? "=" : "",
                          pair[0], pair[1]);
}

static void
add_number (GString *text, const char *name, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (text, "%s=%s, ", name,
                          g_ascii_formatd (buffer, sizeof buffer, "%.7g", value));
}

static void
add_activation (GString *text, RnActivation activation)
{
  if (activation != RN_ACTIVATION_LINEAR)
    g_string_append_printf (text, "activation=\"%s\", ", rn_activation_get_keras_name (activation));
}

static void
add_conv (GString *text, const RnLayer *layer)
{
  const RnConvConfig *conv = &layer->config.conv;

  if (layer->kind != RN_LAYER_DEPTHWISE_CONV)
    g_string_append_printf (text, "%d, ", conv->filters);
  add_pair (text, NULL, conv->kernel);
  g_string_append (text, ", ");
  if (conv->stride[0] != 1 || conv->stride[1] != 1)
    {
      add_pair (text, "strides", conv->stride);
      g_string_append (text, ", ");
    }
  if (conv->padding == RN_PADDING_SAME)
    g_string_append (text, "padding=\"same\", ");
  if (conv->dilation[0] != 1 || conv->dilation[1] != 1)
    {
      add_pair (text, "dilation_rate", conv->dilation);
      g_string_append (text, ", ");
    }
  if (layer->kind == RN_LAYER_CONV && conv->groups > 1)
    g_string_append_printf (text, "groups=%d, ", conv->groups);
  if (layer->kind != RN_LAYER_CONV && conv->depth_multiplier != 1)
    g_string_append_printf (text, "depth_multiplier=%d, ", conv->depth_multiplier);
  add_activation (text, conv->activation);
  if (!conv->use_bias)
    g_string_append (text, "use_bias=False, ");
}

static void
add_batch_norm (GString *text, const RnBatchNormConfig *config)
{
  if (config->momentum != DEFAULT_MOMENTUM)
    add_number (text, "momentum", config->momentum);
  if (config->epsilon != DEFAULT_EPSILON)
    add_number (text, "epsilon", config->epsilon);
  if (!config->center)
    g_string_append (text, "center=False, ");
  if (!config->scale)
    g_string_append (text, "scale=False, ");
}

static void
add_pool (GString *text, const RnPoolConfig *pool)
{
  add_pair (text, NULL, pool->pool);
  g_string_append (text, ", ");
  if (pool->stride[0] != pool->pool[0] || pool->stride[1] != pool->pool[1])
    {
      add_pair (text, "strides", pool->stride);
      g_string_append (text, ", ");
    }
  if (pool->padding == RN_PADDING_SAME)
    g_string_append (text, "padding=\"same\", ");
}

/* "(224, 224, 3)"; of one dimension "(10,)". */
static void
add_shape (GString *text, const char *name, const RnShape *shape)
{
  g_string_append_printf (text, "%s=(", name);
  for (int i = 0; i < shape->rank; i++)
    g_string_append_printf (text, "%s%d", i > 0 ? ", " : "", shape->dims[i]);
  g_string_append (text, shape->rank == 1 ? ",), " : "), ");
}

void
rn_keras_code_add_borders (GString *text, const RnPads *pads)
{
  g_string_append_printf (text, "((%d, %d), (%d, %d)), ", pads->top, pads->bottom, pads->left,
                          pads->right);
}

static void
add_shortcut_padding (GString *text, const RnShortcutPaddingConfig *config)
{
  g_string_append_printf (text, "lambda t: tf.pad(t[:, ::%d, ::%d], [[0, 0], [0, 0], [0, 0], [%d, %d]]), ",
                          config->stride, config->stride, config->before, config->after);
}

/* All arguments but the name, each with a comma behind it. */
void
rn_keras_code_add_arguments (GString *text, const RnLayer *layer)
{
  const RnLayerConfig *config = &layer->config;

  switch ((int) layer->kind)
    {
    case RN_LAYER_INPUT:
      add_shape (text, "shape", &config->input);
      break;
    case RN_LAYER_ZERO_PADDING:
      rn_keras_code_add_borders (text, &config->zero_padding);
      break;
    case RN_LAYER_CONV:
    case RN_LAYER_DEPTHWISE_CONV:
    case RN_LAYER_SEPARABLE_CONV:
      add_conv (text, layer);
      break;
    case RN_LAYER_BATCH_NORM:
      add_batch_norm (text, &config->batch_norm);
      break;
    case RN_LAYER_ACTIVATION:
      g_string_append_printf (text, "\"%s\", ",
                              rn_activation_get_keras_name (config->activation.function));
      break;
    case RN_LAYER_RELU:
      if (!isinf (config->activation.max_value))
        add_number (text, "max_value", config->activation.max_value);
      break;
    case RN_LAYER_MAX_POOL:
    case RN_LAYER_AVERAGE_POOL:
      add_pool (text, &config->pool);
      break;
    case RN_LAYER_GLOBAL_MAX_POOL:
    case RN_LAYER_GLOBAL_AVERAGE_POOL:
      if (layer->output_shape.rank == 3)
        g_string_append (text, "keepdims=True, ");
      break;
    case RN_LAYER_RESHAPE:
      add_shape (text, "target_shape", &config->reshape);
      break;
    case RN_LAYER_DROPOUT:
      add_number (text, "rate", config->dropout_rate);
      break;
    case RN_LAYER_DENSE:
      g_string_append_printf (text, "%d, ", config->dense.units);
      add_activation (text, config->dense.activation);
      if (!config->dense.use_bias)
        g_string_append (text, "use_bias=False, ");
      break;
    case RN_LAYER_SHORTCUT_PADDING:
      add_shortcut_padding (text, &config->shortcut_padding);
      break;
    default:
      break;
    }
}
