#include "engine/model/costs.h"

#include "engine/model/number.h"

/* Where the field of a layer's first unit begins and ends, and how far it moves from unit to unit,
 * along one axis; in pixels of the input, padding counted as pixels before 0. */
typedef struct
{
  gint64 first;
  gint64 last;
  gint64 stride;
} Extent;

/* A window that slides along one axis. */
typedef struct
{
  gint64 length; /* dilation included */
  gint64 stride;
  gint64 before; /* padding */
} Window;

/**
 * rn_model_get_layer_macs:
 * @layer: index of a layer
 *
 * Returns: multiplications of an input by a weight in the plain algorithm, for one picture.
 *   Convolutions and Dense have them; batch norm is counted as nothing, since it folds into the
 *   convolution before it, and so are bias, pooling, sums and activations.
 */
gint64
rn_model_get_layer_macs (const RnModel *model, int layer)
{
  const RnLayer *self = rn_model_get_layer (model, layer);
  gint64 n_outputs = rn_shape_get_n_elements (&self->output_shape);
  gint64 window, channels;
  RnShape input;

  if (self->n_inputs == 0)
    return 0;
  input = rn_model_get_input_shape (model, layer, 0);
  channels = rn_shape_get_channels (&input);
  if (self->kind == RN_LAYER_DENSE)
    return n_outputs * channels;
  if (self->kind != RN_LAYER_CONV && self->kind != RN_LAYER_DEPTHWISE_CONV
      && self->kind != RN_LAYER_SEPARABLE_CONV)
    return 0;

  window = (gint64) self->config.conv.kernel[0] * self->config.conv.kernel[1];
  if (self->kind == RN_LAYER_CONV)
    return n_outputs * window * (channels / MAX (self->config.conv.groups, 1));
  if (self->kind == RN_LAYER_DEPTHWISE_CONV)
    return n_outputs * window;

  channels *= self->config.conv.depth_multiplier;
  return n_outputs / rn_shape_get_channels (&self->output_shape) * channels * window
         + n_outputs * channels;
}

/* Multiply-adds of all layers for one picture; see rn_model_get_layer_macs(). */
gint64
rn_model_get_n_macs (const RnModel *model)
{
  gint64 n = 0;

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    n += rn_model_get_layer_macs (model, i);

  return n;
}

/* Bytes of a layer's output for one picture, as float32. */
gint64
rn_layer_get_output_bytes (const RnLayer *layer)
{
  return rn_shape_get_n_elements (&layer->output_shape) * (gint64) sizeof (float);
}

static Window
get_window (const RnLayer *layer, const RnShape *input, int axis)
{
  static const int no_dilation[2] = { 1, 1 };
  const RnConvConfig *conv = &layer->config.conv;
  const RnPoolConfig *pool = &layer->config.pool;
  RnPads pads;

  switch (layer->kind)
    {
    case RN_LAYER_ZERO_PADDING:
      pads = layer->config.zero_padding;
      return (Window) { 1, 1, axis == 0 ? pads.top : pads.left };

    case RN_LAYER_CONV:
    case RN_LAYER_DEPTHWISE_CONV:
    case RN_LAYER_SEPARABLE_CONV:
      pads = rn_window_get_pads (conv->padding, &conv->pads, input, conv->kernel, conv->stride,
                                 conv->dilation);
      return (Window) { (conv->kernel[axis] - 1) * conv->dilation[axis] + 1, conv->stride[axis],
                        axis == 0 ? pads.top : pads.left };

    case RN_LAYER_MAX_POOL:
    case RN_LAYER_AVERAGE_POOL:
      pads = rn_window_get_pads (pool->padding, &pool->pads, input, pool->pool, pool->stride,
                                 no_dilation);
      return (Window) { pool->pool[axis], pool->stride[axis], axis == 0 ? pads.top : pads.left };

    case RN_LAYER_SHORTCUT_PADDING:
      return (Window) { 1, layer->config.shortcut_padding.stride, 0 };

    default:
      return (Window) { 1, 1, 0 };
    }
}

/* What a layer's first unit sees through one of its inputs. */
static Extent
look_through (const RnLayer *layer, const RnShape *input, const Extent *below, int axis)
{
  Window window;
  Extent extent;

  /* A unit that has no place of its own sees all places. */
  if (layer->output_shape.rank != 3)
    {
      gint64 n = input->rank == 3 ? input->dims[axis] : 1;

      return (Extent) { below->first, below->last + (n - 1) * below->stride, 0 };
    }

  window = get_window (layer, input, axis);
  extent.first = below->first - window.before * below->stride;
  extent.last = below->last + (window.length - 1 - window.before) * below->stride;
  extent.stride = below->stride * window.stride;

  return extent;
}

