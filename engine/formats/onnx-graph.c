#include "engine/formats/onnx-graph.h"

#include "engine/tensor/memory.h"
#include "onnx.pb-c.h"

#if G_BYTE_ORDER != G_LITTLE_ENDIAN
#error "ONNX's raw_data is little-endian; this machine is not"
#endif

/* ONNX's version that came with opset 17 (onnx/docs/Versioning.md: IR version 8). */
#define IR_VERSION 8

/* Everything small that the messages point to lives in one list and goes with the graph; the numbers
 * of the weights stay where they are. */
struct _RnOnnxGraph
{
  Onnx__ModelProto model;
  Onnx__GraphProto graph;
  GPtrArray *memory;  /* g_free */
  GPtrArray *tensors; /* RnTensor, referenced */
  GPtrArray *nodes, *initializers, *inputs, *outputs, *opsets, *properties;
};

struct _RnOnnxNode
{
  Onnx__NodeProto proto;
  RnOnnxGraph *graph;
  GPtrArray *attributes;
};

static gpointer
keep (RnOnnxGraph *self, gpointer memory)
{
  g_ptr_array_add (self->memory, memory);

  return memory;
}

static char *
keep_string (RnOnnxGraph *self, const char *text)
{
  return keep (self, g_strdup (text));
}

