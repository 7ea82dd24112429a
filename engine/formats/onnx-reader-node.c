/* One node of an ONNX graph (github.com/onnx/onnx, docs/Operators.md). */
#include <math.h>
#include <string.h>

#include "engine/formats/onnx-reader-private.h"

#define MAX_INTS 16
#define MAX_NOTES 20
#define SUPPORTED                                                                                  \
  "Conv, BatchNormalization, Relu, Clip, Sigmoid, Tanh, Softmax, MaxPool, AveragePool, "            \
  "GlobalMaxPool, GlobalAveragePool, ReduceMean, Add, Sum, Mul, Concat, Flatten, Reshape, Squeeze, " \
  "Dropout, Gemm, MatMul, Pad, Slice, Transpose, Identity, Constant"

/* A node while it is read; @reason stays NULL while all is supported. */
typedef struct
{
  RnOnnxReader *reader;
  const Onnx__NodeProto *node;
  RnLayerKind kind;
  RnLayerConfig config;
  RnOnnxWeights weights;
  gboolean alias;   /* passes its first input on */
  gboolean pixel;   /* keeps height and width of one */
  size_t n_inputs;  /* layers that feed it */
  const char *reason;
  const Onnx__NodeProto *named; /* the node that gives the layer its name, if another */
} Parse;

static const Onnx__AttributeProto *
find (const Onnx__NodeProto *node, const char *name)
{
  for (size_t i = 0; i < node->n_attribute; i++)
    if (g_strcmp0 (node->attribute[i]->name, name) == 0)
      return node->attribute[i];

  return NULL;
}

static gint64
get_int (const Onnx__NodeProto *node, const char *name, gint64 otherwise)
{
  const Onnx__AttributeProto *attribute = find (node, name);

  return attribute != NULL ? attribute->i : otherwise;
}

static float
get_float (const Onnx__NodeProto *node, const char *name, float otherwise)
{
  const Onnx__AttributeProto *attribute = find (node, name);

  return attribute != NULL ? attribute->f : otherwise;
}

/* Whole numbers of an attribute, or of the constant that newer opsets have instead. */
static size_t
get_ints (Parse *parse, const char *name, size_t input, gint64 values[MAX_INTS])
{
  const Onnx__AttributeProto *attribute = find (parse->node, name);
  size_t n = 0;

  if (attribute != NULL && attribute->n_ints <= MAX_INTS)
    {
      n = attribute->n_ints;
      if (n > 0)
        memcpy (values, attribute->ints, n * sizeof *values);
    }
  else if (input > 0)
    {
      rn_onnx_get_ints (rn_onnx_find_tensor (parse->reader, parse->node, input), values, MAX_INTS, &n);
    }

  return n;
}

static void
get_pair (Parse *parse, const char *name, int otherwise, int pair[2])
{
  gint64 values[MAX_INTS];
  size_t n = get_ints (parse, name, 0, values);

  pair[0] = pair[1] = otherwise;
  if (n == 2 && ABS (values[0]) < G_MAXINT && ABS (values[1]) < G_MAXINT)
    pair[0] = values[0], pair[1] = values[1];
  else if (n > 0)
    parse->reason = "it does not work on height and width";
}

static void
get_padding (Parse *parse, RnPadding *padding, RnPads *pads)
{
  const Onnx__AttributeProto *automatic = find (parse->node, "auto_pad");
  gint64 values[MAX_INTS];
  size_t n = get_ints (parse, "pads", 0, values);

  *padding = RN_PADDING_VALID;
  if (automatic != NULL && automatic->s.len == 10 && memcmp (automatic->s.data, "SAME_UPPER", 10) == 0)
    *padding = RN_PADDING_SAME;
  else if (automatic != NULL && automatic->s.len == 10
           && memcmp (automatic->s.data, "SAME_LOWER", 10) == 0)
    parse->reason = "auto_pad SAME_LOWER is not supported";
  else if (n == 4)
    {
      for (int i = 0; i < 4; i++)
        if (values[i] < 0 || values[i] > RN_MAX_DIMENSION)
          parse->reason = "its pads are out of range";
      *pads = (RnPads) { values[0], values[2], values[1], values[3] };
      if (values[0] != 0 || values[1] != 0 || values[2] != 0 || values[3] != 0)
        *padding = RN_PADDING_EXPLICIT;
    }
  else if (n > 0)
    parse->reason = "its pads are not those of height and width";
}

