/* Layers with weights as ONNX nodes: convolutions, batch norm, dense. */
#include <math.h>

#include "engine/formats/onnx-writer-private.h"

static RnTensor *
get_weight (const RnOnnxWriter *writer, const RnLayer *layer, const char *name, GError **error)
{
  for (int j = 0; j < layer->n_weights; j++)
    if (g_str_equal (layer->weights[j].name, name))
      return rn_tensor_to_f32 (rn_binding_get_tensor (writer->binding, layer->index, j), error);
  g_return_val_if_reached (NULL);
}

static gboolean
add_weight (const RnOnnxWriter *writer, const RnLayer *layer, const char *name, GError **error)
{
  g_autoptr (RnTensor) tensor = get_weight (writer, layer, name, error);
  g_autofree char *path = g_strdup_printf ("%s/%s", layer->name, name);

  if (tensor != NULL)
    rn_onnx_graph_add_f32 (writer->graph, path, tensor);

  return tensor != NULL;
}

/* From [height, width, in, out] to [out, in, height, width]. */
static RnTensor *
transpose_kernel (const RnTensor *hwio, GError **error)
{
  gint64 window = hwio->dims[0] * hwio->dims[1], in = hwio->dims[2], out = hwio->dims[3];
  const gint64 dims[] = { out, in, hwio->dims[0], hwio->dims[1] };
  RnTensor *oihw = rn_tensor_new (4, dims, error);

  if (oihw == NULL)
    return NULL;
  for (gint64 p = 0; p < window; p++)
    for (gint64 i = 0; i < in; i++)
      for (gint64 o = 0; o < out; o++)
        rn_tensor_f32 (oihw)[(o * in + i) * window + p] =
            rn_tensor_f32 (hwio)[(p * in + i) * out + o];

  return oihw;
}

/* From [height, width, in, multiplier] to [in * multiplier, 1, height, width]. */
static RnTensor *
transpose_depthwise (const RnTensor *hwim, GError **error)
{
  gint64 window = hwim->dims[0] * hwim->dims[1], out = hwim->dims[2] * hwim->dims[3];
  const gint64 dims[] = { out, 1, hwim->dims[0], hwim->dims[1] };
  RnTensor *result = rn_tensor_new (4, dims, error);

  if (result == NULL)
    return NULL;
  for (gint64 p = 0; p < window; p++)
    for (gint64 o = 0; o < out; o++)
      rn_tensor_f32 (result)[o * window + p] = rn_tensor_f32 (hwim)[p * out + o];

  return result;
}

/* From [in, units] to [units, in]. */
static RnTensor *
transpose_dense (const RnTensor *kernel, GError **error)
{
  gint64 in = kernel->dims[0], units = kernel->dims[1];
  const gint64 dims[] = { units, in };
  RnTensor *result = rn_tensor_new (2, dims, error);

  if (result == NULL)
    return NULL;
  for (gint64 i = 0; i < in; i++)
    for (gint64 u = 0; u < units; u++)
      rn_tensor_f32 (result)[u * in + i] = rn_tensor_f32 (kernel)[i * units + u];

  return result;
}

static gboolean
add_kernel (const RnOnnxWriter *writer, const RnLayer *layer, const char *name, GError **error)
{
  g_autoptr (RnTensor) hwio = get_weight (writer, layer, name, error);
  g_autoptr (RnTensor) kernel = NULL;
  g_autofree char *path = g_strdup_printf ("%s/%s", layer->name, name);

  if (hwio != NULL && hwio->rank == 2)
    kernel = transpose_dense (hwio, error);
  else if (hwio != NULL)
    kernel = g_str_equal (name, "depthwise_kernel") ? transpose_depthwise (hwio, error)
                                                    : transpose_kernel (hwio, error);
  if (kernel != NULL)
    rn_onnx_graph_add_f32 (writer->graph, path, kernel);

  return kernel != NULL;
}


/* The name that the node before a built-in activation takes, and the activation behind it. */
static char *
name_before (const RnLayer *layer, RnActivation activation, const char *part)
{
  return activation == RN_ACTIVATION_LINEAR ? g_strdup (layer->name)
                                            : g_strdup_printf ("%s/%s", layer->name, part);
}

