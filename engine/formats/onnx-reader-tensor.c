/* Numbers of ONNX's tensors, turned from channels first to channels last. */
#include <string.h>

#include "engine/formats/onnx-reader-private.h"

#define MAX_RANK 8

static gint64
count (const Onnx__TensorProto *tensor)
{
  gint64 n = 1;

  if (tensor->n_dims > MAX_RANK)
    return -1;
  for (size_t i = 0; i < tensor->n_dims; i++)
    {
      if (tensor->dims[i] < 0 || tensor->dims[i] > RN_TENSOR_MAX_ELEMENTS)
        return -1;
      n *= tensor->dims[i];
      if (n > RN_TENSOR_MAX_ELEMENTS)
        return -1;
    }

  return n;
}

/* Whole numbers of a constant: axes, shapes, pads. */
gboolean
rn_onnx_get_ints (const Onnx__TensorProto *tensor, gint64 *values, size_t max, size_t *n)
{
  gint64 n_values = tensor != NULL ? count (tensor) : -1;

  if (n_values < 0 || (size_t)n_values > max)
    return FALSE;
  *n = n_values;
  if (tensor->data_type == ONNX__TENSOR_PROTO__DATA_TYPE__INT64)
    {
      if (tensor->raw_data.len == *n * sizeof (gint64))
        memcpy (values, tensor->raw_data.data, tensor->raw_data.len);
      else if (tensor->n_int64_data == *n)
        memcpy (values, tensor->int64_data, *n * sizeof (gint64));
      else
        return FALSE;
      return TRUE;
    }
  if (tensor->data_type != ONNX__TENSOR_PROTO__DATA_TYPE__INT32 || tensor->n_int32_data != *n)
    return FALSE;
  for (size_t i = 0; i < *n; i++)
    values[i] = tensor->int32_data[i];

  return TRUE;
}

static RnTensor *
wrap (RnDtype dtype, gint64 n, const void *data)
{
  return rn_tensor_new_for_data (dtype, 1, &n, (void *)data, NULL, NULL);
}

/* float32, float16 or float64 in raw_data, or the typed fields; halves lie in int32_data. */
static RnTensor *
find_numbers (const Onnx__TensorProto *tensor, gint64 n, RnTensor **owned)
{
  static const struct
  {
    int type;
    RnDtype dtype;
  } types[] = { { ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, RN_DTYPE_F32 },
                { ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16, RN_DTYPE_F16 },
                { ONNX__TENSOR_PROTO__DATA_TYPE__BFLOAT16, RN_DTYPE_BF16 },
                { ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE, RN_DTYPE_F64 } };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      RnDtype dtype = types[i].dtype;

      if (tensor->data_type != types[i].type)
        continue;
      if (tensor->raw_data.len > 0)
        return tensor->raw_data.len == n * rn_dtype_get_size (dtype)
                   ? wrap (dtype, n, tensor->raw_data.data)
                   : NULL;
      if (dtype == RN_DTYPE_F32 && tensor->n_float_data == (size_t)n)
        return wrap (dtype, n, tensor->float_data);
      if (dtype == RN_DTYPE_F64 && tensor->n_double_data == (size_t)n)
        return wrap (dtype, n, tensor->double_data);
      if (rn_dtype_get_size (dtype) == 2 && tensor->n_int32_data == (size_t)n)
        {
          *owned = rn_tensor_new_typed (dtype, 1, &n, NULL);
          for (gint64 k = 0; *owned != NULL && k < n; k++)
            ((guint16 *)(*owned)->data)[k] = (guint16)tensor->int32_data[k];
          return *owned != NULL ? rn_tensor_ref (*owned) : NULL;
        }
    }

  return NULL;
}

/**
 * rn_onnx_get_floats:
 * @n_wanted: how many it must have
 *
 * Returns: (transfer full) (nullable): the tensor's numbers as float32; free with g_free()
 */
float *
rn_onnx_get_floats (const Onnx__TensorProto *tensor, gint64 n_wanted, GError **error)
{
  g_autoptr (RnTensor) owned = NULL;
  g_autoptr (RnTensor) numbers = NULL;
  g_autoptr (RnTensor) f32 = NULL;

  if (tensor->n_external_data > 0)
    {
      g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
                   "tensor “%.100s” lies in another file; one file for all is supported",
                   tensor->name);
      return NULL;
    }
  if (count (tensor) == n_wanted && n_wanted > 0)
    numbers = find_numbers (tensor, n_wanted, &owned);
  if (numbers == NULL)
    {
      g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
                   "tensor “%.100s” does not hold %" G_GINT64_FORMAT " floating-point numbers",
                   tensor->name, n_wanted);
      return NULL;
    }
  f32 = rn_tensor_to_f32 (numbers, error);

  return f32 != NULL ? g_memdup2 (f32->data, n_wanted * sizeof (float)) : NULL;
}