static void
read_conv (Parse *parse)
{
  RnConvConfig *conv = &parse->config.conv;
  const Onnx__TensorProto *kernel = rn_onnx_find_tensor (parse->reader, parse->node, 1);
  gint64 groups = get_int (parse->node, "group", 1);

  if (kernel == NULL || kernel->n_dims != 4)
    {
      parse->reason = "its kernel is no constant of four dimensions";
      return;
    }
  for (int i = 0; i < 4; i++)
    if (kernel->dims[i] < 1 || kernel->dims[i] > RN_MAX_DIMENSION)
      {
        parse->reason = "its kernel is empty or too large";
        return;
      }
  if (groups < 1 || groups > RN_MAX_DIMENSION)
    {
      parse->reason = "its group is out of range";
      return;
    }

  parse->weights.kernel = kernel;
  parse->weights.bias = rn_onnx_find_tensor (parse->reader, parse->node, 2);
  conv->filters = kernel->dims[0];
  conv->kernel[0] = kernel->dims[2];
  conv->kernel[1] = kernel->dims[3];
  conv->groups = groups;
  conv->depth_multiplier = 1;
  conv->use_bias = parse->weights.bias != NULL;
  get_pair (parse, "strides", 1, conv->stride);
  get_pair (parse, "dilations", 1, conv->dilation);
  get_padding (parse, &conv->padding, &conv->pads);
  if (groups > 1 && kernel->dims[1] == 1 && kernel->dims[0] % groups == 0)
    {
      parse->kind = RN_LAYER_DEPTHWISE_CONV;
      conv->depth_multiplier = kernel->dims[0] / groups;
      conv->groups = 1;
    }
}

static void
read_pool (Parse *parse)
{
  RnPoolConfig *pool = &parse->config.pool;
  int dilation[2];

  get_pair (parse, "kernel_shape", 0, pool->pool);
  get_pair (parse, "strides", 1, pool->stride);
  get_pair (parse, "dilations", 1, dilation);
  get_padding (parse, &pool->padding, &pool->pads);
  pool->count_padding = get_int (parse->node, "count_include_pad", 0) != 0;
  if (get_int (parse->node, "ceil_mode", 0) != 0)
    parse->reason = "ceil_mode is not supported";
  if (dilation[0] != 1 || dilation[1] != 1)
    parse->reason = "dilations are not supported";
  if (parse->node->n_output > 1 && parse->node->output[1][0] != '\0')
    parse->reason = "its second output, the indices, is not supported";
}

static void
read_batch_norm (Parse *parse)
{
  for (int i = 0; i < 4; i++)
    {
      parse->weights.norm[i] = rn_onnx_find_tensor (parse->reader, parse->node, i + 1);
      if (parse->weights.norm[i] == NULL)
        parse->reason = "its statistics are no constants";
    }
  if (get_int (parse->node, "training_mode", 0) != 0)
    parse->reason = "it is in training mode";
  parse->config.batch_norm = (RnBatchNormConfig) {
    get_float (parse->node, "epsilon", 1e-5f), get_float (parse->node, "momentum", 0.9f), TRUE, TRUE,
  };
}

static gboolean
get_scalar (Parse *parse, const char *name, size_t input, float *value)
{
  const Onnx__TensorProto *tensor = rn_onnx_find_tensor (parse->reader, parse->node, input);
  g_autofree float *numbers = tensor != NULL ? rn_onnx_get_floats (tensor, 1, NULL) : NULL;

  if (numbers != NULL)
    *value = numbers[0];
  else if (find (parse->node, name) != NULL)
    *value = get_float (parse->node, name, 0);
  else
    return FALSE;

  return TRUE;
}

static void
read_clip (Parse *parse)
{
  float min, max = INFINITY;

  if (!get_scalar (parse, "min", 1, &min) || min != 0)
    parse->reason = "a lower bound other than 0 is not supported";
  get_scalar (parse, "max", 2, &max);
  if (!(max > 0))
    parse->reason = "its upper bound is not above 0";
  parse->config.activation = (RnActivationConfig) { RN_ACTIVATION_RELU, max };
}

static void
read_activation (Parse *parse, RnActivation function)
{
  gint64 axis = get_int (parse->node, "axis", -1);

  parse->config.activation = (RnActivationConfig) { function, INFINITY };
  if (function == RN_ACTIVATION_SOFTMAX && axis != -1 && axis != 1)
    parse->reason = "only the channels' axis is supported";
}

