#include <math.h>

#include "engine/model/net.h"
#include "engine/runtime/deviation.h"

#define SIZE 12

typedef struct
{
  float epsilon;        /* of the second batch normalization */
  gboolean softmax;     /* as a layer of its own */
  gboolean zero_border; /* a ZeroPadding2D instead of "same" */
} Writing;

static RnLayerConfig
conv (int filters, RnPadding padding)
{
  return (RnLayerConfig){ .conv = { .filters = filters,
                                    .kernel = { 3, 3 },
                                    .stride = { 1, 1 },
                                    .dilation = { 1, 1 },
                                    .groups = 1,
                                    .padding = padding,
                                    .use_bias = TRUE } };
}

/* conv1, bn1, relu1, conv2, bn2, relu2, pool, dense (, softmax) */
static RnModel *
make (Writing writing)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("m", "M");
  RnLayerConfig input = { .input = rn_shape_image (SIZE, SIZE, 3) },
                first = conv (8, RN_PADDING_SAME);
  RnLayerConfig second = conv (8, writing.zero_border ? RN_PADDING_VALID : RN_PADDING_SAME);
  RnLayerConfig norm = { .batch_norm = { 1e-3f, 0.99f, TRUE, TRUE } };
  RnLayerConfig norm2 = { .batch_norm = { writing.epsilon, 0.99f, TRUE, TRUE } };
  RnLayerConfig relu = { .activation = { RN_ACTIVATION_RELU, INFINITY } };
  RnLayerConfig softmax = { .activation = { RN_ACTIVATION_SOFTMAX, INFINITY } };
  RnLayerConfig pads = { .zero_padding = { 1, 1, 1, 1 } };
  RnLayerConfig dense = {
    .dense = { 5, TRUE, writing.softmax ? RN_ACTIVATION_LINEAR : RN_ACTIVATION_SOFTMAX }
  };
  g_autoptr (GError) error = NULL;
  const char *x = "input";
  RnModel *model;

  rn_model_builder_add (builder, RN_LAYER_INPUT, "input", &input, NULL);
  x = rn_model_builder_chain (builder, RN_LAYER_CONV, "conv1", &first, x);
  x = rn_model_builder_chain (builder, RN_LAYER_BATCH_NORM, "bn1", &norm, x);
  x = rn_model_builder_chain (builder, RN_LAYER_ACTIVATION, "relu1", &relu, x);
  if (writing.zero_border)
    x = rn_model_builder_chain (builder, RN_LAYER_ZERO_PADDING, "pad", &pads, x);
  x = rn_model_builder_chain (builder, RN_LAYER_CONV, "conv2", &second, x);
  x = rn_model_builder_chain (builder, RN_LAYER_BATCH_NORM, "bn2", &norm2, x);
  x = rn_model_builder_chain (builder, RN_LAYER_ACTIVATION, "relu2", &relu, x);
  x = rn_model_builder_chain (builder, RN_LAYER_GLOBAL_AVERAGE_POOL, "pool", NULL, x);
  x = rn_model_builder_chain (builder, RN_LAYER_DENSE, "dense", &dense, x);
  if (writing.softmax)
    rn_model_builder_chain (builder, RN_LAYER_ACTIVATION, "softmax", &softmax, x);
  model = rn_model_builder_build (builder, &error);
  g_assert_no_error (error);

  return model;
}

static const Writing base = { 1e-3f, FALSE, FALSE };

/* Random weights, of which one may be changed: a layer's first tensor, its first number. */
static RnBinding *
bind (RnModel *model, const char *changed, float by)
{
  g_autoptr (RnModel) source = make (base);
  g_autoptr (GError) error = NULL;
  g_autoptr (RnWeights) weights = rn_weights_new_random (source, 7, &error);
  RnBinding *binding;

  g_assert_no_error (error);
  if (changed != NULL)
    rn_tensor_f32 (rn_weights_find (weights, changed, "kernel"))[0] += by;
  binding = rn_binding_new (model, weights, &error);
  g_assert_no_error (error);

  return binding;
}

static RnTensor *
make_input (void)
{
  const gint64 dims[] = { 1, SIZE, SIZE, 3 };
  RnTensor *tensor = rn_tensor_new (4, dims, NULL);

  for (gint64 i = 0; i < rn_tensor_get_n_elements (tensor); i++)
    rn_tensor_f32 (tensor)[i] = g_test_rand_double_range (-1, 1);

  return tensor;
}

static RnDeviations *
measure (RnComparison *comparison, RnBinding *a, RnBinding *b)
{
  g_autoptr (RnTensor) input = make_input ();
  g_autoptr (GError) error = NULL;
  RnDeviations *deviations = rn_deviations_new (comparison, a, b, input, input, 1, NULL, &error);

  g_assert_no_error (error);
  rn_deviations_report (deviations, comparison, "noise.png");

  return deviations;
}

