/* Networks are written channels first, as ONNX wants them. A node bears the name of its layer and
 * makes the tensor of that name; where a layer takes several nodes, those before the last are
 * "LAYER/part". Zero padding is folded into the window behind it where that changes no number. */
#include "engine/formats/onnx-writer-private.h"

#include <math.h>
#include <string.h>

const char *
rn_onnx_input_name (const RnOnnxWriter *writer, const RnLayer *layer, int i)
{
  return rn_model_get_layer (writer->model, layer->inputs[i])->name;
}

const RnShape *
rn_onnx_input_shape (const RnOnnxWriter *writer, const RnLayer *layer, int i)
{
  return &rn_model_get_layer (writer->model, layer->inputs[i])->output_shape;
}

RnOnnxNode *
rn_onnx_add_unary (const RnOnnxWriter *writer,
           const char *op_type,
           const char *name,
           const char *input)
{
  const char *const inputs[] = { input, NULL };

  return rn_onnx_graph_add_node (writer->graph, op_type, name, inputs, name);
}

void
rn_onnx_add_activation (const RnOnnxWriter *writer,
                const RnLayer *layer,
                RnActivation function,
                float max_value,
                const char *input)
{
  const char *name = layer->name;
  g_autofree char *gate = g_strconcat (name, "/sigmoid", NULL);
  g_autofree char *relu = g_strconcat (name, "/relu", NULL);
  g_autofree char *most = g_strconcat (name, "/max", NULL);
  const gint64 scalar[] = { 0 };

  switch (function)
    {
    case RN_ACTIVATION_LINEAR:
      rn_onnx_add_unary (writer, "Identity", name, input);
      break;
    case RN_ACTIVATION_RELU:
      if (isinf (max_value))
        {
          rn_onnx_add_unary (writer, "Relu", name, input);
          break;
        }
      {
        g_autoptr (RnTensor) limit = rn_tensor_new (0, scalar, NULL);
        const char *const inputs[] = { relu, "", most, NULL };

        rn_tensor_f32 (limit)[0] = max_value;
        rn_onnx_graph_add_f32 (writer->graph, most, limit);
        rn_onnx_add_unary (writer, "Relu", relu, input);
        rn_onnx_graph_add_node (writer->graph, "Clip", name, inputs, name);
      }
      break;
    case RN_ACTIVATION_SOFTMAX:
      rn_onnx_node_set_int (rn_onnx_add_unary (writer, "Softmax", name, input), "axis",
                            RN_ONNX_CHANNEL_AXIS);
      break;
    case RN_ACTIVATION_SIGMOID:
      rn_onnx_add_unary (writer, "Sigmoid", name, input);
      break;
    case RN_ACTIVATION_TANH:
      rn_onnx_add_unary (writer, "Tanh", name, input);
      break;
    case RN_ACTIVATION_SWISH:
      {
        const char *const inputs[] = { input, gate, NULL };

        rn_onnx_add_unary (writer, "Sigmoid", gate, input);
        rn_onnx_graph_add_node (writer->graph, "Mul", name, inputs, name);
      }
      break;
    case RN_N_ACTIVATIONS:
    default:
      g_assert_not_reached ();
    }
}

static void
write_pool (const RnOnnxWriter *writer, const RnLayer *layer)
{
  const RnPoolConfig *pool = &layer->config.pool;
  gboolean average = layer->kind == RN_LAYER_AVERAGE_POOL;
  RnPads pads;
  const char *input = rn_onnx_find_window_input (writer, layer, pool->padding, &pool->pads, pool->pool,
                                         pool->stride, NULL, &pads);
  RnOnnxNode *node =
      rn_onnx_add_unary (writer, average ? "AveragePool" : "MaxPool", layer->name, input);

  rn_onnx_set_window (node, pool->pool, pool->stride, &pads);
  if (average)
    rn_onnx_node_set_int (node, "count_include_pad", pool->count_padding);
}