/* A node that computes y = A·B, with the Add of a bias behind a MatMul. */
static void
read_dense (Parse *parse, gboolean gemm)
{
  const Onnx__TensorProto *matrix = rn_onnx_find_tensor (parse->reader, parse->node, 1);
  const Onnx__TensorProto *bias = gemm ? rn_onnx_find_tensor (parse->reader, parse->node, 2) : NULL;
  const Onnx__NodeProto *next = rn_onnx_get_only_consumer (parse->reader, parse->node->output[0]);
  gboolean transposed = gemm && get_int (parse->node, "transB", 0) != 0;

  if (matrix == NULL || matrix->n_dims != 2)
    {
      parse->reason = "its second factor is no constant matrix";
      return;
    }
  if (gemm
      && (get_int (parse->node, "transA", 0) != 0 || get_float (parse->node, "alpha", 1) != 1
          || (bias != NULL && get_float (parse->node, "beta", 1) != 1)))
    parse->reason = "transA, alpha and beta other than 1 are not supported";
  if (!gemm && next != NULL && g_strcmp0 (next->op_type, "Add") == 0 && next->n_input == 2)
    for (size_t i = 0; i < 2; i++)
      {
        const Onnx__TensorProto *constant = rn_onnx_find_tensor (parse->reader, next, i);

        if (constant == NULL || constant->n_dims != 1 || constant->dims[0] != matrix->dims[1])
          continue;
        bias = constant;
        g_hash_table_add (parse->reader->aliased, (gpointer) next);
      }
  if (matrix->dims[!transposed] < 1 || matrix->dims[!transposed] > RN_MAX_DIMENSION)
    parse->reason = "its matrix is empty or too large";
  else
    parse->config.dense.units = matrix->dims[transposed ? 0 : 1];
  parse->config.dense.use_bias = bias != NULL;
  parse->weights = (RnOnnxWeights) { .kernel = matrix, .bias = bias, .transposed = transposed };
}

/* Global pooling keeps height and width of one, which a Flatten behind it takes away. */
static void
read_global_pool (Parse *parse)
{
  const Onnx__NodeProto *next = rn_onnx_get_only_consumer (parse->reader, parse->node->output[0]);
  const char *op = next != NULL ? next->op_type : NULL;

  if (g_strcmp0 (op, "Squeeze") == 0 || (g_strcmp0 (op, "Flatten") == 0 && get_int (next, "axis", 1) == 1))
    g_hash_table_add (parse->reader->aliased, (gpointer) next);
  else
    parse->pixel = TRUE;
}

static void
read_reduce_mean (Parse *parse)
{
  gint64 axes[MAX_INTS];
  size_t n = get_ints (parse, "axes", 1, axes);

  if (n != 2 || (axes[0] != 2 && axes[0] != -2) || (axes[1] != 3 && axes[1] != -1))
    parse->reason = "only the mean over height and width is supported";
  else if (get_int (parse->node, "keepdims", 1) != 0)
    read_global_pool (parse);
}

static void
read_reshape (Parse *parse)
{
  gint64 dims[MAX_INTS];
  size_t n = 0;

  if (!rn_onnx_get_ints (rn_onnx_find_tensor (parse->reader, parse->node, 1), dims, MAX_INTS, &n)
      || n != 2)
    parse->reason = "only a constant shape (pictures, numbers) is supported";
}

static void
read_flatten (Parse *parse)
{
  if (get_int (parse->node, "axis", 1) != 1)
    parse->reason = "only axis 1 is supported";
}

static void
read_pad (Parse *parse)
{
  const Onnx__AttributeProto *mode = find (parse->node, "mode");
  gint64 pads[MAX_INTS];
  size_t n = get_ints (parse, "pads", 1, pads);
  float value = 0;

  get_scalar (parse, "value", 2, &value);
  if (mode != NULL && (mode->s.len != 8 || memcmp (mode->s.data, "constant", 8) != 0))
    parse->reason = "only constant borders are supported";
  else if (n != 8 || value != 0 || pads[0] != 0 || pads[1] != 0 || pads[4] != 0 || pads[5] != 0)
    parse->reason = "only borders of zeros around height and width are supported";
  else if (MAX (MAX (pads[2], pads[3]), MAX (pads[6], pads[7])) > RN_MAX_DIMENSION)
    parse->reason = "its pads are out of range";
  else
    parse->config.zero_padding = (RnPads) { pads[2], pads[6], pads[3], pads[7] };
}

