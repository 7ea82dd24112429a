#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/model/catalog.h"
#include "engine/model/model-builder.h"
#include "engine/tensor/weights.h"

static RnModel *
build (const char *id, RnNames names, gboolean top, int classes)
{
  RnVariant variant = { .names = names, .top = top, .classes = classes };
  g_autoptr (GError) error = NULL;
  RnModel *model = rn_catalog_build (id, &variant, &error);

  g_assert_no_error (error);
  return model;
}

static RnWeights *
randomize (RnModel *model, guint32 seed)
{
  g_autoptr (GError) error = NULL;
  RnWeights *weights = rn_weights_new_random (model, seed, &error);

  g_assert_no_error (error);
  return weights;
}

/* Weights of the right shapes whose numbers do not matter. */
static RnWeights *
make_weights (RnModel *model)
{
  RnWeights *weights = rn_weights_new ();

  rn_weights_get_info (weights)->name = g_strdup ("some.h5");
  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    for (int j = 0; j < rn_model_get_layer (model, i)->n_weights; j++)
      {
        const RnLayer *layer = rn_model_get_layer (model, i);
        gint64 dims[RN_TENSOR_MAX_RANK];
        g_autoptr (RnTensor) tensor = NULL;

        for (int k = 0; k < layer->weights[j].rank; k++)
          dims[k] = layer->weights[j].dims[k];
        tensor = rn_tensor_new (layer->weights[j].rank, dims, NULL);
        g_assert_true (rn_weights_add (weights, layer->name, layer->weights[j].name, tensor, NULL));
      }

  return weights;
}

static void
test_random (void)
{
  g_autoptr (RnModel) model = build ("resnet18", RN_NAMES_KERAS2, TRUE, 10);
  g_autoptr (RnWeights) weights = randomize (model, 1);
  g_autoptr (RnWeights) again = randomize (model, 1);
  g_autoptr (RnWeights) other = randomize (model, 2);
  RnTensor *kernel = rn_weights_find (weights, "conv2_block1_1_conv", "kernel");
  RnTensor *same = rn_weights_find (again, "conv2_block1_1_conv", "kernel");
  RnTensor *different = rn_weights_find (other, "conv2_block1_1_conv", "kernel");
  gint64 n = rn_tensor_get_n_elements (kernel);
  double sum = 0, squares = 0, fourth = 0;

  g_test_summary (
      "Random weights have He's variance, are the seed's alone, and say they are random");

  g_assert_false (rn_weights_get_info (weights)->trained);
  g_assert_cmpstr (rn_weights_get_info (weights)->name, ==, "untrained (random weights)");
  g_assert_cmpint (n, ==, (gint64) 3 * 3 * 64 * 64);
  g_assert_cmpmem (kernel->data, n * 4, same->data, n * 4);
  g_assert_cmpint (memcmp (kernel->data, different->data, n * 4), !=, 0);

  for (gint64 i = 0; i < n; i++)
    {
      double z = rn_tensor_f32 (kernel)[i] / sqrt (2.0 / (3 * 3 * 64));

      sum += z;
      squares += z * z;
      fourth += z * z * z * z;
    }
  g_assert_cmpfloat (fabs (sum / n), <, 0.02);
  g_assert_cmpfloat (fabs (squares / n - 1), <, 0.03);
  g_assert_cmpfloat (fabs (fourth / n - 3), <, 0.2);

  g_assert_cmpfloat (rn_tensor_f32 (rn_weights_find (weights, "conv1_bn", "gamma"))[5], ==, 1);
  g_assert_cmpfloat (rn_tensor_f32 (rn_weights_find (weights, "conv1_bn", "beta"))[5], ==, 0);
  g_assert_cmpfloat (rn_tensor_f32 (rn_weights_find (weights, "conv1_bn", "moving_mean"))[5], ==,
                     0);
  g_assert_cmpfloat (rn_tensor_f32 (rn_weights_find (weights, "conv1_bn", "moving_variance"))[5],
                     ==, 1);
}

