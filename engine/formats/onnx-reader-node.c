/* One node of an ONNX graph (github.com/onnx/onnx, docs/Operators.md). */
#include <math.h>
#include <string.h>

#include "engine/formats/onnx-reader-private.h"
#include "engine/model/layer-inference.h"

#define MAX_NOTES 20
#define SUPPORTED                                                                                  \
  "Conv, BatchNormalization, Relu, Clip, Sigmoid, Tanh, Softmax, MaxPool, AveragePool, "           \
  "GlobalMaxPool, GlobalAveragePool, ReduceMean, Add, Sum, Mul, Concat, Flatten, Reshape, "        \
  "Squeeze, "                                                                                      \
  "Dropout, Gemm, MatMul, Pad, Slice, Transpose, Identity, Constant"

static void
read_batch_norm (RnOnnxParse *parse)
{
  for (int i = 0; i < 4; i++)
    {
      parse->weights.norm[i] = rn_onnx_find_tensor (parse->reader, parse->node, i + 1);
      if (parse->weights.norm[i] == NULL)
        parse->reason = "its statistics are no constants";
    }
  if (rn_onnx_get_int (parse->node, "training_mode", 0) != 0)
    parse->reason = "it is in training mode";
  parse->config.batch_norm = (RnBatchNormConfig){
    rn_onnx_get_float (parse->node, "epsilon", 1e-5f),
    rn_onnx_get_float (parse->node, "momentum", 0.9f),
    TRUE,
    TRUE,
  };
}

static void
read_clip (RnOnnxParse *parse)
{
  float min, max = INFINITY;

  if (!rn_onnx_get_scalar (parse, "min", 1, &min) || min != 0)
    parse->reason = "a lower bound other than 0 is not supported";
  rn_onnx_get_scalar (parse, "max", 2, &max);
  if (!(max > 0))
    parse->reason = "its upper bound is not above 0";
  parse->config.activation = (RnActivationConfig){ RN_ACTIVATION_RELU, max };
}

static void
read_activation (RnOnnxParse *parse, RnActivation function)
{
  gint64 axis = rn_onnx_get_int (parse->node, "axis", -1);

  parse->config.activation = (RnActivationConfig){ function, INFINITY };
  if (function == RN_ACTIVATION_SOFTMAX && axis != -1 && axis != 1)
    parse->reason = "only the channels' axis is supported";
}

/* A node that computes y = A·B, with the Add of a bias behind a MatMul. */
static void
read_dense (RnOnnxParse *parse, gboolean gemm)
{
  const Onnx__TensorProto *matrix = rn_onnx_find_tensor (parse->reader, parse->node, 1);
  const Onnx__TensorProto *bias = gemm ? rn_onnx_find_tensor (parse->reader, parse->node, 2) : NULL;
  const Onnx__NodeProto *next = rn_onnx_get_only_consumer (parse->reader, parse->node->output[0]);
  gboolean transposed = gemm && rn_onnx_get_int (parse->node, "transB", 0) != 0;

  if (matrix == NULL || matrix->n_dims != 2)
    {
      parse->reason = "its second factor is no constant matrix";
      return;
    }
  if (gemm && rn_onnx_get_int (parse->node, "transA", 0) != 0)
    parse->reason = "transA is not supported";
  if (!gemm && next != NULL && g_strcmp0 (next->op_type, "Add") == 0 && next->n_input == 2)
    for (size_t i = 0; i < 2; i++)
      {
        const Onnx__TensorProto *constant = rn_onnx_find_tensor (parse->reader, next, i);

        if (constant == NULL || constant->n_dims != 1 || constant->dims[0] != matrix->dims[1])
          continue;
        bias = constant;
        g_hash_table_add (parse->reader->aliased, (gpointer)next);
      }
  if (gemm && rn_onnx_get_float (parse->node, "beta", 1) == 0)
    bias = NULL;
  if (gemm && rn_onnx_get_float (parse->node, "alpha", 1) == 0)
    parse->reason = "alpha is 0, so that it computes nothing";
  if (matrix->dims[!transposed] < 1 || matrix->dims[!transposed] > RN_MAX_DIMENSION)
    parse->reason = "its matrix is empty or too large";
  else
    parse->config.dense.units = (int) matrix->dims[transposed ? 0 : 1];
  parse->config.dense.use_bias = bias != NULL;
  if (bias != NULL && bias->n_dims == 2 && bias->dims[0] != 1)
    parse->reason = "its bias is a matrix; a number for each unit is supported";
  parse->weights = (RnOnnxWeights){
    .kernel = matrix,
    .bias = bias,
    .transposed = transposed,
    .alpha = gemm ? rn_onnx_get_float (parse->node, "alpha", 1) : 1,
    .beta = gemm ? rn_onnx_get_float (parse->node, "beta", 1) : 1,
  };
}