/**
 * rn_model_get_receptive_fields:
 *
 * The theoretical fields: every pixel that can change a unit, along any way through the graph. The
 * recurrences are those of Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional
 * Neural Networks", Distill 2019, doi:10.23915/distill.00021: through a window of k pixels, stride s
 * and padding p, a field grows by (k - 1) times the stride so far, that stride is multiplied by s,
 * and the field's first pixel moves back by p times it; where ways meet, the field is their union.
 *
 * Returns: (transfer full) (array): one for each layer; free with g_free()
 */
RnReceptiveField *
rn_model_get_receptive_fields (const RnModel *model)
{
  int n_layers = rn_model_get_n_layers (model);
  RnReceptiveField *fields = g_new0 (RnReceptiveField, n_layers);
  g_autofree Extent *extents = g_new0 (Extent, n_layers);

  for (int axis = 0; axis < 2; axis++)
    for (int i = 0; i < n_layers; i++)
      {
        const RnLayer *layer = rn_model_get_layer (model, i);
        Extent all = { 0, 0, 1 };

        for (int k = 0; k < layer->n_inputs; k++)
          {
            RnShape input = rn_model_get_input_shape (model, i, k);
            Extent one = look_through (layer, &input, &extents[layer->inputs[k]], axis);

            all.first = k == 0 ? one.first : MIN (all.first, one.first);
            all.last = k == 0 ? one.last : MAX (all.last, one.last);
            all.stride = one.stride;
          }
        extents[i] = all;
        fields[i].size[axis] = all.last - all.first + 1;
        fields[i].stride[axis] = all.stride;
        fields[i].start[axis] = (all.first + all.last) / 2.0;
      }

  return fields;
}

static void
append_product (GString *text, const RnWeightSpec *spec)
{
  for (int i = 0; i < spec->rank; i++)
    g_string_append_printf (text, "%s%d", i > 0 ? "·" : "", spec->dims[i]);
}

static void
append_result (GString *text, gint64 result)
{
  g_autofree char *count = rn_number_to_string (result);

  g_string_append_printf (text, " = %s", count);
}

/**
 * rn_model_parameter_formula:
 * @layer: index of a layer
 *
 * Returns: (transfer full) (nullable): how the number of its parameters comes about, e.g.
 *   "3·3·64·64 + 64 = 36,928" (a kernel, height·width·in·out, and a bias), "4·64 = 256" (batch
 *   norm: scale, offset, mean and variance); %NULL where it has none
 */
char *
rn_model_parameter_formula (const RnModel *model, int layer)
{
  const RnLayer *self = rn_model_get_layer (model, layer);
  GString *text;

  if (self->n_weights == 0)
    return NULL;

  text = g_string_new (NULL);
  if (self->kind == RN_LAYER_BATCH_NORM && self->n_weights > 1)
    g_string_append_printf (text, "%d·%d", self->n_weights, self->weights[0].dims[0]);
  else
    for (int i = 0; i < self->n_weights; i++)
      {
        if (i > 0)
          g_string_append (text, " + ");
        append_product (text, &self->weights[i]);
      }
  append_result (text, rn_layer_get_n_parameters (self));

  return g_string_free (text, FALSE);
}

/**
 * rn_model_mac_formula:
 * @layer: index of a layer
 *
 * Returns: (transfer full) (nullable): how its multiply-adds come about, e.g.
 *   "56·56 · 3·3·64·64 = 115,605,504" (places times the kernel's numbers); %NULL where it has none
 */
char *
rn_model_mac_formula (const RnModel *model, int layer)
{
  const RnLayer *self = rn_model_get_layer (model, layer);
  gint64 macs = rn_model_get_layer_macs (model, layer);
  GString *text;

  if (macs == 0)
    return NULL;

  text = g_string_new (NULL);
  if (self->output_shape.rank == 3)
    g_string_append_printf (text, "%d·%d · ", self->output_shape.dims[0],
                            self->output_shape.dims[1]);
  if (self->kind == RN_LAYER_SEPARABLE_CONV)
    g_string_append_c (text, '(');
  append_product (text, &self->weights[0]);
  if (self->kind == RN_LAYER_SEPARABLE_CONV)
    {
      g_string_append (text, " + ");
      append_product (text, &self->weights[1]);
      g_string_append_c (text, ')');
    }
  append_result (text, macs);

  return g_string_free (text, FALSE);
}
