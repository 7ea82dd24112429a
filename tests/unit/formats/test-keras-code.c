#include "engine/formats/keras-code.h"

#include <gio/gio.h>
#include <string.h>

#include "engine/formats/keras-json.h"
#include "engine/model/catalog.h"

static RnModel *
build (const char *id)
{
  g_autoptr (GError) error = NULL;
  RnModel *model = rn_catalog_build (id, &RN_VARIANT_DEFAULT, &error);

  g_assert_no_error (error);

  return model;
}

/* Feeds a text to Python's parser. Skips the rest of the test where there is no Python. */
static gboolean
check_python (const char *code)
{
  g_autofree char *python = g_find_program_in_path ("python3");
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;

  if (python == NULL)
    return FALSE;
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error,
                              python, "-c", "import ast, sys; ast.parse(sys.stdin.read())", NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, code, NULL, NULL, &message, &error);
  g_assert_no_error (error);
  if (!g_subprocess_get_successful (process))
    g_error ("%s\n%s", message, code);

  return TRUE;
}

/* Runs a program's assignments as Python would, over names of layers: each variable holds the layer
 * that was assigned to it last. Compares what every layer takes with the model's connections. */
static void
check_flow (const RnModel *model, const char *code)
{
  g_autoptr (GHashTable) holds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GRegex) assignment = g_regex_new (
      "^(\\w+) = layers\\.(\\w+)\\(.*name=\"([^\"]+)\"\\)(?:\\(\\[?([^()]*?)\\]?\\))?$",
      G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  int n = 0;

  for (g_regex_match (assignment, code, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL), n++)
    {
      const RnLayer *layer = rn_model_get_layer (model, n);
      g_autofree char *variable = g_match_info_fetch (match, 1);
      g_autofree char *class = g_match_info_fetch (match, 2);
      g_autofree char *name = g_match_info_fetch (match, 3);
      g_autofree char *inputs = g_match_info_fetch (match, 4);
      g_auto (GStrv) taken = g_strsplit (inputs != NULL ? inputs : "", ", ", -1);

      g_assert_cmpstr (name, ==, layer->name);
      if (layer->kind != RN_LAYER_INPUT)
        g_assert_cmpstr (class, ==, rn_layer_kind_get_keras_class (layer->kind));
      g_assert_cmpint (g_strv_length (taken), ==, layer->n_inputs);
      for (int i = 0; i < layer->n_inputs; i++)
        g_assert_cmpint (GPOINTER_TO_INT (g_hash_table_lookup (holds, taken[i])), ==,
                         layer->inputs[i]);
      g_hash_table_insert (holds, g_steal_pointer (&variable), GINT_TO_POINTER (n));
    }
  g_assert_cmpint (n, ==, rn_model_get_n_layers (model));
}

static void
test_builtin (void)
{
  int n_entries;
  const RnCatalogEntry *entries = rn_catalog_list (&n_entries);
  g_autoptr (GString) all = g_string_new (NULL);

  g_test_summary ("The code of every built-in model is Python and connects what the model connects");

  for (int i = 0; i < n_entries; i++)
    {
      g_autoptr (RnModel) model = build (entries[i].id);
      g_autoptr (GError) error = NULL;
      g_autofree char *code = rn_model_to_keras_code (model, &error);

      g_assert_no_error (error);
      check_flow (model, code);
      g_string_append (all, code);
    }
  if (!check_python (all->str))
    g_test_skip ("python3 is not there");
}

static void
test_parts (void)
{
  static const char *const ids[] = { "resnet50", "resnet20v2", "resnet20-paper" };
  g_autoptr (GString) all = g_string_new (NULL);

  g_test_summary ("Each block is a function and each layer a line of Python");

  for (guint m = 0; m < G_N_ELEMENTS (ids); m++)
    {
      g_autoptr (RnModel) model = build (ids[m]);
      g_autoptr (GError) error = NULL;

      for (int b = 0; b < rn_model_get_structure (model)->n_blocks; b++)
        {
          g_autofree char *code = rn_model_block_to_keras_code (model, b, &error);

          g_assert_no_error (error);
          g_string_append (all, code);
        }
      for (int i = 0; i < rn_model_get_n_layers (model); i++)
        {
          g_autofree char *code = rn_model_layer_to_keras_code (model, i, &error);

          g_assert_no_error (error);
          g_string_append (all, code);
        }
    }
  if (!check_python (all->str))
    g_test_skip ("python3 is not there");
}

static void
test_words (void)
{
  g_autoptr (RnModel) model = build ("resnet50");
  g_autoptr (GError) error = NULL;
  const RnLayer *conv = rn_model_find_layer (model, "res3a_branch2a", NULL);
  g_autofree char *layer = rn_model_layer_to_keras_code (model, conv->index, &error);
  g_autofree char *block = rn_model_block_to_keras_code (model, 1, &error);

  g_test_summary ("The code says what a person would: defaults left out, the shortcut by its name");

  g_assert_no_error (error);
  g_assert_cmpstr (layer, ==,
                   "x = layers.Conv2D(128, (1, 1), strides=(2, 2), name=\"res3a_branch2a\")(x)\n");
  g_assert_true (g_str_has_prefix (block, "# Block 2b: identity shortcut\ndef block_2b(inputs):\n"));
  g_assert_nonnull (strstr (block, "    x = layers.Conv2D(64, (3, 3), padding=\"same\", "
                                   "name=\"res2b_branch2b\")(x)\n"));
  g_assert_nonnull (strstr (block, "([x, inputs])\n"));
  g_assert_true (g_str_has_suffix (block, "(x)\n    return outputs\n"));
}

static void
test_hostile (void)
{
  static const char text[]
      = "{\"class_name\":\"Model\",\"config\":{\"name\":\"m\\\"\\n)\",\"layers\":["
        "{\"class_name\":\"InputLayer\",\"name\":\"in\",\"config\":{\"batch_input_shape\":"
        "[null,4,4,2]},\"inbound_nodes\":[]},"
        "{\"class_name\":\"Activation\",\"name\":\"a\\\"b\\\\\",\"config\":{\"activation\":\"relu\"},"
        "\"inbound_nodes\":[[[\"in\",0,0,{}]]]},"
        "{\"class_name\":\"Add\",\"name\":\"1 + 1\",\"config\":{},\"inbound_nodes\":"
        "[[[\"a\\\"b\\\\\",0,0,{}],[\"in\",0,0,{}]]]}],"
        "\"input_layers\":[[\"in\",0,0]],\"output_layers\":[[\"1 + 1\",0,0]]}}";
  g_autoptr (GError) error = NULL;
  g_autoptr (RnModel) model = rn_keras_json_read (text, strlen (text), "test.json", &error);
  g_autofree char *code = NULL;

  g_test_summary ("Names that are no identifiers, or Python's own words, still give Python");

  g_assert_no_error (error);
  code = rn_model_to_keras_code (model, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (code, "in_2 = layers.Input(shape=(4, 4, 2), name=\"in\")"));
  g_assert_nonnull (strstr (code, "layer_1___1 = layers.Add(name=\"1 + 1\")([x, in_2])"));
  if (!check_python (code))
    g_test_skip ("python3 is not there");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keras-code/builtin", test_builtin);
  g_test_add_func ("/keras-code/parts", test_parts);
  g_test_add_func ("/keras-code/words", test_words);
  g_test_add_func ("/keras-code/hostile", test_hostile);

  return g_test_run ();
}