/* Global pooling keeps height and width of one, which a Flatten behind it takes away. */
static void
read_global_pool (RnOnnxParse *parse)
{
  const Onnx__NodeProto *next = rn_onnx_get_only_consumer (parse->reader, parse->node->output[0]);
  const char *op = next != NULL ? next->op_type : NULL;

  if (g_strcmp0 (op, "Squeeze") == 0 ||
      (g_strcmp0 (op, "Flatten") == 0 && rn_onnx_get_int (next, "axis", 1) == 1))
    g_hash_table_add (parse->reader->aliased, (gpointer)next);
  else
    parse->pixel = TRUE;
}

static void
read_reduce_mean (RnOnnxParse *parse)
{
  gint64 axes[RN_ONNX_MAX_INTS];
  size_t n = rn_onnx_get_list (parse, "axes", 1, axes);

  if (n != 2 || (axes[0] != 2 && axes[0] != -2) || (axes[1] != 3 && axes[1] != -1))
    parse->reason = "only the mean over height and width is supported";
  else if (rn_onnx_get_int (parse->node, "keepdims", 1) != 0)
    read_global_pool (parse);
}

/* Whether dimensions keep the batch, the first of them. */
static gboolean
keeps_batch (gint64 first, const gint64 *rest, size_t n_rest)
{
  gboolean open = FALSE;

  for (size_t i = 0; i < n_rest; i++)
    open = open || rest[i] == -1;

  return first == 0 || first == 1 || (first == -1 && !open);
}

/* [pictures, numbers], or [pictures, numbers, 1, 1]; more pixels would be another order of numbers.
 */
static void
read_reshape (RnOnnxParse *parse)
{
  RnShape input = rn_onnx_get_input_shape (parse);
  gint64 dims[RN_ONNX_MAX_INTS], n_numbers = rn_shape_get_n_elements (&input);
  size_t n = 0;
  gboolean constant = rn_onnx_get_ints (rn_onnx_find_tensor (parse->reader, parse->node, 1), dims,
                                        RN_ONNX_MAX_INTS, &n);

  if (!constant || (n != 2 && n != 4) || !keeps_batch (dims[0], dims + 1, n - 1))
    parse->reason =
        "only a constant shape (pictures, numbers) or (pictures, numbers, 1, 1) is supported";
  else if (input.rank > 0 && dims[1] > 0 && dims[1] != n_numbers)
    parse->reason = "its shape would mix the numbers of several pictures";
  else if (input.rank > 0 && dims[1] == 0 && rn_shape_get_channels (&input) != n_numbers)
    parse->reason = "its shape keeps the channels and drops the pixels";
  else if (n == 4 && (dims[2] != 1 || dims[3] != 1))
    parse->reason = "it makes pixels, which is not supported: only height and width of 1 are";
  if (n != 4)
    return;
  parse->kind = RN_LAYER_RESHAPE;
  parse->config.reshape = (RnShape){ 3, { 1, 1, -1 } };
}

static void
read_flatten (RnOnnxParse *parse)
{
  RnShape input = rn_onnx_get_input_shape (parse);
  gint64 axis = rn_onnx_get_int (parse->node, "axis", 1);

  if (axis < 0 && input.rank > 0)
    axis += input.rank + 1;
  if (axis != 1)
    parse->reason = "only axis 1 is supported: another would mix pictures";
}

