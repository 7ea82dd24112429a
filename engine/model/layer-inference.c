#include "engine/model/layer-inference.h"

#include "engine/model/model.h"

/* Sizes beyond this make no network: kernels, strides, borders. */
#define MAX_WINDOW 4096

typedef gboolean (*InferFunc) (RnLayer *layer, const RnShape *const *inputs, GError **error);

G_GNUC_PRINTF (4, 5)
static gboolean
fail (GError **error, RnModelError code, const RnLayer *layer, const char *format, ...)
{
  g_autofree char *detail = NULL;
  va_list args;

  va_start (args, format);
  detail = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, RN_MODEL_ERROR, code, "layer “%s” (%s): %s", layer->name,
               layer->keras_class, detail);

  return FALSE;
}

static gboolean
want_rank (const RnLayer *layer, const RnShape *input, int rank, GError **error)
{
  g_autofree char *text = NULL;

  if (input->rank == rank)
    return TRUE;

  text = rn_shape_to_keras (input);
  return fail (error, RN_MODEL_ERROR_SHAPE, layer, "its input has shape %s; %s would be right", text,
               rank == 3 ? "(None, height, width, channels)" : "(None, units)");
}

static void
add_weight (RnLayer *layer, const char *name, gboolean trainable, int rank, const int *dims)
{
  RnWeightSpec *spec = &layer->weights[layer->n_weights++];

  g_assert (layer->n_weights <= RN_LAYER_MAX_WEIGHTS);
  *spec = (RnWeightSpec) { name, rank, { 0 }, trainable };
  for (int i = 0; i < rank; i++)
    spec->dims[i] = dims[i];
}

static void
add_vector (RnLayer *layer, const char *name, gboolean trainable, int size)
{
  add_weight (layer, name, trainable, 1, &size);
}

static gboolean
in_range (const int pair[2], int min)
{
  return pair[0] >= min && pair[0] <= MAX_WINDOW && pair[1] >= min && pair[1] <= MAX_WINDOW;
}

/* The output size of a window that slides over an input with borders. */
static gboolean
slide (const RnLayer *layer,
       const RnShape *input,
       const RnPads *pads,
       const int kernel[2],
       const int stride[2],
       const int dilation[2],
       int output[2],
       GError **error)
{
  int before[2] = { pads->top, pads->left }, after[2] = { pads->bottom, pads->right };

  if (!in_range (before, 0) || !in_range (after, 0))
    return fail (error, RN_MODEL_ERROR_CONFIG, layer, "padding must be from 0 to %d", MAX_WINDOW);

  for (int i = 0; i < 2; i++)
    {
      int room = input->dims[i] + before[i] + after[i];
      int extent = (kernel[i] - 1) * (dilation ? dilation[i] : 1) + 1;

      if (room < extent)
        {
          g_autofree char *text = rn_shape_to_keras (input);

          return fail (error, RN_MODEL_ERROR_SHAPE, layer,
                       "its input %s is smaller than its window of %d pixels", text, extent);
        }
      output[i] = (room - extent) / stride[i] + 1;
    }

  return TRUE;
}

static gboolean
infer_input (RnLayer *layer, const RnShape *const *inputs, GError **error)
{
  const RnShape *shape = &layer->config.input;

  if (shape->rank != 1 && shape->rank != 3)
    return fail (error, RN_MODEL_ERROR_CONFIG, layer,
                 "an input is (height, width, channels) or (units)");
  layer->output_shape = *shape;

  return TRUE;
}

static gboolean
infer_zero_padding (RnLayer *layer, const RnShape *const *inputs, GError **error)
{
  const RnPads *pads = &layer->config.zero_padding;
  int before[2] = { pads->top, pads->left }, after[2] = { pads->bottom, pads->right };

  if (!want_rank (layer, inputs[0], 3, error))
    return FALSE;
  if (!in_range (before, 0) || !in_range (after, 0))
    return fail (error, RN_MODEL_ERROR_CONFIG, layer, "padding must be from 0 to %d", MAX_WINDOW);

  layer->output_shape = rn_shape_image (inputs[0]->dims[0] + before[0] + after[0],
                                        inputs[0]->dims[1] + before[1] + after[1],
                                        inputs[0]->dims[2]);

  return TRUE;
}