static void
test_unused (void)
{
  g_autoptr (RnModel) model = build ("resnet18", RN_NAMES_KERAS2, FALSE, 0);
  g_autoptr (RnWeights) weights = randomize (model, 1);
  g_autoptr (RnBinding) without = rn_binding_new (model, weights, NULL);
  g_autoptr (RnTensor) kernel = rn_tensor_new (2, (gint64[]){ 100, 7 }, NULL);
  g_autoptr (RnTensor) bias = rn_tensor_new (1, (gint64[]){ 7 }, NULL);
  g_autoptr (RnBinding) with = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A classifier that the network has no place for is passed over and counted");

  g_assert_cmpint (rn_binding_count_unused_classes (without), ==, 0);
  g_assert_true (rn_weights_add (weights, "predictions", "kernel", kernel, &error));
  g_assert_true (rn_weights_add (weights, "predictions", "bias", bias, &error));
  with = rn_binding_new (model, weights, &error);
  g_assert_no_error (error);
  g_assert_cmpint (rn_binding_get_n_unused (with), ==, 1);
  g_assert_cmpint (rn_binding_count_unused_classes (with), ==, 7);
}

/* Whether layer @name of @binding's model has the weights of the file's layer @source. */
static void
assert_fed (RnBinding *binding, const char *name, const char *source)
{
  const RnLayer *layer = rn_model_find_layer (rn_binding_get_model (binding), name, NULL);

  g_assert_cmpstr (rn_binding_get_source (binding, layer->index), ==, source);
  g_assert_true (
      rn_binding_get_tensor (binding, layer->index, 0) ==
      rn_weights_find (rn_binding_get_weights (binding), source, layer->weights[0].name));
}

static void
test_identity (void)
{
  g_autoptr (RnModel) model = build ("resnet50", RN_NAMES_KERAS2, TRUE, 10);
  g_autoptr (RnWeights) weights = make_weights (model);
  g_autoptr (GError) error = NULL;
  g_autoptr (RnBinding) binding = rn_binding_new (model, weights, &error);

  g_test_summary ("A model's own weights bind by name; epsilon is the weights' where they know it");

  g_assert_no_error (error);
  g_assert_true (rn_binding_is_identity (binding));
  g_assert_cmpint (rn_binding_get_n_unused (binding), ==, 0);
  assert_fed (binding, "res4f_branch2b", "res4f_branch2b");

  {
    int norm = rn_model_find_layer (model, "bn_conv1", NULL)->index;

    g_assert_cmpfloat (rn_binding_get_epsilon (binding, norm), ==, 1e-3f);
    rn_weights_get_info (weights)->epsilon = 2e-5f;
    g_assert_cmpfloat (rn_binding_get_epsilon (binding, norm), ==, 2e-5f);
  }
}

static void
test_generations (void)
{
  g_autoptr (RnModel) keras2 = build ("resnet50", RN_NAMES_KERAS2, TRUE, 10);
  g_autoptr (RnModel) keras3 = build ("resnet50", RN_NAMES_KERAS3, TRUE, 10);
  g_autoptr (RnWeights) weights2 = make_weights (keras2);
  g_autoptr (RnWeights) weights3 = make_weights (keras3);
  g_autoptr (GError) error = NULL;
  g_autoptr (RnBinding) forth = NULL;
  g_autoptr (RnBinding) back = NULL;

  g_test_summary (
      "Weights named by one generation of Keras bind to the other's model by structure");

  forth = rn_binding_new (keras3, weights2, &error);
  g_assert_no_error (error);
  g_assert_false (rn_binding_is_identity (forth));
  assert_fed (forth, "conv2_block1_0_conv", "res2a_branch1");
  assert_fed (forth, "conv2_block1_3_conv", "res2a_branch2c");
  assert_fed (forth, "conv4_block6_2_bn", "bn4f_branch2b");
  assert_fed (forth, "conv1_conv", "conv1");
  assert_fed (forth, "predictions", "fc1000");

  back = rn_binding_new (keras2, weights3, &error);
  g_assert_no_error (error);
  assert_fed (back, "bn5c_branch2c", "conv5_block3_3_bn");
  assert_fed (back, "bn3a_branch1", "conv3_block1_0_bn");
}

/* torchvision's name for a layer named in the manner of Keras 3: conv3_block2_1_conv is
 * layer2.1.conv1, conv3_block1_0_bn is layer2.0.downsample.1. */
static char *
to_torch_name (const char *name)
{
  int stage, block, unit, used = 0;

  if (g_str_equal (name, "conv1_conv"))
    return g_strdup ("conv1");
  if (g_str_equal (name, "conv1_bn"))
    return g_strdup ("bn1");
  if (g_str_equal (name, "predictions"))
    return g_strdup ("fc");

  g_assert_cmpint (sscanf (name, "conv%d_block%d_%d_%n", &stage, &block, &unit, &used), ==, 3);
  if (unit == 0)
    return g_strdup_printf ("layer%d.%d.downsample.%d", stage - 1, block - 1,
                            g_str_equal (name + used, "bn"));

  return g_strdup_printf ("layer%d.%d.%s%d", stage - 1, block - 1, name + used, unit);
}

