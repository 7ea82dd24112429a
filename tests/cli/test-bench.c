#include <json-glib/json-glib.h>

#include "tests/cli/command.h"

static void
check_layers (JsonObject *object)
{
  JsonArray *layers = json_object_get_array_member (object, "layers");
  double total = 0;

  g_assert_cmpuint (json_array_get_length (layers), >, 60);
  for (guint i = 0; i < json_array_get_length (layers); i++)
    {
      JsonObject *layer = json_array_get_object_element (layers, i);

      g_assert_cmpint (strlen (json_object_get_string_member (layer, "name")), >, 0);
      g_assert_cmpint (strlen (json_object_get_string_member (layer, "kind")), >, 0);
      g_assert_cmpfloat (json_object_get_double_member (layer, "gflops"), >=, 0);
      total += json_object_get_double_member (layer, "ms");
    }
  g_assert_cmpfloat (total, >, 0);
  g_assert_cmpfloat (total, <=, json_object_get_double_member (object, "median_ms") * 1.05);
}

static void
test_json (void)
{
  g_autoptr (CommandResult) result
    = command_run ("bench resnet18 --input-size 64 --runs 5 --threads 2 --json");
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonObject *object;

  g_test_summary ("--json has the promised keys, and their figures fit each other");
  g_assert_cmpstr (result->err, ==, "");
  g_assert_cmpint (result->status, ==, 0);
  json_parser_load_from_data (parser, result->out, -1, &error);
  g_assert_no_error (error);
  object = json_node_get_object (json_parser_get_root (parser));

  g_assert_cmpstr (json_object_get_string_member (object, "model"), ==, "resnet18");
  g_assert_cmpint (json_object_get_int_member (object, "threads"), ==, 2);
  g_assert_cmpint (json_object_get_int_member (object, "runs"), ==, 5);
  g_assert_cmpint (strlen (json_object_get_string_member (object, "isa")), >, 0);
  g_assert_cmpfloat (json_object_get_double_member (object, "min_ms"), >, 0);
  g_assert_cmpfloat (json_object_get_double_member (object, "median_ms"), >=,
                     json_object_get_double_member (object, "min_ms"));
  g_assert_cmpfloat (json_object_get_double_member (object, "gflops"), >, 0);
  g_assert_cmpfloat (json_object_get_double_member (object, "peak_gflops"), >, 0);
  g_assert_cmpint (json_object_get_int_member (object, "peak_rss_bytes"), >, 10 << 20);
  check_layers (object);
}

static void
test_table (void)
{
  g_autoptr (CommandResult) result
    = command_run ("bench --model resnet18 --input-size 32 --runs 2 --batch 3");

  g_test_summary ("People get a table of layers and two lines on the whole");
  g_assert_cmpint (result->status, ==, 0);
  g_assert_nonnull (strstr (result->out, "conv2_block1_1_conv"));
  g_assert_nonnull (strstr (result->out, "batch 3, 2 runs: minimum "));
  g_assert_nonnull (strstr (result->out, "GFLOP/s"));
}

static void
test_bad (void)
{
  static const BadCase cases[] = {
    { "bench --runs 0", 2, "--runs 0: a number from 1" },
    { "bench --batch -1", 2, "--batch -1: a number from 1" },
    { "bench resnet18 resnet50", 2, "resnet50" },
    { "bench resnet19", 1, "resnet19" },
  };

  g_test_summary ("What cannot be measured is refused in one line");
  command_check_bad (cases, G_N_ELEMENTS (cases));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/bench/json", test_json);
  g_test_add_func ("/bench/table", test_table);
  g_test_add_func ("/bench/bad", test_bad);

  return g_test_run ();
}
