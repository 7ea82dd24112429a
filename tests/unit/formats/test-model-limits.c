/* Models that are too much, or make no sense: an error of one line, or a model, soon and in little
 * memory. Read as the programs read them, in the reader process, whose memory is measured. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>

#include "engine/formats/onnx-graph.h"
#include "engine/formats/reader.h"

/* "Within a second and 200 MiB": of the processor's time, which does not depend on what else runs,
 * and twice as much, since this may be built without optimization. */
#define MAX_SECONDS 2.0
#define MAX_KIB (200 << 10)

typedef GBytes *(*MakeFunc) (void);

static GBytes *
take (GString *text)
{
  return g_string_free_to_bytes (text);
}

/* One layer of Keras 2's JSON. */
static void
add_layer (GString *text,
           const char *keras_class,
           const char *name,
           const char *config,
           const char *inputs)
{
  g_string_append_printf (
      text,
      "%s{\"class_name\":\"%s\",\"name\":\"%s\",\"config\":{\"name\":\"%s\"%s%s},"
      "\"inbound_nodes\":[%s]}",
      text->str[text->len - 1] == '[' ? "" : ",", keras_class, name, name,
      config[0] != '\0' ? "," : "", config, inputs);
}

static GString *
begin (const char *input_shape)
{
  GString *text =
      g_string_new ("{\"class_name\":\"Model\",\"config\":{\"name\":\"m\",\"layers\":[");
  g_autofree char *config = g_strdup_printf ("\"batch_input_shape\":[null,%s]", input_shape);

  add_layer (text, "InputLayer", "x", config, "");

  return text;
}

static GBytes *
end (GString *text, const char *output)
{
  g_string_append_printf (
      text, "],\"input_layers\":[[\"x\",0,0]],\"output_layers\":[[\"%s\",0,0]]}}", output);

  return take (text);
}

#define RELU "\"activation\":\"relu\""
#define FROM(name) "[[\"" name "\",0,0,{}]]"

static GBytes *
make_circle (void)
{
  GString *text = begin ("8,8,3");

  add_layer (text, "Add", "a", "", "[[\"x\",0,0,{}],[\"b\",0,0,{}]]");
  add_layer (text, "Activation", "b", RELU, FROM ("a"));

  return end (text, "b");
}

static GBytes *
make_own_input (void)
{
  GString *text = begin ("8,8,3");

  add_layer (text, "Activation", "a", RELU, FROM ("a"));

  return end (text, "a");
}

static GBytes *
make_missing (void)
{
  GString *text = begin ("8,8,3");

  add_layer (text, "Activation", "a", RELU, FROM ("nowhere"));

  return end (text, "a");
}

static GBytes *
make_without_input (void)
{
  GString *text =
      g_string_new ("{\"class_name\":\"Model\",\"config\":{\"name\":\"m\",\"layers\":[");

  add_layer (text, "Flatten", "a", "", "");

  return end (text, "a");
}

static GBytes *
make_unfit (void)
{
  GString *text = begin ("8,8,3");

  add_layer (text, "ZeroPadding2D", "a", "\"padding\":1", FROM ("x"));
  add_layer (text, "Add", "b", "", "[[\"x\",0,0,{}],[\"a\",0,0,{}]]");

  return end (text, "b");
}

static GBytes *
make_control (void)
{
  GString *text = begin ("8,8,3");

  add_layer (text, "Activation", "\\u001b[31m\\u0007\\n", RELU, FROM ("x"));

  return end (text, "\\u001b[31m\\u0007\\n");
}

static GBytes *
make_control_class (void)
{
  GString *text = begin ("8,8,3");

  add_layer (text, "Evil\\u001b[2J\\nLayer", "a", "", FROM ("x"));

  return end (text, "a");
}

static GBytes *
make_doubled (void)
{
  GString *text = begin ("8,8,3");

  add_layer (text, "Activation", "a", RELU, FROM ("x"));
  add_layer (text, "Activation", "a", RELU, FROM ("x"));

  return end (text, "a");
}

static GBytes *
make_chain (int n)
{
  GString *text = begin ("8,8,3");
  g_autofree char *before = g_strdup ("x");

  for (int i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("layer_%d", i);
      g_autofree char *from = g_strdup_printf ("[[\"%s\",0,0,{}]]", before);

      add_layer (text, "Activation", name, RELU, from);
      g_free (before);
      before = g_steal_pointer (&name);
    }

  return end (text, before);
}

static GBytes *
make_ten_thousand (void)
{
  return make_chain (9999);
}

static GBytes *
make_thirty_thousand (void)
{
  return make_chain (30000);
}