/* Add, Sum, Mul: of a single input nothing is left to do. */
static void
read_merge (RnOnnxParse *parse)
{
  parse->alias = parse->node->n_input == 1;
}

static void
read_concat (RnOnnxParse *parse)
{
  gint64 axis = rn_onnx_get_int (parse->node, "axis", 1);

  if (axis != 1 && axis != -3)
    parse->reason = "only the channels' axis is supported";
}

/* Keras' exporters turn a picture to channels first as it comes in; read_input() knows of it. */
static void
read_transpose (RnOnnxParse *parse)
{
  const Onnx__GraphProto *graph = parse->reader->graph;
  const Onnx__NodeProto *next = rn_onnx_get_only_consumer (parse->reader, parse->node->output[0]);
  gint64 perm[RN_ONNX_MAX_INTS];
  size_t n = rn_onnx_get_list (parse, "perm", 0, perm);

  parse->alias = TRUE;
  if (n == 4 && perm[0] == 0 && perm[1] == 2 && perm[2] == 3 && perm[3] == 1 && next != NULL &&
      (g_strcmp0 (next->op_type, "Flatten") == 0 || g_strcmp0 (next->op_type, "Reshape") == 0))
    {
      g_hash_table_add (parse->reader->last, (gpointer)next);
      return;
    }
  for (size_t i = 0; i < graph->n_input; i++)
    if (g_strcmp0 (graph->input[i]->name, parse->node->input[0]) == 0)
      return;
  parse->reason =
      "only those of the input to channels first, and to channels last before a Flatten, "
      "are supported";
}

static void
read_dropout (RnOnnxParse *parse)
{
  const Onnx__TensorProto *training = rn_onnx_find_tensor (parse->reader, parse->node, 2);

  if (training != NULL &&
      (training->raw_data.len > 0 ? training->raw_data.data[0] != 0
                                  : training->n_int32_data > 0 && training->int32_data[0] != 0))
    parse->reason = "it is in training mode";
}

typedef void (*ReadFunc) (RnOnnxParse *parse);

static void
read_gemm (RnOnnxParse *parse)
{
  read_dense (parse, TRUE);
}
static void
read_matmul (RnOnnxParse *parse)
{
  read_dense (parse, FALSE);
}
static void
read_relu (RnOnnxParse *parse)
{
  read_activation (parse, RN_ACTIVATION_RELU);
}
static void
read_sigmoid (RnOnnxParse *parse)
{
  read_activation (parse, RN_ACTIVATION_SIGMOID);
}
static void
read_tanh (RnOnnxParse *parse)
{
  read_activation (parse, RN_ACTIVATION_TANH);
}
static void
read_softmax (RnOnnxParse *parse)
{
  read_activation (parse, RN_ACTIVATION_SOFTMAX);
}
static void
read_identity (RnOnnxParse *parse)
{
  parse->alias = TRUE;
}

