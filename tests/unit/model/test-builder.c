#include "engine/model/net.h"

/* Each case builds a model that is wrong in one way. */
typedef struct
{
  const char *name;
  void (*build) (RnNet *net);
  RnModelError code;
  const char *message; /* a part of it */
} BadCase;

static void
add_missing_input (RnNet *net)
{
  rn_net_input (net, "input", 8, 3);
  rn_net_relu (net, "relu", "nowhere");
}

static void
add_twice (RnNet *net)
{
  rn_net_input (net, "input", 8, 3);
  rn_net_relu (net, "relu", "input");
  rn_net_relu (net, "relu", "input");
}

static void
add_circle (RnNet *net)
{
  rn_net_input (net, "input", 8, 3);
  rn_net_add (net, "sum", "input", "relu");
  rn_net_relu (net, "relu", "sum");
  rn_net_relu (net, "end", "relu");
}

static void
add_closed_circle (RnNet *net)
{
  rn_net_relu (net, "a", "b");
  rn_net_relu (net, "b", "a");
}

static void
add_no_input (RnNet *net)
{
  rn_model_builder_add (net->builder, RN_LAYER_RELU, "relu", NULL, NULL);
}

static void
add_two_inputs (RnNet *net)
{
  rn_net_input (net, "left", 8, 3);
  rn_net_input (net, "right", 8, 3);
  rn_net_add (net, "sum", "left", "right");
}

static void
add_unequal_shapes (RnNet *net)
{
  rn_net_input (net, "input", 56, 3);
  rn_net_conv (net, "branch", 512, 1, 2, RN_PADDING_VALID, "input");
  rn_net_conv (net, "shortcut", 256, 1, 1, RN_PADDING_VALID, "input");
  rn_net_add (net, "sum", "branch", "shortcut");
}

static void
add_too_small (RnNet *net)
{
  rn_net_input (net, "input", 4, 3);
  rn_net_conv (net, "conv", 8, 7, 1, RN_PADDING_VALID, "input");
}

static void
add_dense_on_maps (RnNet *net)
{
  rn_net_input (net, "input", 8, 3);
  rn_net_dense (net, "dense", 10, RN_ACTIVATION_SOFTMAX, "input");
}

static void
add_no_filters (RnNet *net)
{
  rn_net_input (net, "input", 8, 3);
  rn_net_conv (net, "conv", 0, 1, 1, RN_PADDING_VALID, "input");
}

static void
add_stride_zero (RnNet *net)
{
  rn_net_input (net, "input", 8, 3);
  rn_net_conv (net, "conv", 4, 1, 0, RN_PADDING_VALID, "input");
}

static void
add_control_character (RnNet *net)
{
  rn_net_input (net, "in\nput", 8, 3);
}

static void
add_huge_input (RnNet *net)
{
  rn_net_input (net, "input", 1 << 20, 1 << 20);
}

static void
add_nothing (RnNet *net)
{
}

static const BadCase bad_cases[] = {
  { "missing-input", add_missing_input, RN_MODEL_ERROR_CONNECTION, "“nowhere”" },
  { "twice", add_twice, RN_MODEL_ERROR_CONNECTION, "two layers are named “relu”" },
  { "circle", add_circle, RN_MODEL_ERROR_CONNECTION, "in a circle" },
  { "closed-circle", add_closed_circle, RN_MODEL_ERROR_CONNECTION, "in a circle" },
  { "no-input", add_no_input, RN_MODEL_ERROR_CONNECTION, "no input layer" },
  { "two-inputs", add_two_inputs, RN_MODEL_ERROR_CONNECTION, "several inputs" },
  { "unequal-shapes", add_unequal_shapes, RN_MODEL_ERROR_SHAPE,
    "(None, 28, 28, 512) and (None, 56, 56, 256)" },
  { "too-small", add_too_small, RN_MODEL_ERROR_SHAPE, "smaller than its window of 7" },
  { "dense-on-maps", add_dense_on_maps, RN_MODEL_ERROR_SHAPE, "(None, units)" },
  { "no-filters", add_no_filters, RN_MODEL_ERROR_CONFIG, "filters" },
  { "stride-zero", add_stride_zero, RN_MODEL_ERROR_CONFIG, "stride" },
  { "control-character", add_control_character, RN_MODEL_ERROR_CONFIG, "printable" },
  { "huge-input", add_huge_input, RN_MODEL_ERROR_SHAPE, "too large" },
  { "nothing", add_nothing, RN_MODEL_ERROR_CONNECTION, "0 layers" },
};

static void
test_bad (gconstpointer data)
{
  const BadCase *c = data;
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("bad", "Bad");
  g_autoptr (GError) error = NULL;
  RnNet net = { builder, TRUE, 1e-3f };

  g_test_summary ("A wrong model is refused with what is wrong and where");

  c->build (&net);
  g_assert_null (rn_model_builder_build (builder, &error));
  g_assert_error (error, RN_MODEL_ERROR, (int) c->code);
  if (strstr (error->message, c->message) == NULL)
    g_error ("“%s” is not in “%s”", c->message, error->message);
  g_assert_null (strchr (error->message, '\n'));
}

static void
test_deep_chain (void)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("deep", "Deep");
  g_autoptr (RnModel) model = NULL;
  g_autoptr (GError) error = NULL;
  RnNet net = { builder, TRUE, 1e-3f };
  const char *x = rn_net_input (&net, "input", 8, 3);

  g_test_summary ("A chain as long as the limit builds without recursion; one more is refused");

  for (int i = 1; i < RN_MODEL_MAX_LAYERS; i++)
    {
      g_autofree char *name = g_strdup_printf ("relu_%d", i);

      x = rn_net_relu (&net, name, x);
    }
  model = rn_model_builder_build (builder, &error);
  g_assert_no_error (error);
  g_assert_cmpint (rn_model_get_n_layers (model), ==, RN_MODEL_MAX_LAYERS);

  rn_net_relu (&net, "one-more", x);
  g_assert_null (rn_model_builder_build (builder, &error));
  g_assert_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONNECTION);
}

/* TensorFlow's documentation of 'SAME': out = ceil (in / stride), the odd pixel after. */
static void
test_same_padding (void)
{
  RnShape input = rn_shape_image (224, 225, 3);
  int kernel[2] = { 3, 3 }, stride[2] = { 2, 2 };
  RnPads pads = rn_window_get_pads (RN_PADDING_SAME, NULL, &input, kernel, stride, NULL);

  g_test_summary ("'same' pads by TensorFlow's rule, the odd pixel below and right");

  g_assert_cmpint (pads.top, ==, 0);
  g_assert_cmpint (pads.bottom, ==, 1);
  g_assert_cmpint (pads.left, ==, 1);
  g_assert_cmpint (pads.right, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (bad_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/builder/bad/%s", bad_cases[i].name);

      g_test_add_data_func (path, &bad_cases[i], test_bad);
    }
  g_test_add_func ("/builder/deep-chain", test_deep_chain);
  g_test_add_func ("/builder/same-padding", test_same_padding);

  return g_test_run ();
}