static gboolean
check_conv (const RnLayer *layer, int channels, GError **error)
{
  const RnConvConfig *conv = &layer->config.conv;

  if (!in_range (conv->kernel, 1) || !in_range (conv->stride, 1) || !in_range (conv->dilation, 1))
    return fail (error, RN_MODEL_ERROR_CONFIG, layer,
                 "kernel, stride and dilation must be from 1 to %d", MAX_WINDOW);
  if (layer->kind != RN_LAYER_DEPTHWISE_CONV
      && (conv->filters < 1 || conv->filters > RN_MAX_DIMENSION))
    return fail (error, RN_MODEL_ERROR_CONFIG, layer, "filters must be from 1 to %d",
                 RN_MAX_DIMENSION);
  if (layer->kind != RN_LAYER_CONV
      && (conv->depth_multiplier < 1 || conv->depth_multiplier > MAX_WINDOW))
    return fail (error, RN_MODEL_ERROR_CONFIG, layer, "depth_multiplier must be from 1 to %d",
                 MAX_WINDOW);
  if (layer->kind == RN_LAYER_CONV
      && (conv->groups < 1 || channels % conv->groups != 0 || conv->filters % conv->groups != 0))
    return fail (error, RN_MODEL_ERROR_CONFIG, layer,
                 "%d groups must divide both its %d input channels and its %d filters",
                 conv->groups, channels, conv->filters);

  return TRUE;
}

static void
add_conv_weights (RnLayer *layer, int channels)
{
  const RnConvConfig *conv = &layer->config.conv;
  int height = conv->kernel[0], width = conv->kernel[1];

  if (layer->kind == RN_LAYER_CONV)
    {
      int dims[] = { height, width, channels / conv->groups, conv->filters };

      add_weight (layer, "kernel", TRUE, 4, dims);
    }
  else
    {
      int depthwise[] = { height, width, channels, conv->depth_multiplier };
      int pointwise[] = { 1, 1, channels * conv->depth_multiplier, conv->filters };

      add_weight (layer, "depthwise_kernel", TRUE, 4, depthwise);
      if (layer->kind == RN_LAYER_SEPARABLE_CONV)
        add_weight (layer, "pointwise_kernel", TRUE, 4, pointwise);
    }
  if (conv->use_bias)
    add_vector (layer, "bias", TRUE, conv->filters);
}

static gboolean
infer_conv (RnLayer *layer, const RnShape *const *inputs, GError **error)
{
  RnConvConfig *conv = &layer->config.conv;
  RnPads pads;
  int size[2];

  if (!want_rank (layer, inputs[0], 3, error) || !check_conv (layer, inputs[0]->dims[2], error))
    return FALSE;

  pads = rn_window_get_pads (conv->padding, &conv->pads, inputs[0], conv->kernel, conv->stride,
                             conv->dilation);
  if (!slide (layer, inputs[0], &pads, conv->kernel, conv->stride, conv->dilation, size, error))
    return FALSE;

  if (layer->kind == RN_LAYER_DEPTHWISE_CONV)
    conv->filters = inputs[0]->dims[2] * conv->depth_multiplier;
  layer->output_shape = rn_shape_image (size[0], size[1], conv->filters);
  add_conv_weights (layer, inputs[0]->dims[2]);

  return TRUE;
}

static gboolean
infer_batch_norm (RnLayer *layer, const RnShape *const *inputs, GError **error)
{
  const RnBatchNormConfig *config = &layer->config.batch_norm;
  int channels = rn_shape_get_channels (inputs[0]);

  if (!(config->epsilon > 0 && config->epsilon < 1))
    return fail (error, RN_MODEL_ERROR_CONFIG, layer, "epsilon must be above 0 and below 1");

  layer->output_shape = *inputs[0];
  if (config->scale)
    add_vector (layer, "gamma", TRUE, channels);
  if (config->center)
    add_vector (layer, "beta", TRUE, channels);
  add_vector (layer, "moving_mean", FALSE, channels);
  add_vector (layer, "moving_variance", FALSE, channels);

  return TRUE;
}

static gboolean
infer_same_shape (RnLayer *layer, const RnShape *const *inputs, GError **error)
{
  layer->output_shape = *inputs[0];

  return TRUE;
}

