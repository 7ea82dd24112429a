#include "engine/model/layer.h"

#include <string.h>

static const char *const keras_classes[RN_N_LAYER_KINDS] = {
  [RN_LAYER_INPUT] = "InputLayer",
  [RN_LAYER_ZERO_PADDING] = "ZeroPadding2D",
  [RN_LAYER_CONV] = "Conv2D",
  [RN_LAYER_DEPTHWISE_CONV] = "DepthwiseConv2D",
  [RN_LAYER_SEPARABLE_CONV] = "SeparableConv2D",
  [RN_LAYER_BATCH_NORM] = "BatchNormalization",
  [RN_LAYER_ACTIVATION] = "Activation",
  [RN_LAYER_RELU] = "ReLU",
  [RN_LAYER_MAX_POOL] = "MaxPooling2D",
  [RN_LAYER_AVERAGE_POOL] = "AveragePooling2D",
  [RN_LAYER_GLOBAL_MAX_POOL] = "GlobalMaxPooling2D",
  [RN_LAYER_GLOBAL_AVERAGE_POOL] = "GlobalAveragePooling2D",
  [RN_LAYER_ADD] = "Add",
  [RN_LAYER_CONCATENATE] = "Concatenate",
  [RN_LAYER_MULTIPLY] = "Multiply",
  [RN_LAYER_FLATTEN] = "Flatten",
  [RN_LAYER_RESHAPE] = "Reshape",
  [RN_LAYER_DROPOUT] = "Dropout",
  [RN_LAYER_DENSE] = "Dense",
  [RN_LAYER_SHORTCUT_PADDING] = "Lambda", /* Keras has no layer for it: a Lambda does the same */
  [RN_LAYER_UNSUPPORTED] = "unsupported",
};

static const char *const activation_names[RN_N_ACTIVATIONS] = {
  [RN_ACTIVATION_LINEAR] = "linear",   [RN_ACTIVATION_RELU] = "relu",
  [RN_ACTIVATION_SOFTMAX] = "softmax", [RN_ACTIVATION_SIGMOID] = "sigmoid",
  [RN_ACTIVATION_TANH] = "tanh",       [RN_ACTIVATION_SWISH] = "swish",
};

const char *
rn_layer_kind_get_keras_class (RnLayerKind kind)
{
  g_return_val_if_fail (kind < RN_N_LAYER_KINDS, NULL);

  return keras_classes[kind];
}

/**
 * rn_layer_kind_from_keras_class:
 * @keras_class: a `class_name` of Keras
 * @kind: (out): set where the class is known
 *
 * Returns: whether the class is known. A Lambda is not: its code is not in the file.
 */
gboolean
rn_layer_kind_from_keras_class (const char *keras_class, RnLayerKind *kind)
{
  for (int i = 0; i < RN_N_LAYER_KINDS; i++)
    if (i != RN_LAYER_SHORTCUT_PADDING && i != RN_LAYER_UNSUPPORTED
        && g_str_equal (keras_class, keras_classes[i]))
      {
        *kind = i;
        return TRUE;
      }

  return FALSE;
}

/* The classes that can be computed, for error messages: "InputLayer, ZeroPadding2D, …". */
char *
rn_layer_kinds_to_string (void)
{
  GString *text = g_string_new (keras_classes[0]);

  for (int i = 1; i < RN_N_LAYER_KINDS; i++)
    if (i != RN_LAYER_SHORTCUT_PADDING && i != RN_LAYER_UNSUPPORTED)
      g_string_append_printf (text, ", %s", keras_classes[i]);

  return g_string_free (text, FALSE);
}

const char *
rn_activation_get_keras_name (RnActivation activation)
{
  g_return_val_if_fail (activation < RN_N_ACTIVATIONS, NULL);

  return activation_names[activation];
}

/**
 * rn_activation_from_keras_name:
 * @name: e.g. "relu"; "silu" is Keras 3's name of "swish"
 * @activation: (out): set where the name is known
 *
 * Returns: whether the name is known
 */
gboolean
rn_activation_from_keras_name (const char *name, RnActivation *activation)
{
  if (g_str_equal (name, "silu"))
    name = "swish";

  for (int i = 0; i < RN_N_ACTIVATIONS; i++)
    if (g_str_equal (name, activation_names[i]))
      {
        *activation = i;
        return TRUE;
      }

  return FALSE;
}

/**
 * rn_layer_config_equal:
 * @kind: of both layers
 *
 * Structures that hold integers alone, which leave no gaps, are compared as bytes, floats by value.
 */