/* Blocks of a convolution and an Add: 10,000 layers of a residual network. */
static GBytes *
make_residual (void)
{
  GString *text = begin ("8,8,4");
  g_autofree char *before = g_strdup ("x");

  for (int i = 0; i < 3333; i++)
    {
      g_autofree char *conv = g_strdup_printf ("conv_%d", i);
      g_autofree char *relu = g_strdup_printf ("relu_%d", i);
      g_autofree char *add = g_strdup_printf ("add_%d", i);
      g_autofree char *from = g_strdup_printf ("[[\"%s\",0,0,{}]]", before);
      g_autofree char *from_conv = g_strdup_printf ("[[\"%s\",0,0,{}]]", conv);
      g_autofree char *both = g_strdup_printf ("[[\"%s\",0,0,{}],[\"%s\",0,0,{}]]", relu, before);

      add_layer (text, "Conv2D", conv, "\"filters\":4,\"kernel_size\":[3,3],\"padding\":\"same\"",
                 from);
      add_layer (text, "Activation", relu, RELU, from_conv);
      add_layer (text, "Add", add, "", both);
      g_free (before);
      before = g_steal_pointer (&add);
    }

  return end (text, before);
}

/* Each joins the last with itself: 2^n channels. */
static GBytes *
make_doubling (void)
{
  GString *text = begin ("8,8,4");
  g_autofree char *before = g_strdup ("x");

  for (int i = 0; i < 64; i++)
    {
      g_autofree char *name = g_strdup_printf ("join_%d", i);
      g_autofree char *both = g_strdup_printf ("[[\"%s\",0,0,{}],[\"%s\",0,0,{}]]", before, before);

      add_layer (text, "Concatenate", name, "", both);
      g_free (before);
      before = g_steal_pointer (&name);
    }

  return end (text, before);
}

static GBytes *
make_many_inputs (void)
{
  GString *text = begin ("8,8,4");
  GString *inputs = g_string_new ("[");

  for (int i = 0; i < 50000; i++)
    g_string_append_printf (inputs, "%s[\"x\",0,0,{}]", i > 0 ? "," : "");
  g_string_append_c (inputs, ']');
  add_layer (text, "Add", "a", "", inputs->str);
  g_string_free (inputs, TRUE);

  return end (text, "a");
}

static GBytes *
make_huge_input (void)
{
  GString *text = begin ("2000000000,2000000000,3");

  add_layer (text, "Flatten", "a", "", FROM ("x"));

  return end (text, "a");
}

static GBytes *
make_huge_numbers (void)
{
  GString *text = begin ("8,8,3");

  add_layer (text, "Conv2D", "a", "\"filters\":1e300,\"kernel_size\":[3,3]", FROM ("x"));

  return end (text, "a");
}

static GBytes *
make_deep_json (void)
{
  GString *text = g_string_new ("{\"class_name\":\"Model\",\"config\":");

  for (int i = 0; i < 1000000; i++)
    g_string_append_c (text, '[');

  return take (text);
}

static GBytes *
make_deep_models (void)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < 60; i++)
    g_string_append_printf (
        text,
        "{\"class_name\":\"Sequential\",\"name\":\"s%d\",\"config\":{\"name\":\"s%d\",\"layers\":[",
        i, i);
  for (int i = 0; i < 60; i++)
    g_string_append (text, "]}}");

  return take (text);
}

/* ONNX: nodes of one operator, each behind the one before it. */
static GBytes *
make_onnx (int opset, int n_nodes, const char *first_input, const char *name)
{
  g_autoptr (RnOnnxGraph) graph = rn_onnx_graph_new ("g", opset);
  const gint64 dims[] = { -1, 3, 8, 8 };
  g_autofree char *before = g_strdup (first_input);

  rn_onnx_graph_set_input (graph, "x", dims, 4);
  for (int i = 0; i < n_nodes; i++)
    {
      g_autofree char *output = g_strdup_printf ("%s%d", name, i);
      const char *const inputs[] = { before, NULL };

      rn_onnx_graph_add_node (graph, "Relu", output, inputs, output);
      g_free (before);
      before = g_steal_pointer (&output);
    }
  rn_onnx_graph_add_output (graph, before, dims, 4);

  return rn_onnx_graph_to_bytes (graph, NULL);
}

static GBytes *
make_onnx_chain (void)
{
  return make_onnx (13, 9999, "x", "y");
}
static GBytes *
make_onnx_long (void)
{
  return make_onnx (13, 30000, "x", "y");
}
static GBytes *
make_onnx_circle (void)
{
  return make_onnx (13, 3, "y2", "y");
}
static GBytes *
make_onnx_missing (void)
{
  return make_onnx (13, 1, "nowhere", "y");
}
static GBytes *
make_onnx_old (void)
{
  return make_onnx (8, 1, "x", "y");
}
static GBytes *
make_onnx_new (void)
{
  return make_onnx (22, 1, "x", "y");
}
static GBytes *
make_onnx_control (void)
{
  return make_onnx (13, 1, "x", "\033[31m\a\n");
}