static gboolean
infer_pool (RnLayer *layer, const RnShape *const *inputs, GError **error)
{
  const RnPoolConfig *pool = &layer->config.pool;
  RnPads pads;
  int size[2];

  if (!want_rank (layer, inputs[0], 3, error))
    return FALSE;
  if (!in_range (pool->pool, 1) || !in_range (pool->stride, 1))
    return fail (error, RN_MODEL_ERROR_CONFIG, layer, "pool size and stride must be from 1 to %d",
                 MAX_WINDOW);
  if (pool->padding == RN_PADDING_EXPLICIT
      && (pool->pads.top >= pool->pool[0] || pool->pads.bottom >= pool->pool[0]
          || pool->pads.left >= pool->pool[1] || pool->pads.right >= pool->pool[1]))
    return fail (error, RN_MODEL_ERROR_CONFIG, layer, "padding must be smaller than the pool");

  pads = rn_window_get_pads (pool->padding, &pool->pads, inputs[0], pool->pool, pool->stride, NULL);
  if (!slide (layer, inputs[0], &pads, pool->pool, pool->stride, NULL, size, error))
    return FALSE;
  layer->output_shape = rn_shape_image (size[0], size[1], inputs[0]->dims[2]);

  return TRUE;
}

static gboolean
infer_global_pool (RnLayer *layer, const RnShape *const *inputs, GError **error)
{
  if (!want_rank (layer, inputs[0], 3, error))
    return FALSE;
  layer->output_shape = rn_shape_vector (inputs[0]->dims[2]);

  return TRUE;
}

/* Add and Multiply: equal shapes; Multiply also takes one value a channel (squeeze and excite). */
static gboolean
infer_merge (RnLayer *layer, const RnShape *const *inputs, GError **error)
{
  const RnShape *largest = inputs[0];

  for (int i = 1; i < layer->n_inputs; i++)
    if (rn_shape_get_n_elements (inputs[i]) > rn_shape_get_n_elements (largest))
      largest = inputs[i];

  for (int i = 0; i < layer->n_inputs; i++)
    {
      RnShape pixel = rn_shape_image (1, 1, rn_shape_get_channels (largest));
      g_autofree char *a = rn_shape_to_keras (inputs[0]);
      g_autofree char *b = rn_shape_to_keras (inputs[i == 0 ? 1 : i]);

      if (rn_shape_equal (inputs[i], largest)
          || (layer->kind == RN_LAYER_MULTIPLY && rn_shape_equal (inputs[i], &pixel)))
        continue;
      return fail (error, RN_MODEL_ERROR_SHAPE, layer,
                   "its inputs have shapes %s and %s; they must be equal", a, b);
    }
  layer->output_shape = *largest;

  return TRUE;
}

static gboolean
infer_concatenate (RnLayer *layer, const RnShape *const *inputs, GError **error)
{
  RnShape shape = *inputs[0];
  gint64 channels = 0;
  int last = shape.rank - 1;

  for (int i = 0; i < layer->n_inputs; i++)
    {
      RnShape other = *inputs[i];

      channels += rn_shape_get_channels (&other);
      if (other.rank == shape.rank)
        other.dims[last] = shape.dims[last];
      if (!rn_shape_equal (&other, inputs[0]))
        {
          g_autofree char *a = rn_shape_to_keras (inputs[0]);
          g_autofree char *b = rn_shape_to_keras (inputs[i]);

          return fail (error, RN_MODEL_ERROR_SHAPE, layer,
                       "its inputs have shapes %s and %s; only the channels may differ", a, b);
        }
    }
  if (channels > RN_MAX_DIMENSION)
    return fail (error, RN_MODEL_ERROR_SHAPE, layer, "more than %d channels", RN_MAX_DIMENSION);
  shape.dims[last] = (int) channels;
  layer->output_shape = shape;

  return TRUE;
}

static gboolean
infer_flatten (RnLayer *layer, const RnShape *const *inputs, GError **error)
{
  gint64 n = rn_shape_get_n_elements (inputs[0]);

  if (n > G_MAXINT)
    return fail (error, RN_MODEL_ERROR_SHAPE, layer, "more than %d units", G_MAXINT);
  layer->output_shape = rn_shape_vector ((int) n);

  return TRUE;
}

