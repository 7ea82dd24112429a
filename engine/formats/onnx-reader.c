#include "engine/formats/onnx-reader.h"

#include <string.h>

#include "engine/formats/clean-text.h"
#include "engine/formats/onnx-reader-private.h"

#define MIN_OPSET 9
#define MAX_OPSET 21
#define ANY_SIZE 224 /* what an input of any size is drawn at */

static gboolean
fail (const RnOnnxReader *self, GError **error, const char *what)
{
  g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONFIG, "%s: %s", self->label, what);
  return FALSE;
}

/* The node that alone takes a value; NULL where several do, or where it is an output. */
const Onnx__NodeProto *
rn_onnx_get_only_consumer (const RnOnnxReader *self, const char *value)
{
  GPtrArray *consumers = g_hash_table_lookup (self->consumers, value);

  for (size_t i = 0; i < self->graph->n_output; i++)
    if (g_strcmp0 (self->graph->output[i]->name, value) == 0)
      return NULL;

  return consumers != NULL && consumers->len == 1 ? g_ptr_array_index (consumers, 0) : NULL;
}

/* The constant that a node takes as its n-th input, or NULL. */
const Onnx__TensorProto *
rn_onnx_find_tensor (const RnOnnxReader *self, const Onnx__NodeProto *node, size_t input)
{
  if (input >= node->n_input || node->input[input][0] == '\0')
    return NULL;

  return g_hash_table_lookup (self->tensors, node->input[input]);
}

static void
collect_constants (RnOnnxReader *self)
{
  const Onnx__GraphProto *graph = self->graph;

  for (size_t i = 0; i < graph->n_initializer; i++)
    g_hash_table_insert (self->tensors, graph->initializer[i]->name, graph->initializer[i]);
  for (size_t i = 0; i < graph->n_node; i++)
    {
      const Onnx__NodeProto *node = graph->node[i];

      if (g_strcmp0 (node->op_type, "Constant") == 0 && node->n_output == 1)
        for (size_t k = 0; k < node->n_attribute; k++)
          if (node->attribute[k]->t != NULL)
            g_hash_table_insert (self->tensors, node->output[0], node->attribute[k]->t);
      /* A constant by another name. */
      if (g_strcmp0 (node->op_type, "Identity") == 0 && node->n_output == 1 && node->n_input == 1 &&
          g_hash_table_contains (self->tensors, node->input[0]))
        g_hash_table_insert (self->tensors, node->output[0],
                             g_hash_table_lookup (self->tensors, node->input[0]));
      for (size_t k = 0; k < node->n_input; k++)
        {
          GPtrArray *consumers = g_hash_table_lookup (self->consumers, node->input[k]);

          if (consumers == NULL)
            {
              consumers = g_ptr_array_new ();
              g_hash_table_insert (self->consumers, node->input[k], consumers);
            }
          g_ptr_array_add (consumers, (gpointer)node);
        }
    }
}

/* Whether the graph turns its input from channels last itself. */
static gboolean
is_channels_last (const RnOnnxReader *self, const char *input)
{
  GPtrArray *consumers = g_hash_table_lookup (self->consumers, input);
  const Onnx__NodeProto *node = consumers != NULL ? g_ptr_array_index (consumers, 0) : NULL;

  return node != NULL && g_strcmp0 (node->op_type, "Transpose") == 0 && node->n_attribute == 1 &&
         node->attribute[0]->n_ints == 4 && node->attribute[0]->ints[1] == 3 &&
         node->attribute[0]->ints[2] == 1 && node->attribute[0]->ints[3] == 2;
}

static gboolean
read_input (RnOnnxReader *self, const Onnx__ValueInfoProto *input, GError **error)
{
  const Onnx__TensorShapeProto *shape = NULL;
  RnLayerConfig config = { 0 };
  gboolean last = is_channels_last (self, input->name);

  if (input->type != NULL && input->type->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE)
    shape = input->type->tensor_type->shape;
  if (shape == NULL || (shape->n_dim != 4 && shape->n_dim != 2))
    return fail (self, error, "its input has no shape [pictures, channels, height, width]");

  config.input.rank = (int) shape->n_dim - 1;
  for (int i = 0; i < config.input.rank; i++)
    {
      const Onnx__TensorShapeProto__Dimension *dim = shape->dim[i + 1];
      int to = config.input.rank == 3 && !last ? (i + 2) % 3 : i;
      gboolean known = dim->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE &&
                       dim->dim_value > 0;

      if (!known && (config.input.rank == 1 || to == 2))
        return fail (self, error, "its input does not say how many channels it has");
      if (known && dim->dim_value > RN_MAX_DIMENSION)
        return fail (self, error, "its input is too large");
      config.input.dims[to] = known ? (int)dim->dim_value : ANY_SIZE;
      if (!known)
        rn_model_builder_add_note (self->builder, "the input may have any size; drawn for 224×224");
    }
  rn_model_builder_add (self->builder, RN_LAYER_INPUT, input->name, &config, NULL);
  g_hash_table_insert (self->shape_of, g_strdup (input->name),
                       g_memdup2 (&config.input, sizeof config.input));
  g_hash_table_insert (self->layer_of, input->name, g_strdup (input->name));
  g_hash_table_add (self->names, g_strdup (input->name));

  return TRUE;
}

