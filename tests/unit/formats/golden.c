#include "tests/unit/formats/golden.h"

#include <math.h>

#include "engine/formats/weights-file.h"

char *
golden_path (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "golden", name, NULL);
}

RnWeights *
golden_load (const char *name)
{
  g_autofree char *path = golden_path (name);
  g_autoptr (GError) error = NULL;
  RnWeights *weights = rn_weights_load (path, &error);

  g_assert_no_error (error);
  return weights;
}

/* The upper half of a float32's bits: eight of the fraction, the first of which is not written. */
static double
cut (double number)
{
  int exponent;
  double fraction = frexp (number, &exponent);

  return ldexp (floor (ldexp (fraction, 8)), exponent - 8);
}

/* Asserts that the k-th number of a weight is @start + k / 64. */
void
golden_assert_weight (RnWeights *weights,
                      const char *layer,
                      const char *name,
                      double start,
                      RnDtype dtype,
                      const char *dims)
{
  RnTensor *tensor = rn_weights_find (weights, layer, name);
  g_autoptr (RnTensor) single = NULL;
  g_autofree char *text = NULL;

  g_assert_nonnull (tensor);
  text = rn_tensor_dims_to_string (tensor);
  g_assert_cmpstr (text, ==, dims);
  g_assert_cmpint (tensor->dtype, ==, dtype);
  single = rn_tensor_to_f32 (tensor, NULL);
  for (gint64 k = 0; k < rn_tensor_get_n_elements (single); k++)
    {
      double expected = start + k / 64.0;

      if (dtype == RN_DTYPE_BF16)
        expected = cut (expected);
      g_assert_cmpfloat (rn_tensor_f32 (single)[k], ==, expected);
    }
}