/* A dimension of -1 becomes what is left of the input's elements. */
static void
resolve_reshape (RnShape *target, const RnShape *input)
{
  gint64 rest = rn_shape_get_n_elements (input);
  int open = -1;

  for (int i = 0; i < target->rank; i++)
    if (target->dims[i] == -1 && open < 0)
      open = i;
    else if (target->dims[i] > 0 && rest % target->dims[i] == 0)
      rest /= target->dims[i];
    else
      return;

  if (open >= 0 && rest <= G_MAXINT)
    target->dims[open] = (int) rest;
}

static gboolean
infer_reshape (RnLayer *layer, const RnShape *const *inputs, GError **error)
{
  RnShape *target = &layer->config.reshape;

  resolve_reshape (target, inputs[0]);
  if (rn_shape_get_n_elements (target) != rn_shape_get_n_elements (inputs[0]))
    {
      g_autofree char *a = rn_shape_to_keras (inputs[0]);
      g_autofree char *b = rn_shape_to_keras (target);

      return fail (error, RN_MODEL_ERROR_SHAPE, layer, "%s cannot become %s: the counts differ", a,
                   b);
    }
  layer->output_shape = *target;

  return TRUE;
}

static gboolean
infer_dense (RnLayer *layer, const RnShape *const *inputs, GError **error)
{
  const RnDenseConfig *dense = &layer->config.dense;
  int dims[2];

  if (!want_rank (layer, inputs[0], 1, error))
    return FALSE;
  if (dense->units < 1 || dense->units > RN_MAX_DIMENSION)
    return fail (error, RN_MODEL_ERROR_CONFIG, layer, "units must be from 1 to %d",
                 RN_MAX_DIMENSION);

  dims[0] = inputs[0]->dims[0];
  dims[1] = dense->units;
  add_weight (layer, "kernel", TRUE, 2, dims);
  if (dense->use_bias)
    add_vector (layer, "bias", TRUE, dense->units);
  layer->output_shape = rn_shape_vector (dense->units);

  return TRUE;
}

static gboolean
infer_shortcut_padding (RnLayer *layer, const RnShape *const *inputs, GError **error)
{
  const RnShortcutPaddingConfig *config = &layer->config.shortcut_padding;
  int stride = config->stride;

  if (!want_rank (layer, inputs[0], 3, error))
    return FALSE;
  if (stride < 1 || stride > MAX_WINDOW || config->before < 0 || config->after < 0
      || config->before > RN_MAX_DIMENSION || config->after > RN_MAX_DIMENSION)
    return fail (error, RN_MODEL_ERROR_CONFIG, layer,
                 "stride must be from 1 to %d and added channels from 0 to %d", MAX_WINDOW,
                 RN_MAX_DIMENSION);

  layer->output_shape = rn_shape_image ((inputs[0]->dims[0] + stride - 1) / stride,
                                        (inputs[0]->dims[1] + stride - 1) / stride,
                                        inputs[0]->dims[2] + config->before + config->after);

  return TRUE;
}

/* Classes of Keras and operators of ONNX that are not supported, but known to keep their input's
 * shape. */
static const char *const same_shape_classes[] = {
  "ActivityRegularization", "AlphaDropout", "Clip", "ELU", "Elu", "Erf", "Exp", "GaussianDropout",
  "GaussianNoise", "Gelu", "GroupNormalization", "HardSigmoid", "HardSwish",
  "InstanceNormalization", "LRN", "LayerNormalization", "LeakyReLU", "LeakyRelu", "PRelu", "PReLU",
  "RandomFlip", "Selu", "Softplus", "SpatialDropout2D", "Sqrt", "ThresholdedReLU",
  "UnitNormalization",
};

static gboolean
infer_unsupported (RnLayer *layer, const RnShape *const *inputs, GError **error)
{
  layer->output_shape = layer->config.unsupported;
  for (guint i = 0; layer->n_inputs > 0 && i < G_N_ELEMENTS (same_shape_classes); i++)
    if (layer->output_shape.rank == 0 && g_str_equal (layer->keras_class, same_shape_classes[i]))
      layer->output_shape = *inputs[0];

  return TRUE;
}