static gboolean
read_graph (RnOnnxReader *self, GError **error)
{
  const Onnx__GraphProto *graph = self->graph;

  if (graph->n_node > RN_MODEL_MAX_LAYERS)
    return fail (self, error, "more than 20000 nodes");
  collect_constants (self);
  for (size_t i = 0; i < graph->n_input; i++)
    if (!g_hash_table_contains (self->tensors, graph->input[i]->name) &&
        !read_input (self, graph->input[i], error))
      return FALSE;
  for (size_t i = 0; i < graph->n_node; i++)
    if (!g_hash_table_contains (self->tensors,
                                graph->node[i]->n_output > 0 ? graph->node[i]->output[0] : "") &&
        !rn_onnx_read_node (self, graph->node[i], error))
      return FALSE;
  for (size_t i = 0; i < graph->n_output; i++)
    {
      const char *layer = g_hash_table_lookup (self->layer_of, graph->output[i]->name);

      if (layer == NULL)
        return fail (self, error, "no node computes one of its outputs");
      rn_model_builder_add_output (self->builder, layer);
    }

  return TRUE;
}

/* Behind a Flatten of several pixels only a Dense layer can be turned to channels last. */
static gboolean
check_flattened (const RnOnnxReader *self, const RnModel *model, GError **error)
{
  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);
      RnShape shape;

      if (layer->kind != RN_LAYER_FLATTEN || g_hash_table_contains (self->last_names, layer->name))
        continue;
      shape = rn_model_get_input_shape (model, i, 0);
      if (shape.rank != 3 || shape.dims[0] * shape.dims[1] == 1)
        continue;
      while (layer->n_outputs == 1 &&
             (rn_model_get_layer (model, layer->outputs[0])->kind == RN_LAYER_DROPOUT ||
              rn_model_get_layer (model, layer->outputs[0])->kind == RN_LAYER_ACTIVATION))
        layer = rn_model_get_layer (model, layer->outputs[0]);
      for (int k = 0; k < layer->n_outputs; k++)
        if (rn_model_get_layer (model, layer->outputs[k])->kind != RN_LAYER_DENSE)
          return fail (self, error,
                       "it flattens several pixels, channels first, for something else "
                       "than a Gemm or MatMul, which is not supported");
    }

  return TRUE;
}

static RnModel *
build (RnOnnxReader *self, RnWeights **weights, GError **error)
{
  g_autoptr (RnModel) model = NULL;

  if (!read_graph (self, error))
    return NULL;
  model = rn_model_builder_build (self->builder, error);
  if (model == NULL)
    {
      g_prefix_error (error, "%s: ", self->label);
      return NULL;
    }
  if (!check_flattened (self, model, error))
    return NULL;
  if (weights != NULL && rn_model_check_runnable (model, NULL))
    {
      *weights = rn_onnx_make_weights (self, model, error);
      if (*weights == NULL)
        {
          g_prefix_error (error, "%s: ", self->label);
          return NULL;
        }
    }

  return g_steal_pointer (&model);
}

