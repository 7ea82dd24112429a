/* ONNX's own node tests, as Debian's libonnx-testdata has them, through the reader and the engine.
 *
 * A case is a node, its inputs and what it must put out. The reader takes networks: one input, the
 * rest constants, channels first, pictures of rank 4 or numbers of rank 2. So a case is put as one:
 * - what a layer works on stays an input, other inputs become constants;
 * - several of the former are stacked as channels of one input and taken apart by 1×1 convolutions
 * of ones and zeros, which is exact;
 * - where no axis matters, a tensor of another rank becomes one picture; where one does, what lies
 * before it the pictures and what lies behind it the height of the maps, and the axis that of
 * channels. What cannot be put so, or is not supported, is skipped with its reason. */
#include <gio/gio.h>
#include <math.h>

#include "engine/formats/onnx-graph.h"
#include "engine/formats/onnx-reader.h"
#include "engine/runtime/session.h"
#include "tests/unit/formats/onnx-array.h"

#define FOLDER "/usr/share/libonnx-testdata/data/node"
#define MAX_INPUTS 8

/* How a node's inputs are to be understood. */
typedef enum
{
  FORM_MAPS, /* maps or numbers, as they are; further inputs are constants */
  FORM_ANY,  /* element by element: the axes do not matter */
  FORM_AXIS, /* likewise, but for the one that the attribute names */
} Form;

static const struct
{
  const char *op;
  Form form;
  gboolean merges; /* all of its inputs are layers */
} ops[] = {
  { "Conv", FORM_MAPS, FALSE },
  { "BatchNormalization", FORM_MAPS, FALSE },
  { "Relu", FORM_ANY, FALSE },
  { "Clip", FORM_ANY, FALSE },
  { "Sigmoid", FORM_ANY, FALSE },
  { "Tanh", FORM_ANY, FALSE },
  { "Softmax", FORM_AXIS, FALSE },
  { "MaxPool", FORM_MAPS, FALSE },
  { "AveragePool", FORM_MAPS, FALSE },
  { "GlobalMaxPool", FORM_MAPS, FALSE },
  { "GlobalAveragePool", FORM_MAPS, FALSE },
  { "Add", FORM_ANY, TRUE },
  { "Sum", FORM_ANY, TRUE },
  { "Mul", FORM_ANY, TRUE },
  { "Concat", FORM_AXIS, TRUE },
  { "Flatten", FORM_MAPS, FALSE },
  { "Reshape", FORM_MAPS, FALSE },
  { "Dropout", FORM_ANY, FALSE },
  { "Gemm", FORM_MAPS, FALSE },
  { "MatMul", FORM_MAPS, FALSE },
  { "Pad", FORM_MAPS, FALSE },
  { "Identity", FORM_ANY, FALSE },
  { "Constant", FORM_MAPS, FALSE },
};

typedef struct
{
  const Onnx__NodeProto *node;
  int op;
  int n_inputs;
  Onnx__TensorProto *inputs[MAX_INPUTS];
  Onnx__TensorProto *output;
  char *reason; /* why it is skipped */
} Case;

G_GNUC_PRINTF (2, 3)
static gboolean
skip (Case *self, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (self->reason == NULL)
    self->reason = g_strdup_vprintf (format, args);
  va_end (args);

  return FALSE;
}

static gboolean
get_array (Case *self, const Onnx__TensorProto *proto, OnnxArray *array)
{
  const char *reason = onnx_array_read (array, proto);

  return reason == NULL || skip (self, "%s", reason);
}

static const Onnx__AttributeProto *
find (const Case *self, const char *name)
{
  for (size_t i = 0; i < self->node->n_attribute; i++)
    if (g_str_equal (self->node->attribute[i]->name, name))
      return self->node->attribute[i];

  return NULL;
}

/* The axis that matters, from 0; the last where the node does not say. */
static int
get_axis (const Case *self, int rank)
{
  const Onnx__AttributeProto *axis = find (self, "axis");
  int value = axis != NULL ? (int)axis->i : -1;

  return value < 0 ? value + rank : value;
}

