#include "engine/formats/keras-json.h"

#include <string.h>
#include <time.h>

/* A Functional model of these layers, as Keras 2 writes one. */
#define MODEL(layers, out)                                                                         \
  "{\"class_name\":\"Model\",\"config\":{\"name\":\"m\",\"layers\":[" layers                       \
  "],\"input_layers\":[[\"i\",0,0]],\"output_layers\":[[\"" out "\",0,0]]}}"
#define LAYER(kind, name, config, from)                                                            \
  "{\"class_name\":\"" kind "\",\"name\":\"" name "\",\"config\":{" config "},"                    \
  "\"inbound_nodes\":[[[\"" from "\",0,0,{}]]]}"
#define INPUT(dims)                                                                                \
  "{\"class_name\":\"InputLayer\",\"name\":\"i\",\"config\":{\"batch_input_shape\":[null," dims    \
  "]},\"inbound_nodes\":[]}"
#define CONV "\"filters\":4,\"kernel_size\":[3,3],\"strides\":2,\"padding\":\"same\""
#define CONV_FIRST CONV ",\"data_format\":\"channels_first\""

static RnModel *
read_json (const char *text, GError **error)
{
  return rn_keras_json_read (text, strlen (text), "test.json", error);
}

static void
test_sequential (void)
{
  static const char text[]
      = "{\"class_name\":\"Sequential\",\"config\":[{\"class_name\":\"Conv2D\",\"config\":"
        "{\"name\":\"c\",\"batch_input_shape\":[null,8,8,3]," CONV "}},{\"class_name\":\"Flatten\","
        "\"config\":{\"name\":\"f\"}},{\"class_name\":\"Dense\",\"config\":{\"name\":\"d\",\"units\":5}}"
        "]}";
  g_autoptr (GError) error = NULL;
  g_autoptr (RnModel) model = read_json (text, &error);

  g_test_summary ("A Sequential model of early Keras 2 gets its input from its first layer");

  g_assert_no_error (error);
  g_assert_cmpint (rn_model_get_n_layers (model), ==, 4);
  g_assert_cmpstr (rn_model_get_input (model)->name, ==, "c_input");
  g_assert_cmpint (rn_model_get_n_parameters (model), ==, 27 * 4 + 4 + 64 * 5 + 5);
}

static void
test_keras3 (void)
{
  static const char text[]
      = "{\"module\":\"keras\",\"class_name\":\"Functional\",\"config\":{\"name\":\"m\",\"layers\":["
        "{\"class_name\":\"InputLayer\",\"name\":\"i\",\"config\":{\"batch_shape\":[null,8,8,4]},"
        "\"inbound_nodes\":[]},"
        "{\"class_name\":\"ReLU\",\"name\":\"r\",\"config\":{\"max_value\":6.0},\"inbound_nodes\":["
        "{\"args\":[{\"class_name\":\"__keras_tensor__\",\"config\":{\"shape\":[null,8,8,4],"
        "\"keras_history\":[\"i\",0,0]}}],\"kwargs\":{}}]},"
        "{\"class_name\":\"Add\",\"name\":\"a\",\"config\":{},\"inbound_nodes\":[{\"args\":[["
        "{\"class_name\":\"__keras_tensor__\",\"config\":{\"keras_history\":[\"r\",0,0]}},"
        "{\"class_name\":\"__keras_tensor__\",\"config\":{\"keras_history\":[\"i\",0,0]}}]],"
        "\"kwargs\":{}}]},"
        "{\"class_name\":\"GlobalAveragePooling2D\",\"name\":\"g\",\"config\":{\"keepdims\":true},"
        "\"inbound_nodes\":[{\"args\":[{\"config\":{\"keras_history\":[\"a\",0,0]}}],\"kwargs\":{}}]}"
        "],\"input_layers\":[[\"i\",0,0]],\"output_layers\":[\"g\",0,0]}}";
  g_autoptr (GError) error = NULL;
  g_autoptr (RnModel) model = read_json (text, &error);
  RnShape pixel = rn_shape_image (1, 1, 4);
  const RnLayer *add;

  g_test_summary ("Keras 3's arguments keep their order, keepdims its dimensions");

  g_assert_no_error (error);
  add = rn_model_find_layer (model, "a", NULL);
  g_assert_cmpstr (rn_model_get_layer (model, add->inputs[0])->name, ==, "r");
  g_assert_cmpstr (rn_model_get_layer (model, add->inputs[1])->name, ==, "i");
  g_assert_cmpfloat (rn_model_find_layer (model, "r", NULL)->config.activation.max_value, ==, 6);
  g_assert_true (rn_shape_equal (&rn_model_get_output (model, 0)->output_shape, &pixel));
}