/* A tensor that claims more numbers than there are. */
static GBytes *
make_onnx_huge (void)
{
  g_autoptr (RnOnnxGraph) graph = rn_onnx_graph_new ("g", 13);
  const gint64 dims[] = { -1, 3, 8, 8 };
  const gint64 pads[] = { 0, 0, G_MAXINT64 / 2, 0, 0, 0, G_MAXINT64 / 2, 0 };
  const char *const inputs[] = { "x", "pads", NULL };

  rn_onnx_graph_set_input (graph, "x", dims, 4);
  rn_onnx_graph_add_i64 (graph, "pads", pads, 8);
  rn_onnx_graph_add_node (graph, "Pad", "y", inputs, "y");
  rn_onnx_graph_add_output (graph, "y", dims, 4);

  return rn_onnx_graph_to_bytes (graph, NULL);
}

/* @says: a part of the message; NULL where a model must come of it */
static const struct
{
  const char *name;
  MakeFunc make;
  const char *says;
} cases[] = {
  { "circle.json", make_circle, "feeds itself in a circle" },
  { "own-input.json", make_own_input, "feeds itself in a circle" },
  { "missing-input.json", make_missing, "“nowhere”, which does not exist" },
  { "without-input.json", make_without_input, "" },
  { "unfit.json", make_unfit, "(None, 8, 8, 3) and (None, 10, 10, 3)" },
  { "control.json", make_control, "printable UTF-8" },
  { "control-class.json", make_control_class, NULL },
  { "doubled.json", make_doubled, "two layers are named" },
  { "10000-layers.json", make_ten_thousand, NULL },
  { "10000-residual.json", make_residual, NULL },
  { "30000-layers.json", make_thirty_thousand, "more than 20000 layers" },
  { "doubling.json", make_doubling, "channels" },
  { "many-inputs.json", make_many_inputs, "inputs" },
  { "huge-input.json", make_huge_input, "" },
  { "huge-numbers.json", make_huge_numbers, NULL },
  { "deep.json", make_deep_json, "nested deeper" },
  { "deep-models.json", make_deep_models, "nested deeper" },
  { "10000-nodes.onnx", make_onnx_chain, NULL },
  { "30000-nodes.onnx", make_onnx_long, "more than 20000 nodes" },
  { "circle.onnx", make_onnx_circle, "“y2”, which no node before it computes" },
  { "missing-input.onnx", make_onnx_missing, "“nowhere”, which no node before it computes" },
  { "opset-8.onnx", make_onnx_old, "opset 8 of ONNX; from 9 to 21" },
  { "opset-22.onnx", make_onnx_new, "opset 22 of ONNX; from 9 to 21" },
  { "control.onnx", make_onnx_control, "printable UTF-8" },
  { "huge-pads.onnx", make_onnx_huge, NULL },
};

static long
get_children_kib (void)
{
  struct rusage usage;

  getrusage (RUSAGE_CHILDREN, &usage);

  return usage.ru_maxrss;
}

/* Processor time of all readers so far. */
static double
get_children_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_CHILDREN, &usage);

  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

static void
assert_clean (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    g_assert_false (g_ascii_iscntrl (*p));
}

static void
check_parcel (RnParcel *parcel)
{
  const char *const *notes = rn_model_get_notes (parcel->model);

  for (int i = 0; notes[i] != NULL; i++)
    assert_clean (notes[i]);
  for (int i = 0; i < rn_model_get_n_layers (parcel->model); i++)
    {
      assert_clean (rn_model_get_layer (parcel->model, i)->name);
      assert_clean (rn_model_get_layer (parcel->model, i)->keras_class);
    }
}

static void
test_table (void)
{
  g_autofree char *folder = g_dir_make_tmp ("rn-limits-XXXXXX", NULL);

  g_test_summary (
      "Senseless and very large models are an error of one line or a model, soon and in "
      "little memory");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_build_filename (folder, cases[i].name, NULL);
      g_autoptr (GBytes) bytes = cases[i].make ();
      g_autoptr (GError) error = NULL;
      g_autoptr (RnParcel) parcel = NULL;
      double seconds = get_children_seconds ();
      gsize size;
      const char *data = g_bytes_get_data (bytes, &size);

      g_assert_true (g_file_set_contents (path, data, size, NULL));
      parcel = rn_reader_read (g_getenv ("RN_READER"), RN_READER_MODEL, path, 0, NULL, &error);
      seconds = get_children_seconds () - seconds;
      g_test_message ("%-20s %.3f s of processor time, %4ld MiB at most so far: %s", cases[i].name,
                      seconds, get_children_kib () >> 10,
                      error != NULL ? error->message : "a model");
      g_unlink (path);
      if (cases[i].says == NULL)
        {
          g_assert_no_error (error);
          check_parcel (parcel);
        }
      else
        {
          g_assert_nonnull (error);
          g_assert_nonnull (strstr (error->message, cases[i].says));
          assert_clean (error->message);
        }
#ifndef RN_SANITIZED /* sanitizers keep what is freed, and take their time */
      g_assert_cmpfloat (seconds, <, MAX_SECONDS);
      g_assert_cmpint (get_children_kib (), <, MAX_KIB);
#endif
    }
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/model-limits/table", test_table);

  return g_test_run ();
}
