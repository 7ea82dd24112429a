#include <string.h>

#include "engine/formats/keras-archive.h"
#include "engine/tensor/snake-case.h"
#include "tests/unit/formats/golden.h"

/* tests/golden/make_keras3_files.py says what is in the files. */
static void
check (RnWeights *weights)
{
  golden_assert_weight (weights, "first", "kernel", 1, RN_DTYPE_F32, "3×3×3×4");
  golden_assert_weight (weights, "first", "bias", 1.125, RN_DTYPE_F32, "4");
  golden_assert_weight (weights, "first_bn", "gamma", 2, RN_DTYPE_F32, "4");
  golden_assert_weight (weights, "first_bn", "moving_variance", 2.375, RN_DTYPE_F32, "4");
  golden_assert_weight (weights, "second", "kernel", 4, RN_DTYPE_F32, "1×1×4×4");
  golden_assert_weight (weights, "third", "kernel", 5, RN_DTYPE_F32, "3×3×4×1");
  golden_assert_weight (weights, "fourth", "1", 6.125, RN_DTYPE_F32, "1×1×4×2");
  golden_assert_weight (weights, "inner_dense", "kernel", 8, RN_DTYPE_F32, "2×3");
  golden_assert_weight (weights, "inner_last", "bias", 9.125, RN_DTYPE_F32, "2");
}

static void
test_archive (void)
{
  g_autoptr (RnWeights) weights = golden_load ("keras3.keras");

  g_test_summary ("A .keras archive gives the weights under the names of its configuration");

  check (weights);
  g_assert_cmpfloat (rn_weights_get_info (weights)->epsilon, ==, 2e-5f);
  g_assert_cmpstr (rn_weights_get_info (weights)->name, ==, "keras3.keras");
}

static void
test_config (void)
{
  g_autofree char *path = golden_path ("keras3.keras");
  g_autofree char *bytes = NULL;
  g_autofree char *config = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_test_summary ("The configuration of a .keras archive can be had alone");

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  config = rn_keras_archive_read_config ((guint8 *) bytes, length, path, &error);
  g_assert_no_error (error);
  g_assert_true (
      g_str_has_prefix (config, "{\"module\": \"keras\", \"class_name\": \"Functional\""));
}

static void
test_named (void)
{
  g_autoptr (RnWeights) weights = golden_load ("keras3-named.weights.h5");

  g_test_summary ("A .weights.h5 that names its layers gives them their names");

  check (weights);
}

static void
test_unnamed (void)
{
  g_autoptr (RnWeights) weights = golden_load ("keras3.weights.h5");

  g_test_summary ("A .weights.h5 without names gives class and number");

  golden_assert_weight (weights, "conv2d", "kernel", 1, RN_DTYPE_F32, "3×3×3×4");
  golden_assert_weight (weights, "conv2d_1", "kernel", 4, RN_DTYPE_F32, "1×1×4×4");
  golden_assert_weight (weights, "batch_normalization", "beta", 2.125, RN_DTYPE_F32, "4");
}

static void
test_bfloat16 (void)
{
  g_autoptr (RnWeights) weights = golden_load ("keras3-bfloat16.weights.h5");

  g_test_summary ("bfloat16, which HDF5 holds as bytes of no type, is known by the attribute dtype");

  golden_assert_weight (weights, "first", "kernel", 1, RN_DTYPE_BF16, "3×3×3×4");
  golden_assert_weight (weights, "first_bn", "moving_variance", 2.375, RN_DTYPE_BF16, "4");
  golden_assert_weight (weights, "inner_dense", "kernel", 8, RN_DTYPE_BF16, "2×3");
}

static void
test_snake_case (void)
{
  static const char *const cases[][2] = {
    { "Conv2D", "conv2d" },
    { "BatchNormalization", "batch_normalization" },
    { "ReLU", "re_lu" },
    { "ZeroPadding2D", "zero_padding2d" },
    { "GlobalAveragePooling2D", "global_average_pooling2d" },
    { "InputLayer", "input_layer" },
    { "Dense", "dense" },
    { "DepthwiseConv2D", "depthwise_conv2d" },
  };

  g_test_summary ("Classes are written as Keras 3 writes them");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = rn_snake_case (cases[i][0]);

      g_assert_cmpstr (text, ==, cases[i][1]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/keras3/archive", test_archive);
  g_test_add_func ("/keras3/config", test_config);
  g_test_add_func ("/keras3/named", test_named);
  g_test_add_func ("/keras3/unnamed", test_unnamed);
  g_test_add_func ("/keras3/bfloat16", test_bfloat16);
  g_test_add_func ("/keras3/snake-case", test_snake_case);

  return g_test_run ();
}