/* Puts a tensor as maps [pictures, channels, height, width] or numbers [pictures, numbers]. */
static gboolean
lift (Case *self, OnnxArray *array)
{
  gint64 dims[4] = { 1, 1, 1, 1 };
  int axis;

  switch (ops[self->op].form)
    {
    case FORM_MAPS:
      if (array->rank != 4 && array->rank != 2)
        return skip (self, "it works on %d axes; maps have 4, numbers 2", array->rank);
      return TRUE;
    case FORM_ANY:
      for (int i = 0; i < array->rank; i++)
        dims[MAX (4 - array->rank, 0) + MIN (i, 3)] *= array->dims[i];
      break;
    case FORM_AXIS:
    default:
      axis = get_axis (self, array->rank);
      for (int i = 0; i < array->rank; i++)
        dims[i < axis ? 0 : i == axis ? 1 : 2] *= array->dims[i];
    }
  array->rank = 4;
  memcpy (array->dims, dims, sizeof dims);

  return TRUE;
}

/* A tensor of the graph's own, from channels-first numbers. */
static void
add_constant (RnOnnxGraph *graph, const char *name, const OnnxArray *array)
{
  g_autoptr (RnTensor) tensor = NULL;
  gint64 dims[RN_TENSOR_MAX_RANK] = { 1 };

  memcpy (dims, array->dims, MIN (array->rank, RN_TENSOR_MAX_RANK) * sizeof *dims);
  tensor = rn_tensor_new (MAX (array->rank, 1), dims, NULL);
  memcpy (tensor->data, array->data, array->n * sizeof (float));
  rn_onnx_graph_add_f32 (graph, name, tensor);
}

static gboolean
add_constants (Case *self, RnOnnxGraph *graph)
{
  for (int i = 1; i < self->n_inputs; i++)
    {
      g_autofree char *name = g_strdup_printf ("constant%d", i);
      Onnx__TensorProto *proto = self->inputs[i];
      g_auto (OnnxArray) array = { 0 };

      if (proto->data_type == ONNX__TENSOR_PROTO__DATA_TYPE__INT64 &&
          proto->raw_data.len == proto->dims[0] * sizeof (gint64))
        rn_onnx_graph_add_i64 (graph, name, (const gint64 *)proto->raw_data.data,
                               (int) proto->dims[0]);
      else if (proto->data_type == ONNX__TENSOR_PROTO__DATA_TYPE__BOOL)
        return skip (self, "it is in training mode");
      else if (!get_array (self, proto, &array))
        return FALSE;
      else
        add_constant (graph, name, &array);
    }

  return TRUE;
}

/* A 1×1 convolution that takes channels [from, from + n) out of @of. */
static void
add_selection (RnOnnxGraph *graph, int i, gint64 from, gint64 n, gint64 of)
{
  g_autofree char *kernel = g_strdup_printf ("kernel%d", i);
  g_autofree char *part = g_strdup_printf ("part%d", i);
  const char *const inputs[] = { "stack", kernel, NULL };
  OnnxArray array = { 4, { n, of, 1, 1 }, n * of, g_new0 (float, n *of) };

  for (gint64 k = 0; k < n; k++)
    array.data[k * of + from + k] = 1;
  add_constant (graph, kernel, &array);
  rn_onnx_graph_add_node (graph, "Conv", part, inputs, part);
  onnx_array_clear (&array);
}

static void
copy_attributes (const Case *self, RnOnnxNode *node)
{
  for (size_t i = 0; i < self->node->n_attribute; i++)
    {
      const Onnx__AttributeProto *attribute = self->node->attribute[i];
      g_autofree char *text = g_strndup ((const char *)attribute->s.data, attribute->s.len);

      if (g_str_equal (attribute->name, "axis") && ops[self->op].form == FORM_AXIS)
        continue;
      if (attribute->n_ints > 0)
        rn_onnx_node_set_ints (node, attribute->name, attribute->ints, (int) attribute->n_ints);
      else if (attribute->s.len > 0)
        rn_onnx_node_set_string (node, attribute->name, text);
      else if (attribute->type == ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT)
        rn_onnx_node_set_float (node, attribute->name, attribute->f);
      else
        rn_onnx_node_set_int (node, attribute->name, attribute->i);
    }
  if (ops[self->op].form == FORM_AXIS)
    rn_onnx_node_set_int (node, "axis", 1);
}

