/* Windows that slide over an image, and the zero padding that is folded into them. */
#include "engine/formats/onnx-writer-private.h"

static gboolean
is_relu (const RnLayer *layer)
{
  return layer->kind == RN_LAYER_RELU
         || (layer->kind == RN_LAYER_ACTIVATION
             && layer->config.activation.function == RN_ACTIVATION_RELU);
}

/* Zeros around an image change nothing whether they stand in a layer or in a convolution's pads; to
 * a maximum they do not where nothing is negative. */
gboolean
rn_onnx_is_folded (const RnOnnxWriter *writer, const RnLayer *layer)
{
  const RnLayer *next;

  if (layer->kind != RN_LAYER_ZERO_PADDING || layer->n_outputs != 1)
    return FALSE;
  next = rn_model_get_layer (writer->model, layer->outputs[0]);
  if (next->kind == RN_LAYER_CONV)
    return next->config.conv.padding == RN_PADDING_VALID;

  return next->kind == RN_LAYER_MAX_POOL && next->config.pool.padding == RN_PADDING_VALID
         && layer->config.zero_padding.top < next->config.pool.pool[0]
         && layer->config.zero_padding.left < next->config.pool.pool[1]
         && layer->config.zero_padding.bottom < next->config.pool.pool[0]
         && layer->config.zero_padding.right < next->config.pool.pool[1]
         && is_relu (rn_model_get_layer (writer->model, layer->inputs[0]));
}

/* The tensor that a window slides over, and the borders it adds there. */
const char *
rn_onnx_find_window_input (const RnOnnxWriter *writer,
                   const RnLayer *layer,
                   RnPadding padding,
                   const RnPads *explicit_pads,
                   const int kernel[2],
                   const int stride[2],
                   const int dilation[2],
                   RnPads *pads)
{
  const RnLayer *input = rn_model_get_layer (writer->model, layer->inputs[0]);

  if (rn_onnx_is_folded (writer, input))
    {
      *pads = input->config.zero_padding;
      return rn_onnx_input_name (writer, input, 0);
    }
  *pads = rn_window_get_pads (padding, explicit_pads, &input->output_shape, kernel, stride, dilation);

  return input->name;
}

void
rn_onnx_set_window (RnOnnxNode *node, const int kernel[2], const int stride[2], const RnPads *pads)
{
  const gint64 kernel_shape[] = { kernel[0], kernel[1] };
  const gint64 strides[] = { stride[0], stride[1] };
  const gint64 borders[] = { pads->top, pads->left, pads->bottom, pads->right };

  rn_onnx_node_set_ints (node, "kernel_shape", kernel_shape, 2);
  rn_onnx_node_set_ints (node, "strides", strides, 2);
  rn_onnx_node_set_ints (node, "pads", borders, 4);
}