/* Operators, and how many of a node's inputs are layers: 0 for all. */
static const struct
{
  const char *op;
  RnLayerKind kind;
  size_t n_inputs;
  ReadFunc read;
} ops[] = {
  { "Conv", RN_LAYER_CONV, 1, rn_onnx_read_conv },
  { "BatchNormalization", RN_LAYER_BATCH_NORM, 1, read_batch_norm },
  { "Relu", RN_LAYER_ACTIVATION, 1, read_relu },
  { "Clip", RN_LAYER_RELU, 1, read_clip },
  { "Sigmoid", RN_LAYER_ACTIVATION, 1, read_sigmoid },
  { "Tanh", RN_LAYER_ACTIVATION, 1, read_tanh },
  { "Softmax", RN_LAYER_ACTIVATION, 1, read_softmax },
  { "MaxPool", RN_LAYER_MAX_POOL, 1, rn_onnx_read_pool },
  { "AveragePool", RN_LAYER_AVERAGE_POOL, 1, rn_onnx_read_pool },
  { "GlobalMaxPool", RN_LAYER_GLOBAL_MAX_POOL, 1, read_global_pool },
  { "GlobalAveragePool", RN_LAYER_GLOBAL_AVERAGE_POOL, 1, read_global_pool },
  { "ReduceMean", RN_LAYER_GLOBAL_AVERAGE_POOL, 1, read_reduce_mean },
  { "Add", RN_LAYER_ADD, 0, read_merge },
  { "Sum", RN_LAYER_ADD, 0, read_merge },
  { "Mul", RN_LAYER_MULTIPLY, 0, read_merge },
  { "Concat", RN_LAYER_CONCATENATE, 0, read_concat },
  { "Flatten", RN_LAYER_FLATTEN, 1, read_flatten },
  { "Reshape", RN_LAYER_FLATTEN, 1, read_reshape },
  { "Squeeze", RN_LAYER_FLATTEN, 1, NULL },
  { "Dropout", RN_LAYER_DROPOUT, 1, read_dropout },
  { "Gemm", RN_LAYER_DENSE, 1, read_gemm },
  { "MatMul", RN_LAYER_DENSE, 1, read_matmul },
  { "Pad", RN_LAYER_ZERO_PADDING, 1, rn_onnx_read_pad },
  { "Slice", RN_LAYER_SHORTCUT_PADDING, 1, rn_onnx_read_slice },
  { "Transpose", RN_LAYER_FLATTEN, 1, read_transpose },
  { "Identity", RN_LAYER_FLATTEN, 1, read_identity },
};

static void
parse_node (RnOnnxParse *parse)
{
  for (guint i = 0; i < G_N_ELEMENTS (ops); i++)
    if (g_strcmp0 (parse->node->op_type, ops[i].op) == 0)
      {
        parse->kind = ops[i].kind;
        parse->n_inputs = ops[i].n_inputs != 0 ? ops[i].n_inputs : parse->node->n_input;
        if (ops[i].read != NULL)
          ops[i].read (parse);
        return;
      }
  parse->n_inputs = parse->node->n_input;
  parse->reason = "the operator is not supported; supported are " SUPPORTED;
}

/* The layers that feed a node; constants are none. */
static gboolean
collect_inputs (RnOnnxParse *parse, GPtrArray *inputs, GError **error)
{
  for (size_t i = 0; i < MIN (parse->n_inputs, parse->node->n_input); i++)
    {
      const char *value = parse->node->input[i];
      const char *layer = g_hash_table_lookup (parse->reader->layer_of, value);

      if (layer != NULL)
        {
          g_ptr_array_add (inputs, (gpointer)layer);
          continue;
        }
      if (value[0] == '\0' || rn_onnx_find_tensor (parse->reader, parse->node, i) != NULL)
        {
          if (parse->reason == NULL && value[0] != '\0')
            parse->reason = "a constant is among what it works on, which is not supported";
          continue;
        }
      g_set_error (
          error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONNECTION,
          "%s: node “%.100s” (%.40s) takes its input from “%.100s”, which no node before it "
          "computes",
          parse->reader->label, parse->node->name, parse->node->op_type, value);
      return FALSE;
    }

  return TRUE;
}

static char *
make_name (const RnOnnxReader *reader, const Onnx__NodeProto *node)
{
  const char *base = node->name[0] != '\0' ? node->name : node->output[0];
  char *name = g_strdup (base);

  for (int i = 1; g_hash_table_contains (reader->names, name); i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s/%d", base, i);
    }
  g_hash_table_add (reader->names, g_strdup (name));

  return name;
}

/* The shape of what a node takes first; rank 0 where it is not known. */
RnShape
rn_onnx_get_input_shape (const RnOnnxParse *parse)
{
  const char *layer = parse->node->n_input > 0
                          ? g_hash_table_lookup (parse->reader->layer_of, parse->node->input[0])
                          : NULL;
  const RnShape *shape =
      layer != NULL ? g_hash_table_lookup (parse->reader->shape_of, layer) : NULL;

  return shape != NULL ? *shape : (RnShape){ 0 };
}

/* Infers what a layer puts out, for nodes behind it that depend on sizes. What is wrong here is
 * found again, and reported, when the model is built. */