static const char *
get_name (RnModel *model, const RnComparison *comparison, int pair)
{
  int n;

  return rn_model_get_layer (model, rn_comparison_get_pairs (comparison, &n)[pair].a)->name;
}

static void
test_same (void)
{
  const Writing writings[] = { base, { 1e-3f, TRUE, TRUE } };
  g_autoptr (RnModel) model = make (base);
  g_autoptr (RnBinding) a = bind (model, NULL, 0);

  g_test_summary ("The same numbers, however written, part nowhere");

  for (guint i = 0; i < G_N_ELEMENTS (writings); i++)
    {
      g_autoptr (RnModel) other = make (writings[i]);
      g_autoptr (RnBinding) b = bind (other, NULL, 0);
      g_autoptr (RnComparison) comparison = rn_comparison_new (model, other);
      g_autoptr (RnDeviations) deviations = measure (comparison, a, b);

      g_assert_true (rn_comparison_is_same (comparison));
      g_assert_cmpint (deviations->first_weights, ==, -1);
      g_assert_cmpint (deviations->first_activations, ==, -1);
      g_assert_cmpint (deviations->n_weights, ==, 5);
      /* The input and nine items, but for the Dense layer under its softmax. */
      g_assert_cmpint (deviations->n_activations, ==, 9);
    }
}

static void
test_weights (void)
{
  g_autoptr (RnModel) model = make (base);
  g_autoptr (RnBinding) a = bind (model, NULL, 0);
  g_autoptr (RnBinding) b = bind (model, "conv2", 2);
  g_autoptr (RnComparison) comparison = rn_comparison_new (model, model);
  g_autoptr (RnDeviations) deviations = measure (comparison, a, b);
  const RnDifference *weights, *activations;

  g_test_summary (
      "One weight that differs is found where it is, and so is where the networks part");

  g_assert_false (rn_comparison_is_same (comparison));
  g_assert_cmpint (rn_comparison_get_n (comparison), ==, 2);
  weights = rn_comparison_get (comparison, 0);
  activations = rn_comparison_get (comparison, 1);
  g_assert_cmpstr (weights->kind, ==, "weights");
  g_assert_cmpint (weights->n_layers, ==, 1);
  g_assert_cmpstr (get_name (model, comparison, deviations->first_weights), ==, "conv2");
  g_assert_cmpfloat_with_epsilon (deviations->pairs[deviations->first_weights].weights, 2, 1e-6);
  g_assert_cmpstr (activations->kind, ==, "activations");
  g_assert_cmpstr (get_name (model, comparison, deviations->first_activations), ==, "conv2");
  g_assert_nonnull (strstr (activations->text, "noise.png"));
  g_assert_nonnull (strstr (activations->text, "conv2"));
}

static void
test_epsilon (void)
{
  g_autoptr (RnModel) model = make (base);
  g_autoptr (RnModel) other = make ((Writing){ 1e-1f, FALSE, FALSE });
  g_autoptr (RnBinding) a = bind (model, NULL, 0);
  g_autoptr (RnBinding) b = bind (other, NULL, 0);
  g_autoptr (RnComparison) comparison = rn_comparison_new (model, other);
  g_autoptr (RnDeviations) deviations = measure (comparison, a, b);

  g_test_summary ("Another epsilon leaves the weights alone; the networks part at its layer");

  g_assert_cmpint (deviations->first_weights, ==, -1);
  g_assert_cmpstr (get_name (model, comparison, deviations->first_activations), ==, "bn2");
  g_assert_cmpint (rn_comparison_get_n (comparison), ==, 2);
  g_assert_cmpstr (rn_comparison_get (comparison, 0)->kind, ==, "epsilon");
  g_assert_cmpstr (rn_comparison_get (comparison, 1)->kind, ==, "activations");
}

static void
test_not_a_number (void)
{
  g_autoptr (RnModel) model = make (base);
  g_autoptr (RnBinding) a = bind (model, NULL, 0);
  g_autoptr (RnBinding) b = bind (model, "conv1", NAN);
  g_autoptr (RnComparison) comparison = rn_comparison_new (model, model);
  g_autoptr (RnDeviations) deviations = measure (comparison, a, b);

  g_test_summary ("A weight that is no number is a difference, not an agreement");

  g_assert_cmpstr (get_name (model, comparison, deviations->first_weights), ==, "conv1");
  g_assert_cmpstr (get_name (model, comparison, deviations->first_activations), ==, "conv1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/deviation/same", test_same);
  g_test_add_func ("/deviation/weights", test_weights);
  g_test_add_func ("/deviation/epsilon", test_epsilon);
  g_test_add_func ("/deviation/not-a-number", test_not_a_number);

  return g_test_run ();
}