static void
test_nested (void)
{
  static const char text[] = MODEL (
      INPUT ("8,8,3") ",{\"class_name\":\"Model\",\"name\":\"inner\",\"config\":{\"name\":\"inner\","
                      "\"layers\":[" INPUT ("8,8,3") "," LAYER ("Conv2D", "c", CONV, "i") "],"
                      "\"input_layers\":[[\"i\",0,0]],\"output_layers\":[[\"c\",0,0]]},"
                      "\"inbound_nodes\":[[[\"i\",0,0,{}]]]},"
                      "{\"class_name\":\"Conv2D\",\"name\":\"c2\",\"config\":{" CONV
                      "},\"inbound_nodes\":[[[\"inner\",1,0,{}]]]}",
      "c2");
  g_autoptr (GError) error = NULL;
  g_autoptr (RnModel) model = read_json (text, &error);
  const RnLayer *last;

  g_test_summary ("The layers of a model within the model stand in its place");

  g_assert_no_error (error);
  g_assert_cmpint (rn_model_get_n_layers (model), ==, 3);
  last = rn_model_find_layer (model, "c2", NULL);
  g_assert_cmpstr (rn_model_get_layer (model, last->inputs[0])->name, ==, "c");
}

static void
test_channels_first (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RnModel) model
      = read_json (MODEL (INPUT ("3,8,6") "," LAYER ("Conv2D", "c", CONV_FIRST, "i") "," LAYER (
                              "BatchNormalization", "b", "\"axis\":1", "c"),
                          "b"),
                   &error);
  RnShape shape = rn_shape_image (4, 3, 4);

  g_test_summary ("channels_first is turned to channels_last, and said");

  g_assert_no_error (error);
  g_assert_true (rn_shape_equal (&rn_model_get_output (model, 0)->output_shape, &shape));
  g_assert_nonnull (strstr (rn_model_get_notes (model)[0], "channels_first"));
}

static void
test_unsupported (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RnModel) model
      = read_json (MODEL (INPUT ("8,8,3") "," LAYER ("LeakyReLU", "l", "\"alpha\":0.3", "i") "," LAYER (
                              "Conv2D", "c", CONV, "l") "," LAYER ("Conv2DTranspose", "t", "", "c") "," LAYER (
                              "ReLU", "r", "", "t"),
                          "r"),
                   &error);

  g_test_summary ("A layer that is not supported is in the graph, named with its class");

  g_assert_no_error (error);
  g_assert_cmpint (rn_model_get_n_layers (model), ==, 5);
  g_assert_cmpint (rn_model_find_layer (model, "c", NULL)->output_shape.dims[2], ==, 4);
  g_assert_cmpint (rn_model_find_layer (model, "r", NULL)->output_shape.rank, ==, 0);
  g_assert_false (rn_model_check_runnable (model, &error));
  g_assert_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "“l” (LeakyReLU)"));
  g_assert_nonnull (strstr (error->message, "DepthwiseConv2D"));
}

typedef struct
{
  const char *text;
  const char *message;
} BadCase;