static void
write_global_pool (const RnOnnxWriter *writer, const RnLayer *layer)
{
  gboolean average = layer->kind == RN_LAYER_GLOBAL_AVERAGE_POOL;
  g_autofree char *pooled = g_strconcat (layer->name, "/pool", NULL);

  rn_onnx_add_unary (writer, average ? "GlobalAveragePool" : "GlobalMaxPool", pooled,
             rn_onnx_input_name (writer, layer, 0));
  rn_onnx_node_set_int (rn_onnx_add_unary (writer, "Flatten", layer->name, pooled), "axis", 1);
}

static void
add_pad (const RnOnnxWriter *writer, const char *name, const char *input, const gint64 pads[8])
{
  g_autofree char *borders = g_strconcat (name, "/pads", NULL);
  const char *const inputs[] = { input, borders, NULL };

  rn_onnx_graph_add_i64 (writer->graph, borders, pads, 8);
  rn_onnx_graph_add_node (writer->graph, "Pad", name, inputs, name);
}

static void
write_zero_padding (const RnOnnxWriter *writer, const RnLayer *layer)
{
  const RnPads *pads = &layer->config.zero_padding;
  const gint64 borders[] = { 0, 0, pads->top, pads->left, 0, 0, pads->bottom, pads->right };

  if (!rn_onnx_is_folded (writer, layer))
    add_pad (writer, layer->name, rn_onnx_input_name (writer, layer, 0), borders);
}

/* Every stride-th pixel, then channels of zeros. */
static void
write_shortcut_padding (const RnOnnxWriter *writer, const RnLayer *layer)
{
  const RnShortcutPaddingConfig *config = &layer->config.shortcut_padding;
  g_autofree char *sampled = g_strconcat (layer->name, "/sampled", NULL);
  g_autofree char *starts = g_strconcat (layer->name, "/starts", NULL);
  g_autofree char *ends = g_strconcat (layer->name, "/ends", NULL);
  g_autofree char *axes = g_strconcat (layer->name, "/axes", NULL);
  g_autofree char *steps = g_strconcat (layer->name, "/steps", NULL);
  const char *const inputs[] = { rn_onnx_input_name (writer, layer, 0), starts, ends, axes, steps, NULL };
  const gint64 zero[] = { 0, 0 }, end[] = { G_MAXINT64, G_MAXINT64 }, axis[] = { 2, 3 };
  const gint64 step[] = { config->stride, config->stride };
  const gint64 pads[] = { 0, config->before, 0, 0, 0, config->after, 0, 0 };

  rn_onnx_graph_add_i64 (writer->graph, starts, zero, 2);
  rn_onnx_graph_add_i64 (writer->graph, ends, end, 2);
  rn_onnx_graph_add_i64 (writer->graph, axes, axis, 2);
  rn_onnx_graph_add_i64 (writer->graph, steps, step, 2);
  rn_onnx_graph_add_node (writer->graph, "Slice", sampled, inputs, sampled);
  add_pad (writer, layer->name, sampled, pads);
}

static void
write_merge (const RnOnnxWriter *writer, const RnLayer *layer, const char *op_type)
{
  g_autofree char *sum = g_strdup (rn_onnx_input_name (writer, layer, 0));

  /* ONNX's Add and Mul take two. */
  for (int i = 1; i < layer->n_inputs; i++)
    {
      gboolean last = i == layer->n_inputs - 1;
      g_autofree char *name =
          last ? g_strdup (layer->name) : g_strdup_printf ("%s/%d", layer->name, i);
      const char *const inputs[] = { sum, rn_onnx_input_name (writer, layer, i), NULL };

      rn_onnx_graph_add_node (writer->graph, op_type, name, inputs, name);
      g_free (sum);
      sum = g_steal_pointer (&name);
    }
}