/* Stacks what the node merges; @input becomes the network's one input. */
static gboolean
stack (Case *self, RnOnnxGraph *graph, OnnxArray *input)
{
  gint64 total = 0, from = 0, pixels, n;

  for (int i = 0; i < self->n_inputs; i++)
    {
      g_auto (OnnxArray) array = { 0 };

      if (!get_array (self, self->inputs[i], &array) || !lift (self, &array))
        return FALSE;
      if (i == 0)
        {
          *input = array;
          input->data = NULL;
        }
      if (array.dims[0] != input->dims[0] || array.dims[2] != input->dims[2] ||
          array.dims[3] != input->dims[3] ||
          (ops[self->op].form == FORM_ANY && array.dims[1] != input->dims[1]))
        return skip (
            self, "its inputs have other shapes (broadcasting): equal ones are supported, and for "
                  "Mul one number a channel");
      total += array.dims[1];
    }
  n = input->dims[0];
  pixels = input->dims[2] * input->dims[3];
  input->n = n * total * pixels;
  input->data = g_new (float, input->n);
  for (int i = 0; i < self->n_inputs; i++)
    {
      g_auto (OnnxArray) array = { 0 };
      gint64 size;

      get_array (self, self->inputs[i], &array);
      lift (self, &array);
      size = array.dims[1] * pixels;
      for (gint64 k = 0; k < n; k++)
        memcpy (input->data + (k * total + from) * pixels, array.data + k * size,
                size * sizeof (float));
      add_selection (graph, i, from, array.dims[1], total);
      from += array.dims[1];
    }
  input->dims[1] = total;

  return TRUE;
}

/* The node as a network of its own; NULL where it cannot be one. */
static GBytes *
make_network (Case *self, OnnxArray *input)
{
  g_autoptr (RnOnnxGraph) graph = rn_onnx_graph_new (self->node->op_type, 13);
  const char *names[MAX_INPUTS + 1] = { "input" };
  char parts[MAX_INPUTS][16];
  gboolean merges = ops[self->op].merges && self->n_inputs > 1;
  gint64 dims[4];

  /* An input that a node leaves out has an empty name, and no file. */
  for (int i = 0, file = 0; i < MIN ((int)self->node->n_input, MAX_INPUTS); i++)
    {
      gboolean given = self->node->input[i][0] != '\0';

      g_snprintf (parts[i], sizeof parts[i], merges ? "part%d" : "constant%d", file);
      if (merges || i > 0)
        names[i] = given ? parts[i] : "";
      file += given;
    }
  if (merges ? !stack (self, graph, input)
             : !get_array (self, self->inputs[0], input) || !lift (self, input) ||
                   !add_constants (self, graph))
    return NULL;

  memcpy (dims, input->dims, sizeof dims);
  dims[0] = -1;
  rn_onnx_graph_set_input (graph, merges ? "stack" : "input", dims, input->rank);
  copy_attributes (self,
                   rn_onnx_graph_add_node (graph, self->node->op_type, "node", names, "output"));
  rn_onnx_graph_add_output (graph, "output", dims, input->rank);

  return rn_onnx_graph_to_bytes (graph, NULL);
}

static RnTensor *
run (Case *self, GBytes *bytes, const OnnxArray *input)
{
  g_autoptr (RnTensor) tensor = onnx_array_to_tensor (input);
  g_autoptr (RnWeights) weights = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autoptr (RnModel) model = rn_onnx_read (data, size, "case", &weights, &error);
  g_autoptr (RnBinding) binding = NULL;
  g_autoptr (RnSession) session = NULL;
  const RnSessionOptions options = { 1, RN_KEEP_OUTPUTS };
  RnTensor *output;

  if (model == NULL)
    skip (self, "%s", error->message);
  else if (!rn_model_check_runnable (model, NULL))
    skip (self, "%s", strstr (rn_model_get_notes (model)[0], "not run: ") + strlen ("not run: "));
  if (self->reason != NULL)
    return NULL;

  binding = rn_binding_new (model, weights, &error);
  g_assert_no_error (error);
  session = rn_session_new (binding, &options, &error);
  g_assert_no_error (error);
  rn_session_run (session, tensor, NULL, &error);
  g_assert_no_error (error);
  output = rn_session_get_activation (session, rn_model_get_output (model, 0)->index, &error);
  g_assert_no_error (error);

  return output;
}

/* Flatten and Reshape put out the numbers of maps channels last here, as everything is. */
static gboolean
is_flattened (const Case *self, const OnnxArray *input)
{
  return input->rank == 4 && g_str_equal (self->node->op_type, "Flatten");
}