static void
read_concat (Parse *parse)
{
  gint64 axis = get_int (parse->node, "axis", 1);

  if (axis != 1 && axis != -3)
    parse->reason = "only the channels' axis is supported";
}

/* Channels of zeros around a map: He et al. 2015, option A. */
static gboolean
get_channel_pads (Parse *parse, const Onnx__NodeProto *node, RnShortcutPaddingConfig *config)
{
  Parse pad = { .reader = parse->reader, .node = node };
  gint64 pads[MAX_INTS];
  size_t n = get_ints (&pad, "pads", 1, pads);

  if (g_strcmp0 (node->op_type, "Pad") != 0 || n != 8 || pads[0] != 0 || pads[2] != 0 || pads[3] != 0
      || pads[4] != 0 || pads[6] != 0 || pads[7] != 0 || pads[1] < 0 || pads[5] < 0
      || pads[1] + pads[5] == 0 || MAX (pads[1], pads[5]) > RN_MAX_DIMENSION)
    return FALSE;
  config->before = pads[1];
  config->after = pads[5];

  return TRUE;
}

/* Every n-th pixel, and the channels of zeros that the next node adds. */
static void
read_slice (Parse *parse)
{
  const Onnx__NodeProto *next = rn_onnx_get_only_consumer (parse->reader, parse->node->output[0]);
  RnShortcutPaddingConfig *config = &parse->config.shortcut_padding;
  gint64 values[4][MAX_INTS];
  static const char *const names[] = { "starts", "ends", "axes", "steps" };

  for (int i = 0; i < 4; i++)
    if (get_ints (parse, names[i], i + 1, values[i]) != 2)
      parse->reason = "only every n-th pixel of a whole map is supported";
  if (parse->reason != NULL)
    return;
  if (values[0][0] != 0 || values[0][1] != 0 || MIN (values[1][0], values[1][1]) < RN_MAX_DIMENSION
      || values[2][0] != 2 || values[2][1] != 3 || values[3][0] != values[3][1] || values[3][0] < 1
      || values[3][0] > RN_MAX_DIMENSION)
    {
      parse->reason = "only every n-th pixel of a whole map is supported";
      return;
    }

  config->stride = values[3][0];
  if (next != NULL && get_channel_pads (parse, next, config))
    {
      g_hash_table_add (parse->reader->aliased, (gpointer) next);
      parse->named = next;
    }
}

/* Keras' exporters turn a picture to channels first as it comes in; read_input() knows of it. */
static void
read_transpose (Parse *parse)
{
  const Onnx__GraphProto *graph = parse->reader->graph;
  const Onnx__NodeProto *next = rn_onnx_get_only_consumer (parse->reader, parse->node->output[0]);
  gint64 perm[MAX_INTS];
  size_t n = get_ints (parse, "perm", 0, perm);

  parse->alias = TRUE;
  if (n == 4 && perm[0] == 0 && perm[1] == 2 && perm[2] == 3 && perm[3] == 1 && next != NULL
      && (g_strcmp0 (next->op_type, "Flatten") == 0 || g_strcmp0 (next->op_type, "Reshape") == 0))
    {
      g_hash_table_add (parse->reader->last, (gpointer) next);
      return;
    }
  for (size_t i = 0; i < graph->n_input; i++)
    if (g_strcmp0 (graph->input[i]->name, parse->node->input[0]) == 0)
      return;
  parse->reason = "only those of the input to channels first, and to channels last before a Flatten, "
                  "are supported";
}

typedef void (*ReadFunc) (Parse *parse);

static void read_gemm (Parse *parse) { read_dense (parse, TRUE); }
static void read_matmul (Parse *parse) { read_dense (parse, FALSE); }
static void read_relu (Parse *parse) { read_activation (parse, RN_ACTIVATION_RELU); }
static void read_sigmoid (Parse *parse) { read_activation (parse, RN_ACTIVATION_SIGMOID); }
static void read_tanh (Parse *parse) { read_activation (parse, RN_ACTIVATION_TANH); }
static void read_softmax (Parse *parse) { read_activation (parse, RN_ACTIVATION_SOFTMAX); }
static void read_identity (Parse *parse) { parse->alias = TRUE; }