static void
write_concatenate (const RnOnnxWriter *writer, const RnLayer *layer)
{
  g_autoptr (GPtrArray) inputs = g_ptr_array_new ();

  for (int i = 0; i < layer->n_inputs; i++)
    g_ptr_array_add (inputs, (gpointer) rn_onnx_input_name (writer, layer, i));
  g_ptr_array_add (inputs, NULL);
  rn_onnx_node_set_int (rn_onnx_graph_add_node (writer->graph, "Concat", layer->name,
                                                (const char *const *) inputs->pdata, layer->name),
                        "axis", RN_ONNX_CHANNEL_AXIS);
}

/* Flatten and Reshape speak of the order channels last: between them lies a transposition. */
static void
write_reshape (const RnOnnxWriter *writer, const RnLayer *layer)
{
  const RnShape *from = rn_onnx_input_shape (writer, layer, 0), *to = &layer->output_shape;
  g_autofree char *last = g_strconcat (layer->name, "/channels_last", NULL);
  g_autofree char *reshaped =
      to->rank == 3 ? g_strconcat (layer->name, "/reshaped", NULL) : g_strdup (layer->name);
  g_autofree char *shape = g_strconcat (layer->name, "/shape", NULL);
  const gint64 to_last[] = { 0, 2, 3, 1 }, to_first[] = { 0, 3, 1, 2 };
  const char *inputs[] = { rn_onnx_input_name (writer, layer, 0), shape, NULL };
  gint64 dims[1 + RN_SHAPE_MAX_RANK] = { -1 };

  if (from->rank == 3)
    {
      rn_onnx_node_set_ints (rn_onnx_add_unary (writer, "Transpose", last, inputs[0]), "perm", to_last, 4);
      inputs[0] = last;
    }
  for (int i = 0; i < to->rank; i++)
    dims[1 + i] = to->dims[i];
  rn_onnx_graph_add_i64 (writer->graph, shape, dims, 1 + to->rank);
  rn_onnx_graph_add_node (writer->graph, "Reshape", reshaped, inputs, reshaped);
  if (to->rank == 3)
    rn_onnx_node_set_ints (rn_onnx_add_unary (writer, "Transpose", layer->name, reshaped), "perm", to_first,
                           4);
}

/* A shape as ONNX has it: the batch, then channels first. Returns the rank. */
static int
get_onnx_dims (const RnShape *shape, gint64 dims[4])
{
  dims[0] = -1;
  if (shape->rank == 3)
    {
      dims[1] = shape->dims[2];
      dims[2] = shape->dims[0];
      dims[3] = shape->dims[1];
      return 4;
    }
  for (int i = 0; i < shape->rank; i++)
    dims[1 + i] = shape->dims[i];

  return 1 + shape->rank;
}