static void
note_shape (RnOnnxReader *reader,
            RnLayerKind kind,
            const RnLayerConfig *config,
            const char *name,
            const char *const *inputs)
{
  g_autoptr (GPtrArray) shapes = g_ptr_array_new ();
  RnLayer layer = { .name = (char *)name, .keras_class = "", .kind = kind, .config = *config };

  for (; inputs[layer.n_inputs] != NULL; layer.n_inputs++)
    {
      RnShape *shape = g_hash_table_lookup (reader->shape_of, inputs[layer.n_inputs]);

      if (shape == NULL)
        return;
      g_ptr_array_add (shapes, shape);
    }
  if (rn_layer_infer (&layer, (const RnShape *const *)shapes->pdata, NULL))
    g_hash_table_insert (reader->shape_of, g_strdup (name),
                         g_memdup2 (&layer.output_shape, sizeof layer.output_shape));
}

static void
add_layer (RnOnnxParse *parse, const char *name, const char *const *inputs)
{
  const char *const pool[] = { name, NULL };

  RnOnnxReader *reader = parse->reader;
  RnLayerConfig pixel = { .reshape = { 3, { 1, 1, -1 } } };
  g_autofree char *pooled = g_strconcat (name, "/pool", NULL);

  if (parse->reason != NULL)
    {
      g_autofree char *note = g_strdup_printf ("layer “%.200s” (%.80s) is drawn but not run: %s",
                                               name, parse->node->op_type, parse->reason);

      rn_model_builder_add_unsupported (reader->builder, parse->node->op_type, name, NULL, inputs);
      if (++reader->n_unsupported <= MAX_NOTES)
        rn_model_builder_add_note (reader->builder, note);
      return;
    }
  rn_model_builder_add (reader->builder, parse->kind, parse->pixel ? pooled : name, &parse->config,
                        inputs);
  note_shape (reader, parse->kind, &parse->config, name, inputs);
  if (parse->pixel)
    note_shape (reader, RN_LAYER_RESHAPE, &pixel, name, pool);
  if (parse->pixel)
    rn_model_builder_chain (reader->builder, RN_LAYER_RESHAPE, name, &pixel, pooled);
  if (parse->weights.kernel != NULL || parse->weights.norm[0] != NULL)
    g_hash_table_insert (reader->weights_of, g_strdup (name),
                         g_memdup2 (&parse->weights, sizeof parse->weights));
}

/**
 * rn_onnx_read_node:
 *
 * Adds the layer that a node becomes. What is not supported is added as such, with a note.
 *
 * Returns: %FALSE with @error where an input does not exist
 */
gboolean
rn_onnx_read_node (RnOnnxReader *self, const Onnx__NodeProto *node, GError **error)
{
  RnOnnxParse parse = { .reader = self, .node = node };
  g_autoptr (GPtrArray) inputs = g_ptr_array_new ();
  g_autofree char *name = NULL;

  if (node->n_output == 0 || node->output[0][0] == '\0')
    return TRUE;
  parse_node (&parse);
  if (g_hash_table_contains (self->aliased, node))
    {
      parse.alias = TRUE;
      parse.reason = NULL;
    }
  if (parse.alias && parse.reason == NULL)
    for (size_t i = 0; i < node->n_input; i++)
      {
        const char *layer = g_hash_table_lookup (self->layer_of, node->input[i]);

        if (layer == NULL)
          continue;
        g_hash_table_insert (self->layer_of, node->output[0], g_strdup (layer));
        return TRUE;
      }
  if (!collect_inputs (&parse, inputs, error))
    return FALSE;

  g_ptr_array_add (inputs, NULL);
  name = make_name (self, parse.named != NULL ? parse.named : node);
  if (g_hash_table_contains (self->last, node))
    g_hash_table_add (self->last_names, g_strdup (name));
  add_layer (&parse, name, (const char *const *)inputs->pdata);
  for (size_t i = 0; i < node->n_output; i++)
    g_hash_table_insert (self->layer_of, node->output[i], g_strdup (name));

  return TRUE;
}