/* How many inputs a kind takes, and what follows from them. */
static const struct
{
  int min_inputs, max_inputs;
  InferFunc infer;
} rules[RN_N_LAYER_KINDS] = {
  [RN_LAYER_INPUT] = { 0, 0, infer_input },
  [RN_LAYER_ZERO_PADDING] = { 1, 1, infer_zero_padding },
  [RN_LAYER_CONV] = { 1, 1, infer_conv },
  [RN_LAYER_DEPTHWISE_CONV] = { 1, 1, infer_conv },
  [RN_LAYER_SEPARABLE_CONV] = { 1, 1, infer_conv },
  [RN_LAYER_BATCH_NORM] = { 1, 1, infer_batch_norm },
  [RN_LAYER_ACTIVATION] = { 1, 1, infer_same_shape },
  [RN_LAYER_RELU] = { 1, 1, infer_same_shape },
  [RN_LAYER_MAX_POOL] = { 1, 1, infer_pool },
  [RN_LAYER_AVERAGE_POOL] = { 1, 1, infer_pool },
  [RN_LAYER_GLOBAL_MAX_POOL] = { 1, 1, infer_global_pool },
  [RN_LAYER_GLOBAL_AVERAGE_POOL] = { 1, 1, infer_global_pool },
  [RN_LAYER_ADD] = { 2, 64, infer_merge },
  [RN_LAYER_CONCATENATE] = { 1, 1024, infer_concatenate },
  [RN_LAYER_MULTIPLY] = { 2, 64, infer_merge },
  [RN_LAYER_FLATTEN] = { 1, 1, infer_flatten },
  [RN_LAYER_RESHAPE] = { 1, 1, infer_reshape },
  [RN_LAYER_DROPOUT] = { 1, 1, infer_same_shape },
  [RN_LAYER_DENSE] = { 1, 1, infer_dense },
  [RN_LAYER_SHORTCUT_PADDING] = { 1, 1, infer_shortcut_padding },
  [RN_LAYER_UNSUPPORTED] = { 0, 1024, infer_unsupported },
};

static gboolean
check_output_size (const RnLayer *layer, GError **error)
{
  const RnShape *shape = &layer->output_shape;
  g_autofree char *text = rn_shape_to_keras (shape);
  gint64 n = 1;

  for (int i = 0; i < shape->rank; i++)
    {
      if (shape->dims[i] < 1)
        return fail (error, RN_MODEL_ERROR_SHAPE, layer, "its output %s is empty", text);
      n *= shape->dims[i];
      if (n > RN_MAX_ELEMENTS)
        return fail (error, RN_MODEL_ERROR_SHAPE, layer, "its output %s is too large", text);
    }

  return TRUE;
}

/* Whether an input comes from behind a layer that is not supported. */
static gboolean
is_unknown (const RnLayer *layer, const RnShape *const *inputs)
{
  for (int i = 0; i < layer->n_inputs; i++)
    if (inputs[i]->rank == 0)
      return TRUE;

  return FALSE;
}

/**
 * rn_layer_infer:
 * @layer: name, kind, configuration and number of inputs are set
 * @inputs: the shapes of its inputs, @layer's n_inputs of them
 *
 * Sets the layer's output shape and the list of its weights.
 *
 * Returns: %FALSE with %RN_MODEL_ERROR where configuration or inputs are wrong
 */
gboolean
rn_layer_infer (RnLayer *layer, const RnShape *const *inputs, GError **error)
{
  int min = rules[layer->kind].min_inputs, max = rules[layer->kind].max_inputs;

  layer->n_weights = 0;
  if (layer->n_inputs < min || layer->n_inputs > max)
    {
      g_autofree char *right
          = min == max ? g_strdup_printf ("%d", min) : g_strdup_printf ("from %d to %d", min, max);

      return fail (error, RN_MODEL_ERROR_CONNECTION, layer, "has %d inputs; %s would be right",
                   layer->n_inputs, right);
    }

  if (layer->kind != RN_LAYER_UNSUPPORTED && is_unknown (layer, inputs))
    {
      layer->output_shape = (RnShape) { 0 };
      return TRUE;
    }

  return rules[layer->kind].infer (layer, inputs, error) && check_output_size (layer, error);
}