static gboolean
write_layer (const RnOnnxWriter *writer, const RnLayer *layer, GError **error)
{
  gint64 dims[4];
  int rank;

  switch (layer->kind)
    {
    case RN_LAYER_INPUT:
      rank = get_onnx_dims (&layer->output_shape, dims);
      rn_onnx_graph_set_input (writer->graph, layer->name, dims, rank);
      return TRUE;
    case RN_LAYER_CONV:
    case RN_LAYER_DEPTHWISE_CONV:
    case RN_LAYER_SEPARABLE_CONV:
      return rn_onnx_write_conv (writer, layer, error);
    case RN_LAYER_BATCH_NORM:
      return rn_onnx_write_batch_norm (writer, layer, error);
    case RN_LAYER_DENSE:
      return rn_onnx_write_dense (writer, layer, error);
    case RN_LAYER_ZERO_PADDING:
      write_zero_padding (writer, layer);
      return TRUE;
    case RN_LAYER_SHORTCUT_PADDING:
      write_shortcut_padding (writer, layer);
      return TRUE;
    case RN_LAYER_ACTIVATION:
    case RN_LAYER_RELU:
      rn_onnx_add_activation (writer, layer, layer->config.activation.function,
                      layer->config.activation.max_value, rn_onnx_input_name (writer, layer, 0));
      return TRUE;
    case RN_LAYER_MAX_POOL:
    case RN_LAYER_AVERAGE_POOL:
      write_pool (writer, layer);
      return TRUE;
    case RN_LAYER_GLOBAL_MAX_POOL:
    case RN_LAYER_GLOBAL_AVERAGE_POOL:
      write_global_pool (writer, layer);
      return TRUE;
    case RN_LAYER_ADD:
      write_merge (writer, layer, "Add");
      return TRUE;
    case RN_LAYER_MULTIPLY:
      write_merge (writer, layer, "Mul");
      return TRUE;
    case RN_LAYER_CONCATENATE:
      write_concatenate (writer, layer);
      return TRUE;
    case RN_LAYER_FLATTEN:
    case RN_LAYER_RESHAPE:
      write_reshape (writer, layer);
      return TRUE;
    case RN_LAYER_DROPOUT:
      rn_onnx_add_unary (writer, "Identity", layer->name, rn_onnx_input_name (writer, layer, 0));
      return TRUE;
    case RN_N_LAYER_KINDS:
    default:
      g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONFIG,
                   "layer “%s” (%s) has no counterpart in ONNX", layer->name,
                   rn_layer_kind_get_keras_class (layer->kind));
      return FALSE;
    }
}

/* What a weight file of ours says of itself. */
static void
write_info (const RnOnnxWriter *writer)
{
  const RnWeightsInfo *info = rn_weights_get_info (rn_binding_get_weights (writer->binding));
  g_autofree char *classes = info->classes != NULL ? g_strjoinv ("\n", info->classes) : NULL;
  g_autofree char *labels = info->labels != NULL ? g_strjoinv ("\n", info->labels) : NULL;
  const struct
  {
    const char *key;
    const char *value;
  } properties[] = {
    { "rn_classes", classes },           { "rn_labels", labels },
    { "rn_preprocess", info->preprocess }, { "rn_origin", info->origin },
    { "rn_license", info->license },
  };

  for (guint i = 0; i < G_N_ELEMENTS (properties); i++)
    if (properties[i].value != NULL)
      rn_onnx_graph_add_property (writer->graph, properties[i].key, properties[i].value);
}

/**
 * rn_onnx_to_bytes:
 * @binding: a network and its weights
 *
 * ONNX of opset 17: input [N, C, H, W] of any N, weights float32. metadata_props carry what a weight
 * file of ours says of itself (`rn_classes`, …), lists divided by line breaks.
 *
 * Returns: (transfer full) (nullable): the file's content, or %NULL with an error
 */
GBytes *
rn_onnx_to_bytes (RnBinding *binding, GError **error)
{
  const RnModel *model = rn_binding_get_model (binding);
  g_autoptr (RnOnnxGraph) graph =
      rn_onnx_graph_new (rn_model_get_name (model), RN_ONNX_OPSET);
  RnOnnxWriter writer = { binding, model, graph };

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    if (!write_layer (&writer, rn_model_get_layer (model, i), error))
      return NULL;
  for (int i = 0; i < rn_model_get_n_outputs (model); i++)
    {
      const RnLayer *output = rn_model_get_output (model, i);
      gint64 dims[4];
      int rank = get_onnx_dims (&output->output_shape, dims);

      rn_onnx_graph_add_output (graph, output->name, dims, rank);
    }
  write_info (&writer);

  return rn_onnx_graph_to_bytes (graph, error);
}

/* Writes rn_onnx_to_bytes() to a file, which appears whole or not at all. */
gboolean
rn_onnx_write (RnBinding *binding, const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = rn_onnx_to_bytes (binding, error);
  gsize size;
  const char *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;

  return data != NULL
         && g_file_set_contents_full (path, data, size, G_FILE_SET_CONTENTS_CONSISTENT, 0666, error);
}