static RnWeights *
rename_to_torch (RnWeights *weights)
{
  RnWeights *renamed = rn_weights_new ();

  for (int i = 0; i < rn_weights_get_n_layers (weights); i++)
    for (int j = 0; j < rn_weights_get_n_tensors (weights, i); j++)
      {
        const char *weight;
        RnTensor *tensor = rn_weights_get_tensor (weights, i, j, &weight);
        g_autofree char *layer = to_torch_name (rn_weights_get_layer_name (weights, i));

        rn_weights_add (renamed, layer, weight, tensor, NULL);
      }

  return renamed;
}

static void
test_torch_names (void)
{
  static const char *const ids[] = { "resnet18", "resnet34", "resnet50" };

  g_test_summary ("torchvision's names bind by structure to ResNet-18, 34 and 50");

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (RnModel) model = build (ids[i], RN_NAMES_KERAS3, TRUE, 10);
      g_autoptr (RnWeights) weights = make_weights (model);
      g_autoptr (RnWeights) renamed = rename_to_torch (weights);
      g_autoptr (GError) error = NULL;
      g_autoptr (RnBinding) binding = rn_binding_new (model, renamed, &error);

      g_assert_no_error (error);
      assert_fed (binding, "conv1_conv", "conv1");
      assert_fed (binding, "conv3_block1_0_conv", "layer2.0.downsample.0");
      assert_fed (binding, "conv3_block1_0_bn", "layer2.0.downsample.1");
      assert_fed (binding, "conv5_block2_2_bn", "layer4.1.bn2");
      assert_fed (binding, "predictions", "fc");
    }
}

/* Keras 3's .weights.h5 without names: the n-th layer of a class. */
static void
test_class_names (void)
{
  g_autoptr (RnModel) model = build ("resnet50", RN_NAMES_KERAS3, TRUE, 10);
  g_autoptr (RnWeights) weights = make_weights (model);
  g_autoptr (RnWeights) renamed = rn_weights_new ();
  g_autoptr (RnBinding) binding = NULL;
  g_autoptr (GError) error = NULL;
  int n_convs = 0, n_norms = 0;

  g_test_summary ("Names of Keras 3's groups, conv2d_3, bind by class and number");

  for (int i = 0; i < rn_weights_get_n_layers (weights); i++)
    {
      int n_tensors = rn_weights_get_n_tensors (weights, i);
      gboolean dense = rn_weights_get_tensor (weights, i, 0, NULL)->rank == 2;
      const char *kind = dense ? "dense" : n_tensors == 2 ? "conv2d" : "batch_normalization";
      int n = dense ? 0 : n_tensors == 2 ? n_convs++ : n_norms++;
      g_autofree char *layer = n > 0 ? g_strdup_printf ("%s_%d", kind, n) : g_strdup (kind);

      for (int j = 0; j < n_tensors; j++)
        {
          const char *weight;
          RnTensor *tensor = rn_weights_get_tensor (weights, i, j, &weight);

          rn_weights_add (renamed, layer, weight, tensor, NULL);
        }
    }

  binding = rn_binding_new (model, renamed, &error);
  g_assert_no_error (error);
  assert_fed (binding, "conv1_conv", "conv2d");
  assert_fed (binding, "conv1_bn", "batch_normalization");
  assert_fed (binding, "predictions", "dense");
}

/* @weights with every layer called "layer_N" in their order, and every weight by its number. */
static RnWeights *
rename_all (RnWeights *weights)
{
  RnWeights *renamed = rn_weights_new ();

  for (int i = 0; i < rn_weights_get_n_layers (weights); i++)
    for (int j = 0; j < rn_weights_get_n_tensors (weights, i); j++)
      {
        g_autofree char *layer = g_strdup_printf ("my_layer_%d", i);
        g_autofree char *weight = g_strdup_printf ("%d", j);

        rn_weights_add (renamed, layer, weight, rn_weights_get_tensor (weights, i, j, NULL), NULL);
      }

  return renamed;
}