/* Operators, and how many of a node's inputs are layers: 0 for all. */
static const struct
{
  const char *op;
  RnLayerKind kind;
  size_t n_inputs;
  ReadFunc read;
} ops[] = {
  { "Conv", RN_LAYER_CONV, 1, read_conv },
  { "BatchNormalization", RN_LAYER_BATCH_NORM, 1, read_batch_norm },
  { "Relu", RN_LAYER_ACTIVATION, 1, read_relu },
  { "Clip", RN_LAYER_RELU, 1, read_clip },
  { "Sigmoid", RN_LAYER_ACTIVATION, 1, read_sigmoid },
  { "Tanh", RN_LAYER_ACTIVATION, 1, read_tanh },
  { "Softmax", RN_LAYER_ACTIVATION, 1, read_softmax },
  { "MaxPool", RN_LAYER_MAX_POOL, 1, read_pool },
  { "AveragePool", RN_LAYER_AVERAGE_POOL, 1, read_pool },
  { "GlobalMaxPool", RN_LAYER_GLOBAL_MAX_POOL, 1, read_global_pool },
  { "GlobalAveragePool", RN_LAYER_GLOBAL_AVERAGE_POOL, 1, read_global_pool },
  { "ReduceMean", RN_LAYER_GLOBAL_AVERAGE_POOL, 1, read_reduce_mean },
  { "Add", RN_LAYER_ADD, 0, NULL },
  { "Sum", RN_LAYER_ADD, 0, NULL },
  { "Mul", RN_LAYER_MULTIPLY, 0, NULL },
  { "Concat", RN_LAYER_CONCATENATE, 0, read_concat },
  { "Flatten", RN_LAYER_FLATTEN, 1, read_flatten },
  { "Reshape", RN_LAYER_FLATTEN, 1, read_reshape },
  { "Squeeze", RN_LAYER_FLATTEN, 1, NULL },
  { "Dropout", RN_LAYER_DROPOUT, 1, NULL },
  { "Gemm", RN_LAYER_DENSE, 1, read_gemm },
  { "MatMul", RN_LAYER_DENSE, 1, read_matmul },
  { "Pad", RN_LAYER_ZERO_PADDING, 1, read_pad },
  { "Slice", RN_LAYER_SHORTCUT_PADDING, 1, read_slice },
  { "Transpose", RN_LAYER_FLATTEN, 1, read_transpose },
  { "Identity", RN_LAYER_FLATTEN, 1, read_identity },
};

static void
parse_node (Parse *parse)
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
collect_inputs (Parse *parse, GPtrArray *inputs, GError **error)
{
  for (size_t i = 0; i < MIN (parse->n_inputs, parse->node->n_input); i++)
    {
      const char *value = parse->node->input[i];
      const char *layer = g_hash_table_lookup (parse->reader->layer_of, value);

      if (layer != NULL)
        {
          g_ptr_array_add (inputs, (gpointer) layer);
          continue;
        }
      if (value[0] == '\0' || rn_onnx_find_tensor (parse->reader, parse->node, i) != NULL)
        {
          if (parse->reason == NULL && value[0] != '\0')
            parse->reason = "a constant is among what it works on, which is not supported";
          continue;
        }
      g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONNECTION,
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

static void
add_layer (Parse *parse, const char *name, const char *const *inputs)
{
  RnOnnxReader *reader = parse->reader;
  RnLayerConfig pixel = { .reshape = { 3, { 1, 1, -1 } } };
  g_autofree char *pooled = g_strconcat (name, "/pool", NULL);

  if (parse->reason != NULL)
    {
      g_autofree char *note = g_strdup_printf ("layer “%.200s” (%.80s) is drawn but not run: %s", name,
                                               parse->node->op_type, parse->reason);

      rn_model_builder_add_unsupported (reader->builder, parse->node->op_type, name, NULL, inputs);
      if (++reader->n_unsupported <= MAX_NOTES)
        rn_model_builder_add_note (reader->builder, note);
      return;
    }
  rn_model_builder_add (reader->builder, parse->kind, parse->pixel ? pooled : name, &parse->config,
                        inputs);
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
  Parse parse = { .reader = self, .node = node };
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
  add_layer (&parse, name, (const char *const *) inputs->pdata);
  for (size_t i = 0; i < node->n_output; i++)
    g_hash_table_insert (self->layer_of, node->output[i], g_strdup (name));

  return TRUE;
}