#define NEW_MESSAGE(self, Type, type) \
  ((Type *) new_message (self, sizeof (Type), (ProtobufCMessageInit) type##__init))

static gpointer
new_message (RnOnnxGraph *self, gsize size, ProtobufCMessageInit init)
{
  ProtobufCMessage *message = keep (self, g_malloc0 (size));

  init (message);

  return message;
}

/* Hands an array to a message: its length and its elements, which stay the array's. */
static void
attach (GPtrArray *array, size_t *n, gpointer elements)
{
  *n = array->len;
  *(gpointer *) elements = array->pdata;
}

/**
 * rn_onnx_graph_new:
 * @name: of the graph
 * @opset: version of the default operator set
 */
RnOnnxGraph *
rn_onnx_graph_new (const char *name, int opset)
{
  RnOnnxGraph *self = g_new0 (RnOnnxGraph, 1);
  Onnx__OperatorSetIdProto *id;

  onnx__model_proto__init (&self->model);
  onnx__graph_proto__init (&self->graph);
  self->memory = g_ptr_array_new_with_free_func (g_free);
  self->tensors = g_ptr_array_new_with_free_func ((GDestroyNotify) rn_tensor_unref);
  self->nodes = g_ptr_array_new ();
  self->initializers = g_ptr_array_new ();
  self->inputs = g_ptr_array_new ();
  self->outputs = g_ptr_array_new ();
  self->opsets = g_ptr_array_new ();
  self->properties = g_ptr_array_new ();

  id = NEW_MESSAGE (self, Onnx__OperatorSetIdProto, onnx__operator_set_id_proto);
  id->domain = keep_string (self, "");
  id->has_version = TRUE;
  id->version = opset;
  g_ptr_array_add (self->opsets, id);

  self->graph.name = keep_string (self, name);
  self->model.has_ir_version = TRUE;
  self->model.ir_version = IR_VERSION;
  self->model.producer_name = keep_string (self, "resnet-explorer");
  self->model.graph = &self->graph;

  return self;
}

void
rn_onnx_graph_free (RnOnnxGraph *self)
{
  for (guint i = 0; i < self->nodes->len; i++)
    {
      RnOnnxNode *node = g_ptr_array_index (self->nodes, i);

      g_ptr_array_unref (node->attributes);
      g_free (node);
    }
  g_ptr_array_unref (self->nodes);
  g_ptr_array_unref (self->initializers);
  g_ptr_array_unref (self->inputs);
  g_ptr_array_unref (self->outputs);
  g_ptr_array_unref (self->opsets);
  g_ptr_array_unref (self->properties);
  g_ptr_array_unref (self->tensors);
  g_ptr_array_unref (self->memory);
  g_free (self);
}

/* A float tensor of these dimensions; a negative one is the batch, "N". */
static Onnx__ValueInfoProto *
new_value (RnOnnxGraph *self, const char *name, const gint64 *dims, int rank)
{
  Onnx__ValueInfoProto *value = NEW_MESSAGE (self, Onnx__ValueInfoProto, onnx__value_info_proto);
  Onnx__TypeProto *type = NEW_MESSAGE (self, Onnx__TypeProto, onnx__type_proto);
  Onnx__TypeProto__Tensor *tensor =
      NEW_MESSAGE (self, Onnx__TypeProto__Tensor, onnx__type_proto__tensor);
  Onnx__TensorShapeProto *shape =
      NEW_MESSAGE (self, Onnx__TensorShapeProto, onnx__tensor_shape_proto);

  shape->n_dim = rank;
  shape->dim = keep (self, g_new0 (Onnx__TensorShapeProto__Dimension *, rank));
  for (int i = 0; i < rank; i++)
    {
      Onnx__TensorShapeProto__Dimension *dim = NEW_MESSAGE (
          self, Onnx__TensorShapeProto__Dimension, onnx__tensor_shape_proto__dimension);

      if (dims[i] < 0)
        {
          dim->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM;
          dim->dim_param = keep_string (self, "N");
        }
      else
        {
          dim->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
          dim->dim_value = dims[i];
        }
      shape->dim[i] = dim;
    }

  tensor->has_elem_type = TRUE;
  tensor->elem_type = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
  tensor->shape = shape;
  type->value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
  type->tensor_type = tensor;
  value->name = keep_string (self, name);
  value->type = type;

  return value;
}

/* Declares the input; a dimension of -1 is the batch. */
void
rn_onnx_graph_set_input (RnOnnxGraph *self, const char *name, const gint64 *dims, int rank)
{
  g_ptr_array_add (self->inputs, new_value (self, name, dims, rank));
}

/* Declares an output; a dimension of -1 is the batch. */
void
rn_onnx_graph_add_output (RnOnnxGraph *self, const char *name, const gint64 *dims, int rank)
{
  g_ptr_array_add (self->outputs, new_value (self, name, dims, rank));
}

/**
 * rn_onnx_graph_add_node:
 * @op_type: ONNX's operator
 * @name: of the node
 * @inputs: names of tensors, %NULL-terminated
 * @output: name of the tensor it makes
 *
 * Returns: (transfer none): the node, for its attributes
 */
RnOnnxNode *
rn_onnx_graph_add_node (RnOnnxGraph *self,
                        const char *op_type,
                        const char *name,
                        const char *const *inputs,
                        const char *output)
{
  RnOnnxNode *node = g_new0 (RnOnnxNode, 1);
  int n = g_strv_length ((GStrv) inputs);

  onnx__node_proto__init (&node->proto);
  node->graph = self;
  node->attributes = g_ptr_array_new ();
  node->proto.op_type = keep_string (self, op_type);
  node->proto.name = keep_string (self, name);
  node->proto.n_input = n;
  node->proto.input = keep (self, g_new0 (char *, n));
  for (int i = 0; i < n; i++)
    node->proto.input[i] = keep_string (self, inputs[i]);
  node->proto.n_output = 1;
  node->proto.output = keep (self, g_new0 (char *, 1));
  node->proto.output[0] = keep_string (self, output);
  g_ptr_array_add (self->nodes, node);

  return node;
}

static Onnx__TensorProto *
new_tensor (RnOnnxGraph *self, const char *name, const gint64 *dims, int rank, int type)
{
  Onnx__TensorProto *tensor = NEW_MESSAGE (self, Onnx__TensorProto, onnx__tensor_proto);

  tensor->name = keep_string (self, name);
  tensor->n_dims = rank;
  tensor->dims = keep (self, g_new (int64_t, rank + 1));
  for (int i = 0; i < rank; i++)
    tensor->dims[i] = dims[i];
  tensor->has_data_type = TRUE;
  tensor->data_type = type;
  tensor->has_raw_data = TRUE;
  g_ptr_array_add (self->initializers, tensor);

  return tensor;
}

/* A constant of float32 numbers; the tensor is referenced, not copied. */
void
rn_onnx_graph_add_f32 (RnOnnxGraph *self, const char *name, RnTensor *tensor)
{
  Onnx__TensorProto *proto = new_tensor (self, name, tensor->dims, tensor->rank,
                                         ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT);

  g_return_if_fail (tensor->dtype == RN_DTYPE_F32);

  g_ptr_array_add (self->tensors, rn_tensor_ref (tensor));
  proto->raw_data.data = tensor->data;
  proto->raw_data.len = rn_tensor_get_n_bytes (tensor);
}

/* A constant vector of integers. */
void
rn_onnx_graph_add_i64 (RnOnnxGraph *self, const char *name, const gint64 *values, int n)
{
  const gint64 dims[] = { n };
  Onnx__TensorProto *proto =
      new_tensor (self, name, dims, 1, ONNX__TENSOR_PROTO__DATA_TYPE__INT64);

  proto->raw_data.data = keep (self, g_memdup2 (values, n * sizeof values[0]));
  proto->raw_data.len = n * sizeof values[0];
}

static Onnx__AttributeProto *
new_attribute (RnOnnxNode *self, const char *name, Onnx__AttributeProto__AttributeType type)
{
  Onnx__AttributeProto *attribute =
      NEW_MESSAGE (self->graph, Onnx__AttributeProto, onnx__attribute_proto);

  attribute->name = keep_string (self->graph, name);
  attribute->has_type = TRUE;
  attribute->type = type;
  g_ptr_array_add (self->attributes, attribute);

  return attribute;
}

void
rn_onnx_node_set_int (RnOnnxNode *self, const char *name, gint64 value)
{
  Onnx__AttributeProto *attribute =
      new_attribute (self, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);

  attribute->has_i = TRUE;
  attribute->i = value;
}

void
rn_onnx_node_set_ints (RnOnnxNode *self, const char *name, const gint64 *values, int n)
{
  Onnx__AttributeProto *attribute =
      new_attribute (self, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);

  attribute->n_ints = n;
  attribute->ints = keep (self->graph, g_new (int64_t, n));
  for (int i = 0; i < n; i++)
    attribute->ints[i] = values[i];
}

void
rn_onnx_node_set_float (RnOnnxNode *self, const char *name, float value)
{
  Onnx__AttributeProto *attribute =
      new_attribute (self, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);

  attribute->has_f = TRUE;
  attribute->f = value;
}

void
rn_onnx_node_set_string (RnOnnxNode *self, const char *name, const char *value)
{
  Onnx__AttributeProto *attribute =
      new_attribute (self, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING);

  attribute->has_s = TRUE;
  attribute->s.data = (uint8_t *) keep_string (self->graph, value);
  attribute->s.len = strlen (value);
}

/* A fact about the model that is no part of the graph (metadata_props). */
void
rn_onnx_graph_add_property (RnOnnxGraph *self, const char *key, const char *value)
{
  Onnx__StringStringEntryProto *entry =
      NEW_MESSAGE (self, Onnx__StringStringEntryProto, onnx__string_string_entry_proto);

  entry->key = keep_string (self, key);
  entry->value = keep_string (self, value);
  g_ptr_array_add (self->properties, entry);
}

static void
attach_all (RnOnnxGraph *self)
{
  for (guint i = 0; i < self->nodes->len; i++)
    {
      RnOnnxNode *node = g_ptr_array_index (self->nodes, i);

      attach (node->attributes, &node->proto.n_attribute, &node->proto.attribute);
    }
  /* A node's message is its first member, so that the array of nodes is one of messages too. */
  G_STATIC_ASSERT (G_STRUCT_OFFSET (RnOnnxNode, proto) == 0);
  attach (self->nodes, &self->graph.n_node, &self->graph.node);
  attach (self->initializers, &self->graph.n_initializer, &self->graph.initializer);
  attach (self->inputs, &self->graph.n_input, &self->graph.input);
  attach (self->outputs, &self->graph.n_output, &self->graph.output);
  attach (self->opsets, &self->model.n_opset_import, &self->model.opset_import);
  attach (self->properties, &self->model.n_metadata_props, &self->model.metadata_props);
}

/**
 * rn_onnx_graph_to_bytes:
 *
 * Returns: (transfer full) (nullable): the file, or %NULL with an error where there is no memory
 *   for it or it is larger than protobuf takes (2 GiB)
 */
GBytes *
rn_onnx_graph_to_bytes (RnOnnxGraph *self, GError **error)
{
  size_t size;
  guint8 *data;

  attach_all (self);
  size = onnx__model_proto__get_packed_size (&self->model);
  if (size > G_MAXINT32)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   "an ONNX file of %" G_GSIZE_FORMAT " bytes; at most 2 GiB can be written", size);
      return NULL;
    }
  data = rn_memory_alloc (size, error);
  if (data == NULL)
    return NULL;
  onnx__model_proto__pack (&self->model, data);

  return g_bytes_new_with_free_func (data, size, rn_memory_free, data);
}
