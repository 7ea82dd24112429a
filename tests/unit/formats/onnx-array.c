#include "tests/unit/formats/onnx-array.h"

/* A case's file of one tensor, or NULL; free it with protobuf. */
Onnx__TensorProto *
onnx_load_tensor (const char *folder, const char *name, int i)
{
  g_autofree char *path = g_strdup_printf ("%s/test_data_set_0/%s_%d.pb", folder, name, i);
  g_autofree char *bytes = NULL;
  gsize size;

  if (!g_file_get_contents (path, &bytes, &size, NULL))
    return NULL;

  return onnx__tensor_proto__unpack (NULL, size, (const uint8_t *)bytes);
}

void
onnx_array_clear (OnnxArray *array)
{
  g_clear_pointer (&array->data, g_free);
}

/* Returns: what keeps the tensor from being read as float32; NULL where it was */
const char *
onnx_array_read (OnnxArray *array, const Onnx__TensorProto *proto)
{
  if (proto->data_type != ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT)
    return "its numbers are not float32";
  if (proto->n_dims > G_N_ELEMENTS (array->dims))
    return "it has more than 8 axes";
  *array = (OnnxArray){ .rank = (int) proto->n_dims, .n = 1 };
  for (size_t i = 0; i < proto->n_dims; i++)
    array->n *= array->dims[i] = proto->dims[i];
  if (array->n == 0)
    return "it has no numbers at all";
  array->data = g_new (float, array->n);
  if (proto->raw_data.len == array->n * sizeof (float))
    memcpy (array->data, proto->raw_data.data, proto->raw_data.len);
  else if (proto->n_float_data == (size_t)array->n)
    memcpy (array->data, proto->float_data, array->n * sizeof (float));
  else
    return "its data is in no known form";

  return NULL;
}

/* Numbers of maps, channels first to last, as a tensor that fits the model's input. */
RnTensor *
onnx_array_to_tensor (const OnnxArray *array)
{
  gboolean map = array->rank == 4;
  gint64 channels = map ? array->dims[1] : 1, pixels = map ? array->dims[2] * array->dims[3] : 1;
  gint64 dims[4] = { array->dims[0], array->dims[2], array->dims[3], array->dims[1] };
  RnTensor *tensor = map ? rn_tensor_new (4, dims, NULL) : rn_tensor_new (2, array->dims, NULL);
  float *to = tensor->data;

  if (!map)
    memcpy (to, array->data, array->n * sizeof (float));
  for (gint64 n = 0; map && n < array->dims[0]; n++)
    for (gint64 p = 0; p < pixels; p++)
      for (gint64 c = 0; c < channels; c++)
        *to++ = array->data[(n * channels + c) * pixels + p];

  return tensor;
}