static void
check (Case *self, const char *name, const OnnxArray *input, RnTensor *output)
{
  g_auto (OnnxArray) wanted = { 0 };
  g_autoptr (RnTensor) right = NULL;
  double largest = 0;

  if (!get_array (self, self->output, &wanted))
    return;
  if (is_flattened (self, input))
    {
      wanted.rank = 4;
      memcpy (wanted.dims, input->dims, sizeof wanted.dims);
    }
  else if (ops[self->op].form != FORM_MAPS)
    {
      lift (self, &wanted);
    }
  right = onnx_array_to_tensor (&wanted);
  g_assert_cmpint (rn_tensor_get_n_elements (output), ==, wanted.n);
  for (gint64 i = 0; i < wanted.n; i++)
    largest = MAX (largest, fabs (rn_tensor_f32 (right)[i]));
  for (gint64 i = 0; i < wanted.n; i++)
    {
      double difference = fabs ((double)rn_tensor_f32 (right)[i] - rn_tensor_f32 (output)[i]);

      if (!(difference <= 1e-5 * largest))
        g_error ("%s: number %" G_GINT64_FORMAT " is %g, %g is right", name, i,
                 rn_tensor_f32 (output)[i], rn_tensor_f32 (right)[i]);
    }
}

static void
run_case (Case *self, const char *folder, const char *name)
{
  g_auto (OnnxArray) input = { 0 };
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (RnTensor) output = NULL;

  for (; self->n_inputs < MAX_INPUTS; self->n_inputs++)
    {
      self->inputs[self->n_inputs] = onnx_load_tensor (folder, "input", self->n_inputs);
      if (self->inputs[self->n_inputs] == NULL)
        break;
    }
  self->output = onnx_load_tensor (folder, "output", 0);
  if (self->n_inputs == 0)
    skip (self, "it has no input, so that no picture flows through it");
  else if (self->output == NULL)
    skip (self, "its data is no tensor");
  else if (g_str_equal (self->node->op_type, "MaxPool") && self->node->n_output > 1)
    skip (self, "the places of the maxima, its second output, are not computed");
  else if (find (self, "training_mode") != NULL)
    skip (self, "it is in training mode");
  else
    bytes = make_network (self, &input);
  if (bytes != NULL)
    output = run (self, bytes, &input);
  if (output != NULL)
    check (self, name, &input, output);
}

static int
find_op (const Onnx__ModelProto *model)
{
  if (model == NULL || model->graph == NULL || model->graph->n_node != 1)
    return -1;
  for (guint i = 0; i < G_N_ELEMENTS (ops); i++)
    if (g_str_equal (model->graph->node[0]->op_type, ops[i].op))
      return i;

  return -1;
}

static gboolean
try_folder (const char *name, int *n_passed)
{
  g_autofree char *folder = g_build_filename (FOLDER, name, NULL);
  g_autofree char *path = g_build_filename (folder, "model.onnx", NULL);
  g_autofree char *bytes = NULL;
  Onnx__ModelProto *model = NULL;
  Case self = { 0 };
  gsize size;

  if (g_file_get_contents (path, &bytes, &size, NULL))
    model = onnx__model_proto__unpack (NULL, size, (const uint8_t *)bytes);
  self.op = find_op (model);
  if (self.op >= 0)
    {
      self.node = model->graph->node[0];
      run_case (&self, folder, name);
      *n_passed += self.reason == NULL;
      g_test_message (
          "%s (%s): %s%s", name, self.node->op_type,
          self.reason == NULL ? "passed" : "skipped: ", self.reason != NULL ? self.reason : "");
      g_free (self.reason);
      for (int i = 0; i < self.n_inputs; i++)
        onnx__tensor_proto__free_unpacked (self.inputs[i], NULL);
      if (self.output != NULL)
        onnx__tensor_proto__free_unpacked (self.output, NULL);
    }
  if (model != NULL)
    onnx__model_proto__free_unpacked (model, NULL);

  return self.op >= 0;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void
test_nodes (void)
{
  g_autoptr (GDir) dir = g_dir_open (FOLDER, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  int n_cases = 0, n_passed = 0;
  const char *name;

  g_test_summary ("ONNX's own cases of the operators that are read give ONNX's numbers");

  if (dir == NULL)
    {
      g_test_skip ("libonnx-testdata is not installed");
      return;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    n_cases += try_folder (g_ptr_array_index (names, i), &n_passed);

  g_test_message ("%d of %d cases passed, the others are skipped as said", n_passed, n_cases);
  /* What is skipped today is known; less than this means that something was lost. */
  g_assert_cmpint (n_passed, >=, 82);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/onnx/nodes", test_nodes);

  return g_test_run ();
}