static void
test_order (void)
{
  g_autoptr (RnModel) keras2 = build ("resnet50", RN_NAMES_KERAS2, TRUE, 10);
  g_autoptr (RnModel) keras3 = build ("resnet50", RN_NAMES_KERAS3, TRUE, 10);
  g_autoptr (RnWeights) weights = make_weights (keras3);
  g_autoptr (RnWeights) renamed = rename_all (weights);
  g_autoptr (GError) error = NULL;
  RnModel *models[] = { keras2, keras3 };
  const char *projections[] = { "res2a_branch1", "conv2_block1_0_conv" };

  g_test_summary ("Weights of unknown names bind by order, whichever generation's order it is");

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (RnBinding) binding = rn_binding_new (models[i], renamed, &error);
      const RnLayer *projection = rn_model_find_layer (models[i], projections[i], NULL);

      g_assert_no_error (error);
      g_assert_true (rn_binding_get_tensor (binding, projection->index, 0) ==
                     rn_weights_find (weights, "conv2_block1_0_conv", "kernel"));
    }
}

static void
test_top (void)
{
  g_autoptr (RnModel) top = build ("resnet18", RN_NAMES_KERAS2, TRUE, 10);
  g_autoptr (RnModel) notop = build ("resnet18", RN_NAMES_KERAS2, FALSE, 10);
  g_autoptr (RnWeights) with = make_weights (top);
  g_autoptr (RnWeights) without = make_weights (notop);
  g_autoptr (GError) error = NULL;
  g_autoptr (RnBinding) same = NULL;
  g_autoptr (RnBinding) passed_over = NULL;

  g_test_summary (
      "A model without a top takes weights with and without one; the reverse is an error");

  same = rn_binding_new (notop, without, &error);
  g_assert_no_error (error);
  g_assert_cmpint (rn_binding_get_n_unused (same), ==, 0);

  passed_over = rn_binding_new (notop, with, &error);
  g_assert_no_error (error);
  g_assert_cmpint (rn_binding_get_n_unused (passed_over), ==, 1);
  g_assert_cmpstr (rn_binding_get_unused (passed_over, 0), ==, "predictions");

  g_assert_null (rn_binding_new (top, without, &error));
  g_assert_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_MISMATCH);
  g_assert_nonnull (strstr (error->message, "1 missing (predictions)"));
}

/* @weights without biases of convolutions. */
static RnWeights *
drop_biases (RnWeights *weights)
{
  RnWeights *dropped = rn_weights_new ();

  for (int i = 0; i < rn_weights_get_n_layers (weights); i++)
    for (int j = 0; j < rn_weights_get_n_tensors (weights, i); j++)
      {
        const char *name;
        RnTensor *tensor = rn_weights_get_tensor (weights, i, j, &name);

        if (!g_str_equal (name, "bias") || rn_weights_get_tensor (weights, i, 0, NULL)->rank == 2)
          rn_weights_add (dropped, rn_weights_get_layer_name (weights, i), name, tensor, NULL);
      }

  return dropped;
}

static void
test_zero_biases (void)
{
  g_autoptr (RnModel) model = build ("resnet50", RN_NAMES_KERAS2, TRUE, 10);
  g_autoptr (RnWeights) weights = make_weights (model);
  g_autoptr (RnWeights) dropped = drop_biases (weights);
  g_autoptr (GError) error = NULL;
  g_autoptr (RnBinding) binding = rn_binding_new (model, dropped, &error);
  RnTensor *bias;

  g_test_summary ("Where no convolution of a file has a bias, biases are zero");

  g_assert_no_error (error);
  bias = rn_binding_get_tensor (binding, rn_model_find_layer (model, "conv1", NULL)->index, 1);
  g_assert_cmpint (bias->dims[0], ==, 64);
  g_assert_cmpfloat (rn_tensor_f32 (bias)[63], ==, 0);
}

static void
test_mismatch (void)
{
  g_autoptr (RnModel) resnet18 = build ("resnet18", RN_NAMES_KERAS2, TRUE, 10);
  g_autoptr (RnModel) thousand = build ("resnet18", RN_NAMES_KERAS2, TRUE, 1000);
  g_autoptr (RnModel) resnet50 = build ("resnet50", RN_NAMES_KERAS3, TRUE, 10);
  g_autoptr (RnWeights) weights = make_weights (resnet18);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) other = NULL;

  g_test_summary ("What is missing, too much or of another shape is named on one line");

  g_assert_null (rn_binding_new (thousand, weights, &error));
  g_assert_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_MISMATCH);
  g_assert_cmpstr (
      error->message, ==,
      "some.h5: these weights do not fit resnet18: 2 of another shape "
      "(predictions/kernel is 512×10, must be 512×1000, predictions/bias is 10, must be "
      "1000)");

  g_assert_null (rn_binding_new (resnet50, weights, &other));
  g_assert_error (other, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_MISMATCH);
  g_assert_nonnull (strstr (other->message, "do not fit resnet50"));
  g_assert_nonnull (strstr (other->message, " more)"));
  g_assert_null (strchr (other->message, '\n'));
}