gboolean
rn_onnx_write_conv (const RnOnnxWriter *writer, const RnLayer *layer, GError **error)
{
  const RnConvConfig *conv = &layer->config.conv;
  gboolean depthwise = layer->kind != RN_LAYER_CONV;
  gboolean separable = layer->kind == RN_LAYER_SEPARABLE_CONV;
  const char *kernel_name = depthwise ? "depthwise_kernel" : "kernel";
  g_autofree char *kernel = g_strdup_printf ("%s/%s", layer->name, kernel_name);
  g_autofree char *pointwise = g_strdup_printf ("%s/pointwise_kernel", layer->name);
  g_autofree char *bias = g_strdup_printf ("%s/bias", layer->name);
  g_autofree char *last = name_before (layer, conv->activation, "conv");
  g_autofree char *first = separable ? g_strdup_printf ("%s/depthwise", layer->name) : g_strdup (last);
  const gint64 dilations[] = { conv->dilation[0], conv->dilation[1] };
  const char *inputs[] = { NULL, kernel, conv->use_bias && !separable ? bias : NULL, NULL };
  RnOnnxNode *node;
  RnPads pads;

  if (!add_kernel (writer, layer, kernel_name, error)
      || (conv->use_bias && !add_weight (writer, layer, "bias", error)))
    return FALSE;

  inputs[0] = rn_onnx_find_window_input (writer, layer, conv->padding, &conv->pads, conv->kernel,
                                 conv->stride, conv->dilation, &pads);
  node = rn_onnx_graph_add_node (writer->graph, "Conv", first, inputs, first);
  rn_onnx_set_window (node, conv->kernel, conv->stride, &pads);
  rn_onnx_node_set_ints (node, "dilations", dilations, 2);
  rn_onnx_node_set_int (node, "group",
                        depthwise ? rn_onnx_input_shape (writer, layer, 0)->dims[2] : conv->groups);

  if (separable)
    {
      const char *const second[] = { first, pointwise, conv->use_bias ? bias : NULL, NULL };

      if (!add_kernel (writer, layer, "pointwise_kernel", error))
        return FALSE;
      rn_onnx_graph_add_node (writer->graph, "Conv", last, second, last);
    }
  if (conv->activation != RN_ACTIVATION_LINEAR)
    rn_onnx_add_activation (writer, layer, conv->activation, INFINITY, last);

  return TRUE;
}

/* Gamma and beta that a layer does not have are ones and zeros. */
static gboolean
add_batch_norm_weight (const RnOnnxWriter *writer,
                       const RnLayer *layer,
                       const char *name,
                       gboolean present,
                       float constant,
                       GError **error)
{
  const gint64 dims[] = { rn_shape_get_channels (&layer->output_shape) };
  g_autofree char *path = g_strdup_printf ("%s/%s", layer->name, name);
  g_autoptr (RnTensor) tensor = NULL;

  if (present)
    return add_weight (writer, layer, name, error);
  tensor = rn_tensor_new (1, dims, error);
  for (gint64 i = 0; tensor != NULL && i < dims[0]; i++)
    rn_tensor_f32 (tensor)[i] = constant;
  if (tensor != NULL)
    rn_onnx_graph_add_f32 (writer->graph, path, tensor);

  return tensor != NULL;
}

gboolean
rn_onnx_write_batch_norm (const RnOnnxWriter *writer, const RnLayer *layer, GError **error)
{
  const RnBatchNormConfig *config = &layer->config.batch_norm;
  g_autofree char *gamma = g_strdup_printf ("%s/gamma", layer->name);
  g_autofree char *beta = g_strdup_printf ("%s/beta", layer->name);
  g_autofree char *mean = g_strdup_printf ("%s/moving_mean", layer->name);
  g_autofree char *variance = g_strdup_printf ("%s/moving_variance", layer->name);
  const char *const inputs[] = { rn_onnx_input_name (writer, layer, 0), gamma, beta, mean, variance, NULL };
  RnOnnxNode *node;

  if (!add_batch_norm_weight (writer, layer, "gamma", config->scale, 1, error)
      || !add_batch_norm_weight (writer, layer, "beta", config->center, 0, error)
      || !add_weight (writer, layer, "moving_mean", error)
      || !add_weight (writer, layer, "moving_variance", error))
    return FALSE;
  node = rn_onnx_graph_add_node (writer->graph, "BatchNormalization", layer->name, inputs,
                                 layer->name);
  rn_onnx_node_set_float (node, "epsilon", rn_binding_get_epsilon (writer->binding, layer->index));
  rn_onnx_node_set_float (node, "momentum", config->momentum);

  return TRUE;
}

gboolean
rn_onnx_write_dense (const RnOnnxWriter *writer, const RnLayer *layer, GError **error)
{
  const RnDenseConfig *dense = &layer->config.dense;
  g_autofree char *kernel = g_strdup_printf ("%s/kernel", layer->name);
  g_autofree char *bias = g_strdup_printf ("%s/bias", layer->name);
  g_autofree char *product = name_before (layer, dense->activation, "gemm");
  const char *const inputs[] = { rn_onnx_input_name (writer, layer, 0), kernel,
                                 dense->use_bias ? bias : NULL, NULL };

  if (!add_kernel (writer, layer, "kernel", error)
      || (dense->use_bias && !add_weight (writer, layer, "bias", error)))
    return FALSE;
  /* The form of PyTorch's exporter, which every reader knows. */
  rn_onnx_node_set_int (
      rn_onnx_graph_add_node (writer->graph, "Gemm", product, inputs, product), "transB", 1);
  if (dense->activation != RN_ACTIVATION_LINEAR)
    rn_onnx_add_activation (writer, layer, dense->activation, INFINITY, product);

  return TRUE;
}