static const BadCase bad_cases[] = {
  { "", "test.json" },
  { "{", "test.json" },
  /* The parser quotes the text, and cuts it in the middle of a letter. */
  { "{\"class_name\":\"Model\",\"config\":{\"name\":\"iiiiiiiiiiiiiiiiiii\xe2\x80\x9c\xe2\x80\x9d\r\r\xe2\x80\x9c\"x\":1}",
    "test.json" },
  { "[]", "no Keras model" },
  { "{\"class_name\":\"Model\"}", "no Keras model" },
  { "{\"class_name\":\"Model\",\"config\":{\"layers\":7}}", "no Keras model" },
  { "{\"class_name\":\"Sequential\",\"config\":{\"layers\":[]}}", "no layers" },
  { "{\"class_name\":\"Sequential\",\"config\":{\"layers\":[3]}}", "layer 1 has no name" },
  { MODEL (INPUT ("8,8,3"), "x"), "does not exist" },
  { MODEL (INPUT ("8,\"8\",3"), "i"), "no shape" },
  { MODEL (INPUT ("8,8,1e30"), "i"), "no shape" },
  { MODEL (INPUT ("8,-8,3"), "i"), "is empty" },
  { MODEL (INPUT ("8,8,3") "," INPUT ("8,8,3"), "i"), "two layers are named" },
  { MODEL (INPUT ("8,8,3") "," LAYER ("ReLU", "a", "", "b") "," LAYER ("ReLU", "b", "", "a"), "b"),
    "in a circle" },
  { MODEL (INPUT ("8,8,3") "," LAYER ("ReLU", "a", "", "gone"), "a"), "“gone”, which does not exist" },
  { MODEL (INPUT ("8,8,3") "," LAYER ("ReLU", "a\\u001b[31m", "", "i"), "a\\u001b[31m"),
    "printable UTF-8" },
  { MODEL (INPUT ("8,8,3") "," LAYER ("Dense", "d", "\"units\":3", "i"), "d"), "would be right" },
  { MODEL (INPUT ("8,8,3") "," LAYER ("Conv2D", "c", CONV ",\"groups\":2", "i"), "c"), "groups" },
  { MODEL (INPUT ("8,8,3") "," LAYER ("BatchNormalization", "b", "\"axis\":1", "i"), "b"), "axis" },
  { MODEL (INPUT ("8,8,3") "," LAYER ("Model", "n", "\"layers\":[],\"output_layers\":[[\"n\",0,0]]", "i"),
           "n"),
    "does not exist" },
};

static void
test_bad (void)
{
  g_test_summary ("What is wrong with a file is said in one line that names the file");

  for (guint i = 0; i < G_N_ELEMENTS (bad_cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RnModel) model = read_json (bad_cases[i].text, &error);

      g_test_message ("%s", error != NULL ? error->message : bad_cases[i].text);
      g_assert_null (model);
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, "test.json"));
      g_assert_nonnull (strstr (error->message, bad_cases[i].message));
      g_assert_null (strpbrk (error->message, "\n\r\033"));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

/* A chain of @n layers, listed from the last to the first. */
static char *
make_chain (int n)
{
  GString *text
      = g_string_new ("{\"class_name\":\"Model\",\"config\":{\"name\":\"m\",\"layers\":[");

  for (int i = n; i > 0; i--)
    g_string_append_printf (text,
                            "{\"class_name\":\"ReLU\",\"name\":\"r%d\",\"config\":{},"
                            "\"inbound_nodes\":[[[\"r%d\",0,0,{}]]]},",
                            i, i - 1);
  g_string_append_printf (text,
                          "{\"class_name\":\"InputLayer\",\"name\":\"r0\",\"config\":"
                          "{\"batch_input_shape\":[null,8,8,3]},\"inbound_nodes\":[]}],"
                          "\"input_layers\":[[\"r0\",0,0]],\"output_layers\":[[\"r%d\",0,0]]}}",
                          n);

  return g_string_free (text, FALSE);
}

static void
test_large (void)
{
  g_autofree char *chain = make_chain (10000);
  g_autofree char *too_long = make_chain (RN_MODEL_MAX_LAYERS + 1);
  g_autofree char *deep = g_strnfill (1 << 20, '[');
  g_autoptr (GError) error = NULL;
  g_autoptr (RnModel) model = NULL;
  clock_t start = clock ();

  g_test_summary ("Ten thousand layers take under two seconds of a core, more or deep nesting is refused");

  model = read_json (chain, &error);
  g_assert_no_error (error);
  g_assert_cmpint (rn_model_get_n_layers (model), ==, 10001);
  g_test_message ("%.1f s", (double)(clock () - start) / CLOCKS_PER_SEC);
#ifndef RN_SANITIZED
  g_assert_cmpint (clock () - start, <, 2 * CLOCKS_PER_SEC);
#endif

  g_assert_null (read_json (too_long, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_null (read_json (deep, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/keras-json/sequential", test_sequential);
  g_test_add_func ("/keras-json/keras3", test_keras3);
  g_test_add_func ("/keras-json/nested", test_nested);
  g_test_add_func ("/keras-json/channels-first", test_channels_first);
  g_test_add_func ("/keras-json/unsupported", test_unsupported);
  g_test_add_func ("/keras-json/bad", test_bad);
  g_test_add_func ("/keras-json/large", test_large);

  return g_test_run ();
}