static void
test_strides (void)
{
  RnVariant variant = RN_VARIANT_DEFAULT;
  g_autoptr (RnModel) model = build ("resnet50", RN_NAMES_KERAS2, TRUE, 1000);
  g_autoptr (RnWeights) weights = make_weights (model);
  g_autoptr (RnModel) moved = NULL;
  g_autoptr (RnBinding) binding = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Weights known to be v1.5's bind to v1.5 and not to Keras' ResNet-50");

  rn_weights_get_info (weights)->stride_on_3x3 = TRUE;
  g_assert_null (rn_binding_new (model, weights, &error));
  g_assert_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_MISMATCH);
  g_assert_nonnull (strstr (error->message, "v1.5"));
  g_clear_error (&error);

  variant.stride_on_3x3 = TRUE;
  moved = rn_catalog_build ("resnet50", &variant, NULL);
  binding = rn_binding_new (moved, weights, &error);
  g_assert_no_error (error);
}

/* An input of 3 channels under a depthwise convolution of 2x2 with 2 outputs for each. */
static RnModel *
build_depthwise (void)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("depthwise", "Depthwise");
  RnLayerConfig input = { .input = rn_shape_image (4, 4, 3) };
  RnLayerConfig config = { 0 };
  g_autoptr (GError) error = NULL;
  RnModel *model;

  config.conv.kernel[0] = config.conv.kernel[1] = 2;
  config.conv.stride[0] = config.conv.stride[1] = 1;
  config.conv.dilation[0] = config.conv.dilation[1] = 1;
  config.conv.depth_multiplier = 2;
  config.conv.groups = 1;
  rn_model_builder_chain (builder, RN_LAYER_INPUT, "in", &input, NULL);
  rn_model_builder_chain (builder, RN_LAYER_DEPTHWISE_CONV, "dw", &config, "in");
  rn_model_builder_add_output (builder, "dw");
  model = rn_model_builder_build (builder, &error);
  g_assert_no_error (error);

  return model;
}

static void
test_torch_depthwise (void)
{
  const gint64 dims[] = { 2, 2, 1, 6 };
  g_autoptr (RnModel) model = build_depthwise ();
  g_autoptr (RnTensor) kernel = rn_tensor_new (4, dims, NULL);
  g_autoptr (RnWeights) weights = rn_weights_new ();
  g_autoptr (RnBinding) binding = NULL;
  g_autoptr (GError) error = NULL;
  const RnTensor *bound;

  g_test_summary ("A depthwise kernel as PyTorch lays it out feeds Keras' layer, number by number");

  for (int i = 0; i < 24; i++)
    rn_tensor_f32 (kernel)[i] = i;
  g_assert_true (rn_weights_add (weights, "dw", "kernel", kernel, &error));
  binding = rn_binding_new (model, weights, &error);
  g_assert_no_error (error);
  bound = rn_binding_get_tensor (binding, rn_model_find_layer (model, "dw", NULL)->index, 0);
  g_assert_cmpint (bound->dims[2], ==, 3);
  g_assert_cmpint (bound->dims[3], ==, 2);
  /* Output 2 c + m of PyTorch is output m of channel c. */
  for (int k = 0; k < 4; k++)
    for (int c = 0; c < 3; c++)
      for (int m = 0; m < 2; m++)
        g_assert_cmpfloat (rn_tensor_f32 (bound)[(k * 3 + c) * 2 + m], ==, 6 * k + 2 * c + m);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/weights/random", test_random);
  g_test_add_func ("/binding/unused", test_unused);
  g_test_add_func ("/binding/identity", test_identity);
  g_test_add_func ("/binding/generations", test_generations);
  g_test_add_func ("/binding/torch-names", test_torch_names);
  g_test_add_func ("/binding/class-names", test_class_names);
  g_test_add_func ("/binding/order", test_order);
  g_test_add_func ("/binding/top", test_top);
  g_test_add_func ("/binding/zero-biases", test_zero_biases);
  g_test_add_func ("/binding/mismatch", test_mismatch);
  g_test_add_func ("/binding/strides", test_strides);
  g_test_add_func ("/binding/torch-depthwise", test_torch_depthwise);

  return g_test_run ();
}