/* [out, in, h, w] to [h, w, in, out]; of a depthwise kernel [in·m, 1, h, w] to [h, w, in, m]. */
static void
turn_kernel (const float *from, const RnWeightSpec *spec, gboolean depthwise, float *to)
{
  int h = spec->dims[0], w = spec->dims[1], in = spec->dims[2], out = spec->dims[3];

  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++)
      for (int i = 0; i < in; i++)
        for (int o = 0; o < out; o++)
          {
            gint64 filter = depthwise ? (gint64)i * out + o : (gint64)o * in + i;

            *to++ = from[(filter * h + y) * w + x];
          }
}

/* A matrix to [in, out]; behind a Flatten of [C, H, W] its rows go to the order [H, W, C]. */
static void
turn_matrix (
    const float *from, const RnWeightSpec *spec, const RnShape *map, gboolean transposed, float *to)
{
  gint64 in = spec->dims[0], out = spec->dims[1];
  gint64 channels = map->rank == 3 ? map->dims[2] : 1;
  gint64 pixels = map->rank == 3 ? (gint64)map->dims[0] * map->dims[1] : in;

  for (gint64 p = 0; p < pixels; p++)
    for (gint64 c = 0; c < channels; c++)
      for (gint64 o = 0; o < out; o++)
        {
          gint64 i = map->rank == 3 ? c * pixels + p : p;

          *to++ = transposed ? from[o * in + i] : from[i * out + o];
        }
}

/* The map that a Dense layer's input was flattened from; rank 1 where it was not. */
static RnShape
find_map (const RnOnnxReader *self, const RnModel *model, const RnLayer *layer)
{
  while (layer->n_inputs == 1)
    {
      RnShape shape = rn_model_get_input_shape (model, layer->index, 0);

      if (g_hash_table_contains (self->last_names, layer->name))
        break;
      if (shape.rank == 3)
        return layer->kind == RN_LAYER_FLATTEN || layer->kind == RN_LAYER_RESHAPE
                   ? shape
                   : rn_shape_vector (1);
      layer = rn_model_get_layer (model, layer->inputs[0]);
      if (layer->kind == RN_LAYER_DENSE)
        break;
    }

  return rn_shape_vector (1);
}

/* A tensor's numbers; a bias of one number is that of all, and Gemm multiplies both of its own. */
static float *
get_numbers (const RnOnnxWeights *source, const Onnx__TensorProto *proto, gint64 n, GError **error)
{
  gboolean single = proto == source->bias && n > 1 && count (proto) == 1;
  g_autofree float *numbers = rn_onnx_get_floats (proto, single ? 1 : n, error);
  float factor = proto == source->bias ? source->beta : source->alpha;

  if (numbers == NULL)
    return NULL;
  if (single)
    {
      numbers = g_renew (float, numbers, n);
      for (gint64 i = 1; i < n; i++)
        numbers[i] = numbers[0];
    }
  for (gint64 i = 0; factor != 0 && factor != 1 && i < n; i++)
    numbers[i] *= factor;

  return g_steal_pointer (&numbers);
}

static gboolean
add_weight (const RnOnnxReader *self,
            RnWeights *weights,
            const RnModel *model,
            const RnLayer *layer,
            const RnWeightSpec *spec,
            const RnOnnxWeights *source,
            GError **error)
{
  static const char *const norm_names[] = { "gamma", "beta", "moving_mean", "moving_variance" };
  const Onnx__TensorProto *proto = NULL;
  gint64 n = rn_weight_spec_get_n_elements (spec);
  gint64 dims[4] = { spec->dims[0], spec->dims[1], spec->dims[2], spec->dims[3] };
  g_autofree float *numbers = NULL;
  g_autoptr (RnTensor) tensor = NULL;
  RnShape map = find_map (self, model, layer);

  for (guint i = 0; i < G_N_ELEMENTS (norm_names); i++)
    if (g_str_equal (spec->name, norm_names[i]))
      proto = source->norm[i];
  if (spec->rank > 1)
    proto = source->kernel;
  else if (g_str_equal (spec->name, "bias"))
    proto = source->bias;

  tensor = rn_tensor_new (spec->rank, dims, error);
  numbers = tensor != NULL ? get_numbers (source, proto, n, error) : NULL;
  if (numbers == NULL)
    {
      g_prefix_error (error, "layer “%s”: ", layer->name);
      return FALSE;
    }
  if (spec->rank == 4)
    turn_kernel (numbers, spec, layer->kind == RN_LAYER_DEPTHWISE_CONV, tensor->data);
  else if (spec->rank == 2)
    turn_matrix (numbers, spec, &map, source->transposed, tensor->data);
  else
    memcpy (tensor->data, numbers, n * sizeof (float));

  return rn_weights_add (weights, layer->name, spec->name, tensor, error);
}

/* Returns: (transfer full) (nullable): the weights of a model that was read */
RnWeights *
rn_onnx_make_weights (RnOnnxReader *self, const RnModel *model, GError **error)
{
  g_autoptr (RnWeights) weights = rn_weights_new ();

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);
      const RnOnnxWeights *source = g_hash_table_lookup (self->weights_of, layer->name);

      if (source == NULL)
        continue;
      rn_weights_add_layer (weights, layer->name);
      for (int k = 0; k < layer->n_weights; k++)
        if (!add_weight (self, weights, model, layer, &layer->weights[k], source, error))
          return NULL;
    }

  return g_steal_pointer (&weights);
}