gboolean
rn_layer_config_equal (RnLayerKind kind, const RnLayerConfig *a, const RnLayerConfig *b)
{
  switch (kind)
    {
    case RN_LAYER_INPUT:
    case RN_LAYER_RESHAPE:
    case RN_LAYER_UNSUPPORTED:
      return rn_shape_equal (&a->input, &b->input);
    case RN_LAYER_ZERO_PADDING:
      return memcmp (&a->zero_padding, &b->zero_padding, sizeof a->zero_padding) == 0;
    case RN_LAYER_CONV:
    case RN_LAYER_DEPTHWISE_CONV:
    case RN_LAYER_SEPARABLE_CONV:
      return memcmp (&a->conv, &b->conv, sizeof a->conv) == 0;
    case RN_LAYER_BATCH_NORM:
      return a->batch_norm.epsilon == b->batch_norm.epsilon
             && a->batch_norm.momentum == b->batch_norm.momentum
             && a->batch_norm.scale == b->batch_norm.scale
             && a->batch_norm.center == b->batch_norm.center;
    case RN_LAYER_ACTIVATION:
    case RN_LAYER_RELU:
      return a->activation.function == b->activation.function
             && a->activation.max_value == b->activation.max_value;
    case RN_LAYER_MAX_POOL:
    case RN_LAYER_AVERAGE_POOL:
      return memcmp (&a->pool, &b->pool, sizeof a->pool) == 0;
    case RN_LAYER_DROPOUT:
      return a->dropout_rate == b->dropout_rate;
    case RN_LAYER_DENSE:
      return memcmp (&a->dense, &b->dense, sizeof a->dense) == 0;
    case RN_LAYER_SHORTCUT_PADDING:
      return memcmp (&a->shortcut_padding, &b->shortcut_padding, sizeof a->shortcut_padding) == 0;
    case RN_LAYER_GLOBAL_MAX_POOL:
    case RN_LAYER_GLOBAL_AVERAGE_POOL:
    case RN_LAYER_ADD:
    case RN_LAYER_CONCATENATE:
    case RN_LAYER_MULTIPLY:
    case RN_LAYER_FLATTEN:
    case RN_N_LAYER_KINDS:
      break;
    }

  return TRUE; /* kinds that have no configuration */
}

gint64
rn_weight_spec_get_n_elements (const RnWeightSpec *spec)
{
  gint64 n = 1;

  for (int i = 0; i < spec->rank; i++)
    n *= spec->dims[i];

  return n;
}

static gint64
count (const RnLayer *layer, gboolean trainable)
{
  gint64 n = 0;

  for (int i = 0; i < layer->n_weights; i++)
    if (layer->weights[i].trainable == trainable)
      n += rn_weight_spec_get_n_elements (&layer->weights[i]);

  return n;
}

/* Parameters that training changes. */
gint64
rn_layer_get_n_trainable (const RnLayer *layer)
{
  return count (layer, TRUE);
}

/* Parameters that are kept but not trained: batch norm's running mean and variance. */
gint64
rn_layer_get_n_non_trainable (const RnLayer *layer)
{
  return count (layer, FALSE);
}

gint64
rn_layer_get_n_parameters (const RnLayer *layer)
{
  return count (layer, TRUE) + count (layer, FALSE);
}

static void
same_pads (int input, int kernel, int stride, int dilation, int *before, int *after)
{
  int extent = (kernel - 1) * dilation + 1;
  int output = (input + stride - 1) / stride;
  int total = MAX ((output - 1) * stride + extent - input, 0);

  *before = total / 2;
  *after = total - *before;
}

/**
 * rn_window_get_pads:
 * @padding: the rule
 * @explicit_pads: the borders where @padding is %RN_PADDING_EXPLICIT
 * @input: [height, width, channels]
 * @kernel: window, [vertical, horizontal]
 * @stride: likewise
 * @dilation: (nullable): likewise; %NULL for 1
 *
 * Returns: the borders that a sliding window adds around its input. "same" is TensorFlow's: as much
 *   as makes the output ceil (input / stride) pixels, the odd pixel at the bottom and right
 *   (tensorflow.org, tf.nn, "Notes on padding").
 */
RnPads
rn_window_get_pads (RnPadding padding,
                    const RnPads *explicit_pads,
                    const RnShape *input,
                    const int kernel[2],
                    const int stride[2],
                    const int dilation[2])
{
  RnPads pads = { 0 };

  if (padding == RN_PADDING_EXPLICIT)
    return *explicit_pads;

  if (padding == RN_PADDING_SAME)
    {
      same_pads (input->dims[0], kernel[0], stride[0], dilation ? dilation[0] : 1, &pads.top,
                 &pads.bottom);
      same_pads (input->dims[1], kernel[1], stride[1], dilation ? dilation[1] : 1, &pads.left,
                 &pads.right);
    }

  return pads;
}
