#include "tests/cli/command.h"
#include "tests/remove-tree.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

static char *folder;

static char *
export (const char *model, const char *name)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autofree char *line = g_strdup_printf ("export %s --weights none -o %s", model, path);
  g_autoptr (CommandResult) result = command_run (line);

  g_test_message ("%s: %s", line, result->err);
  g_assert_cmpint (result->status, ==, 0);
  g_assert_cmpstr (result->out, ==, "");

  return path;
}

/* Between them they have every kind of layer that the built-in models have. */
static const char *const onnx_models[] = {
  "resnet18", "resnet50 --names keras3", "resnet20-paper", "resnet29v2", "resnet18-tf",
  "resnet50-rebuilt",
};

static void
test_onnx (void)
{
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "cli", "check-onnx.py", NULL);
  g_autoptr (GPtrArray) args = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("What is written as ONNX passes ONNX's own checker");

  g_ptr_array_add (args, g_strdup ("python3"));
  g_ptr_array_add (args, g_steal_pointer (&script));
  for (guint i = 0; i < G_N_ELEMENTS (onnx_models); i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.onnx", i);

      g_ptr_array_add (args, export (onnx_models[i], name));
    }
  g_ptr_array_add (args, NULL);
  process = g_subprocess_newv ((const char *const *) args->pdata, G_SUBPROCESS_FLAGS_STDOUT_SILENCE,
                               &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  if (g_subprocess_get_exit_status (process) == 77)
    g_test_skip ("python3-onnx is not installed");
  else
    g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
}

static void
test_json (void)
{
  g_autofree char *path = export ("resnet50", "model.json");
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *root, *conv;
  JsonArray *layers;

  g_test_summary ("The structure is written as Keras' to_json() writes it");

  g_assert_true (json_parser_load_from_file (parser, path, NULL));
  root = json_node_get_object (json_parser_get_root (parser));
  g_assert_cmpstr (json_object_get_string_member (root, "class_name"), ==, "Model");
  layers = json_object_get_array_member (json_object_get_object_member (root, "config"), "layers");
  g_assert_cmpuint (json_array_get_length (layers), ==, 177);
  conv = json_object_get_object_member (json_array_get_object_element (layers, 2), "config");
  g_assert_cmpstr (json_object_get_string_member (conv, "name"), ==, "conv1");
  g_assert_cmpint (json_object_get_int_member (conv, "filters"), ==, 64);
  g_assert_cmpstr (json_object_get_string_member (conv, "padding"), ==, "valid");
}

static void
test_predict (void)
{
  g_autofree char *path = export ("resnet20-paper", "named.onnx");
  g_autofree char *sample
      = g_test_build_filename (G_TEST_DIST, "..", "data", "samples", "tench.png", NULL);
  g_autofree char *line = g_strdup_printf ("predict --model %s %s", path, sample);
  g_autoptr (CommandResult) result = NULL;

  g_test_summary ("Weights in ONNX, which has no name for them, go by their file");

  result = command_run (line);
  g_assert_cmpint (result->status, ==, 0);
  g_assert_nonnull (strstr (result->out, "with the weights named.onnx"));
}

static const BadCase bad_cases[] = {
  { "export resnet18", 2, "-o" },
  { "export resnet18 -o model.txt", 2, ".onnx" },
  { "export -o x.onnx", 2, "MODEL" },
  { "export resnet18 -o x.json --edit cut-shortcut:conv2_block1_add", 2, "--edit" },
  { "export resnet18 -o /nowhere/x.onnx", 1, "/nowhere/x.onnx" },
  { "export resnet51 -o x.onnx", 1, "resnet51" },
  { "sweep", 2, "cut-shortcut" },
  { "sweep silence x.png", 2, "cut-shortcut" },
  { "sweep drop-block", 2, "IMAGE" },
  { "sweep drop-block /nowhere.png", 1, "/nowhere.png" },
};

static void
test_bad (void)
{
  g_test_summary ("Wrong words and outputs that cannot be written give one line");

  command_check_bad (bad_cases, G_N_ELEMENTS (bad_cases));
}

static void
test_sweep (void)
{
  g_autofree char *line = g_strdup_printf (
      "sweep drop-block --model resnet18 --json %s/samples/golf-ball.png", g_getenv ("RN_DATA_DIR"));
  g_autoptr (CommandResult) result = command_run (line);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *root, *block;
  JsonArray *blocks;

  g_test_summary ("A sweep tells for each block what the top class loses");

  g_assert_cmpint (result->status, ==, 0);
  g_assert_true (json_parser_load_from_data (parser, result->out, -1, NULL));
  root = json_node_get_object (json_parser_get_root (parser));
  g_assert_true (json_object_get_boolean_member (root, "trained"));
  blocks = json_object_get_array_member (root, "blocks");
  g_assert_cmpuint (json_array_get_length (blocks), ==, 8);
  block = json_array_get_object_element (blocks, 2);
  g_assert_cmpstr (json_object_get_string_member (block, "name"), ==, "conv3_block1_add");
  g_assert_cmpstr (json_object_get_string_member (block, "label"), ==, "3a");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("rn-cli-export-XXXXXX", NULL);

  g_test_add_func ("/cli/export/onnx", test_onnx);
  g_test_add_func ("/cli/export/predict", test_predict);
  g_test_add_func ("/cli/export/json", test_json);
  g_test_add_func ("/cli/export/bad", test_bad);
  g_test_add_func ("/cli/sweep", test_sweep);

  status = g_test_run ();
  test_remove_tree (folder);
  g_free (folder);

  return status;
}
