#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

#include "tests/cli/command.h"

/* The array that a command's stdout holds. */
static JsonParser *
parse_array (const CommandResult *result, JsonArray **array)
{
  JsonParser *parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  json_parser_load_from_data (parser, result->out, -1, &error);
  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_ARRAY (json_parser_get_root (parser)));
  *array = json_node_get_array (json_parser_get_root (parser));

  return parser;
}

/* "predict" on a bundled sample */
static CommandResult *
predict_sample (const char *sample, const char *options)
{
  g_autofree char *line =
      g_strdup_printf ("predict '%s/samples/%s' %s", g_getenv ("RN_DATA_DIR"), sample, options);

  return command_run (line);
}

static void
test_json (void)
{
  const char *models[] = { "resnet50", "resnet18" };

  g_test_summary ("--json has the promised keys, and the bundled networks know the bundled tench");

  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    {
      g_autofree char *options = g_strdup_printf ("--json --top 3 -m %s", models[i]);
      g_autofree char *weights = g_strconcat (models[i], ".h5", NULL);
      g_autoptr (CommandResult) result = predict_sample ("tench.png", options);
      JsonArray *array, *top;
      g_autoptr (JsonParser) parser = parse_array (result, &array);
      JsonObject *object = json_array_get_object_element (array, 0), *first;

      g_assert_nonnull (parser);
      g_assert_cmpint (result->status, ==, 0);
      g_assert_cmpstr (result->err, ==, "");
      g_assert_cmpuint (json_array_get_length (array), ==, 1);
      g_assert_true (
          g_str_has_suffix (json_object_get_string_member (object, "image"), "/tench.png"));
      g_assert_cmpstr (json_object_get_string_member (object, "model"), ==, models[i]);
      g_assert_cmpstr (json_object_get_string_member (object, "weights"), ==, weights);
      g_assert_true (json_object_get_boolean_member (object, "trained"));
      top = json_object_get_array_member (object, "top");
      g_assert_cmpuint (json_array_get_length (top), ==, 3);
      first = json_array_get_object_element (top, 0);
      g_assert_cmpint (json_object_get_int_member (first, "index"), ==, 0);
      g_assert_cmpstr (json_object_get_string_member (first, "class"), ==, "n01440764");
      g_assert_cmpstr (json_object_get_string_member (first, "label"), ==, "tench");
      g_assert_cmpfloat (json_object_get_double_member (first, "probability"), >, 0.5);
      g_assert_cmpfloat (json_object_get_double_member (first, "probability"), <, 1);
    }
}

static void
test_people (void)
{
  g_autoptr (CommandResult) result = predict_sample ("golf-ball.png", "");

  g_test_summary ("The table names the model, the weights, the number of classes, and labels");

  g_assert_cmpint (result->status, ==, 0);
  g_assert_nonnull (strstr (result->out, "ResNet-50"));
  g_assert_nonnull (strstr (result->out, "resnet50.h5"));
  g_assert_nonnull (strstr (result->out, "10 classes"));
  g_assert_nonnull (strstr (result->out, "golf ball"));
}

static void
test_names (void)
{
  g_autoptr (CommandResult) keras2 = predict_sample ("church.png", "--json --top 10");
  g_autoptr (CommandResult) keras3 =
      predict_sample ("church.png", "--json --top 10 --names keras3");

  g_test_summary ("The generation of names changes names alone, not what weights compute");

  g_assert_cmpint (keras3->status, ==, 0);
  g_assert_cmpstr (keras2->out, ==, keras3->out);
}

static void
test_untrained (void)
{
  g_autoptr (CommandResult) result =
      predict_sample ("tench.png", "--json -m resnet18 --weights none --classes 7 --top 99");
  JsonArray *array;
  g_autoptr (JsonParser) parser = parse_array (result, &array);
  JsonObject *object = json_array_get_object_element (array, 0);

  g_test_summary ("Random weights are called untrained, in the answer and on stderr");

  g_assert_nonnull (parser);
  g_assert_cmpint (result->status, ==, 0);
  g_assert_nonnull (strstr (result->err, "untrained"));
  g_assert_false (json_object_get_boolean_member (object, "trained"));
  g_assert_nonnull (strstr (json_object_get_string_member (object, "weights"), "untrained"));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "top")), ==, 7);
}

static void
test_edit (void)
{
  g_autoptr (CommandResult) whole = predict_sample ("tench.png", "--json -m resnet18");
  g_autoptr (CommandResult) edited =
      predict_sample ("tench.png", "--json -m resnet18 --edit cut-shortcut:conv2_block1_add "
                                   "-e drop-block:conv5_block2_add");

  g_test_summary ("Edits change what is predicted");

  g_assert_cmpint (edited->status, ==, 0);
  g_assert_cmpstr (whole->out, !=, edited->out);
}

static void
test_folder (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("rn-predict-XXXXXX", &error);
  g_autofree char *bad = g_build_filename (folder, "b.png", NULL);
  g_autofree char *other = g_build_filename (folder, "notes.txt", NULL);
  g_autofree char *line = g_strdup_printf (
      "predict -m resnet18 --threads 2 --json '%s/samples/tench.png' '%s' '%s/samples/church.png'",
      g_getenv ("RN_DATA_DIR"), folder, g_getenv ("RN_DATA_DIR"));
  const char *expected[] = { "tench.png", "a.png", "c.png", "church.png" };
  g_autoptr (CommandResult) result = NULL;
  g_autoptr (JsonParser) parser = NULL;
  JsonArray *array;

  g_test_summary (
      "A folder's pictures come in its place, in order, though two are in work at a time; a bad "
      "one costs its own answer alone");

  for (const char *name = "ac"; *name != '\0'; name++)
    {
      g_autofree char *from =
          g_build_filename (g_getenv ("RN_DATA_DIR"), "samples/tench.png", NULL);
      g_autofree char *to = g_strdup_printf ("%s/%c.png", folder, *name);

      g_assert_cmpint (symlink (from, to), ==, 0);
    }
  g_assert_true (g_file_set_contents (bad, "no picture", -1, NULL));
  g_assert_true (g_file_set_contents (other, "no picture either", -1, NULL));
  result = command_run (line);
  parser = parse_array (result, &array);
  g_assert_cmpint (result->status, ==, 1);
  g_assert_nonnull (strstr (result->err, bad));
  g_assert_cmpstr (strchr (result->err, '\n'), ==, "\n");
  g_assert_cmpuint (json_array_get_length (array), ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      JsonObject *object = json_array_get_object_element (array, i);

      g_assert_true (
          g_str_has_suffix (json_object_get_string_member (object, "image"), expected[i]));
    }

  for (const char *name = "abc"; *name != '\0'; name++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%c.png", folder, *name);

      g_unlink (path);
    }
  g_unlink (other);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cli/predict/json", test_json);
  g_test_add_func ("/cli/predict/people", test_people);
  g_test_add_func ("/cli/predict/names", test_names);
  g_test_add_func ("/cli/predict/untrained", test_untrained);
  g_test_add_func ("/cli/predict/edit", test_edit);
  g_test_add_func ("/cli/predict/folder", test_folder);

  return g_test_run ();
}