static gboolean
check_opset (const RnOnnxReader *self, const Onnx__ModelProto *proto, GError **error)
{
  for (size_t i = 0; i < proto->n_opset_import; i++)
    {
      gint64 version = proto->opset_import[i]->version;

      if (proto->opset_import[i]->domain[0] == '\0' && (version < MIN_OPSET || version > MAX_OPSET))
        {
          g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONFIG,
                       "%s: opset %" G_GINT64_FORMAT " of ONNX; from %d to %d are supported",
                       self->label, version, MIN_OPSET, MAX_OPSET);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
are_utf8 (char *const *names, size_t n_names)
{
  for (size_t i = 0; i < n_names; i++)
    if (names[i] != NULL && !g_utf8_validate (names[i], -1, NULL))
      return FALSE;

  return TRUE;
}

/* The names of a graph end up in messages and on the screen. protobuf-c does not look at them. */
static gboolean
check_names (const RnOnnxReader *self, const Onnx__GraphProto *graph, GError **error)
{
  gboolean good = are_utf8 (&graph->name, 1);

  for (size_t i = 0; good && i < graph->n_node; i++)
    good = are_utf8 (&graph->node[i]->name, 1) && are_utf8 (&graph->node[i]->op_type, 1)
           && are_utf8 (&graph->node[i]->domain, 1)
           && are_utf8 (graph->node[i]->input, graph->node[i]->n_input)
           && are_utf8 (graph->node[i]->output, graph->node[i]->n_output);
  for (size_t i = 0; good && i < graph->n_input; i++)
    good = are_utf8 (&graph->input[i]->name, 1);
  for (size_t i = 0; good && i < graph->n_output; i++)
    good = are_utf8 (&graph->output[i]->name, 1);
  for (size_t i = 0; good && i < graph->n_initializer; i++)
    good = are_utf8 (&graph->initializer[i]->name, 1);

  return good ? TRUE : fail (self, error, "damaged: a name in it is no UTF-8, which ONNX asks for");
}

/* What the file leaves out is empty: PyTorch leaves out ONNX's own domain, others the names of nodes.
 * protobuf-c has NULL there, and frees what it did not allocate as well. */
static void
complete_string (char **string)
{
  if (*string == NULL)
    *string = strdup ("");
}

static void
complete_strings (Onnx__ModelProto *proto)
{
  Onnx__GraphProto *graph = proto->graph;

  complete_string (&graph->name);
  for (size_t i = 0; i < proto->n_opset_import; i++)
    complete_string (&proto->opset_import[i]->domain);
  for (size_t i = 0; i < graph->n_initializer; i++)
    complete_string (&graph->initializer[i]->name);
  for (size_t i = 0; i < graph->n_input; i++)
    complete_string (&graph->input[i]->name);
  for (size_t i = 0; i < graph->n_output; i++)
    complete_string (&graph->output[i]->name);
  for (size_t i = 0; i < graph->n_node; i++)
    {
      complete_string (&graph->node[i]->name);
      complete_string (&graph->node[i]->op_type);
      for (size_t k = 0; k < graph->node[i]->n_attribute; k++)
        complete_string (&graph->node[i]->attribute[k]->name);
    }
}

/**
 * rn_onnx_detect:
 *
 * Returns: whether the bytes may be an ONNX model: it begins with ir_version, a small number
 */
gboolean
rn_onnx_detect (const guint8 *bytes, gsize n_bytes)
{
  return n_bytes > 16 && bytes[0] == 0x08 && bytes[1] >= 3 && bytes[1] <= 16;
}

/* Messages quote names of the file, cut where they are long and with whatever is in them. */
static void
take_error (GError *source, GError **error)
{
  g_autofree char *line = rn_clean_text (source->message, strlen (source->message));

  g_set_error_literal (error, source->domain, source->code, line);
  g_error_free (source);
}

/**
 * rn_onnx_read:
 * @label: what to call the file in messages
 * @weights: (out) (optional) (nullable): the model's weights; %NULL where a layer is not supported
 *
 * Reads a graph, channels first, as a model that is channels last. An Identity and a Flatten behind
 * a global pooling become no layers; a MatMul and the Add of a constant behind it become one.
 *
 * Returns: (transfer full) (nullable): the model
 */
RnModel *
rn_onnx_read (
    const guint8 *bytes, gsize n_bytes, const char *label, RnWeights **weights, GError **error)
{
  Onnx__ModelProto *proto = onnx__model_proto__unpack (NULL, n_bytes, bytes);
  RnOnnxReader reader = { .label = label };
  RnModel *model = NULL;
  GError *local = NULL;
  const char *name;

  if (weights != NULL)
    *weights = NULL;
  if (proto == NULL || proto->graph == NULL)
    {
      fail (&reader, error, "damaged, or no ONNX model");
      if (proto != NULL)
        onnx__model_proto__free_unpacked (proto, NULL);
      return NULL;
    }

  complete_strings (proto);
  reader.graph = proto->graph;
  name = proto->graph->name[0] != '\0' ? proto->graph->name : "model";
  reader.builder = rn_model_builder_new (name, name);
  reader.tensors = g_hash_table_new (g_str_hash, g_str_equal);
  reader.layer_of = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  reader.consumers =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
  reader.weights_of = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  reader.names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  reader.aliased = g_hash_table_new (NULL, NULL);
  reader.last = g_hash_table_new (NULL, NULL);
  reader.last_names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  reader.shape_of = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (check_names (&reader, proto->graph, &local) && check_opset (&reader, proto, &local))
    model = build (&reader, weights, &local);
  if (local != NULL)
    take_error (local, error);

  rn_model_builder_free (reader.builder);
  g_hash_table_unref (reader.tensors);
  g_hash_table_unref (reader.layer_of);
  g_hash_table_unref (reader.consumers);
  g_hash_table_unref (reader.weights_of);
  g_hash_table_unref (reader.names);
  g_hash_table_unref (reader.aliased);
  g_hash_table_unref (reader.last);
  g_hash_table_unref (reader.last_names);
  g_hash_table_unref (reader.shape_of);
  onnx__model_proto__free_unpacked (proto, NULL);

  return model;
}
