#include "engine/training/gradients.h"

#include <math.h>

#include "engine/model/catalog.h"

static RnBinding *
make_binding (void)
{
  RnVariant variant = RN_VARIANT_DEFAULT;
  g_autoptr (RnModel) model = NULL;
  g_autoptr (RnWeights) weights = NULL;

  variant.classes = 4;
  variant.input_size = 16;
  model = rn_catalog_build ("resnet8-paper-b", &variant, NULL);
  weights = rn_weights_new_random (model, 3, NULL);

  return rn_binding_new (model, weights, NULL);
}

static RnTensor *
make_input (void)
{
  RnTensor *input = rn_tensor_new (4, (gint64[]) { 1, 16, 16, 3 }, NULL);

  for (int i = 0; i < 16 * 16 * 3; i++)
    rn_tensor_f32 (input)[i] = (float) g_test_rand_double_range (-1, 1);

  return input;
}

static void
test_parts (void)
{
  g_autoptr (RnBinding) binding = make_binding ();
  g_autoptr (RnTensor) input = make_input ();
  g_autoptr (RnGradients) all =
      rn_gradients_new (binding, input, 2, RN_GRADIENTS_ALL, 1, NULL, NULL);
  g_autoptr (RnGradients) norms =
      rn_gradients_new (binding, input, 2, RN_GRADIENTS_NORMS, 1, NULL, NULL);
  g_autoptr (RnGradients) saliency =
      rn_gradients_new (binding, input, 2, RN_GRADIENTS_SALIENCY, 1, NULL, NULL);

  g_test_summary ("Norms and saliency asked for alone are those asked for together");

  g_assert_cmpfloat (all->loss, >, 0);
  g_assert_cmpfloat (norms->loss, ==, all->loss);
  g_assert_null (norms->saliency);
  g_assert_null (saliency->gradient_norm);
  g_assert_cmpfloat (all->gradient_norm[0], >, 0);
  for (int i = 0; i < all->n_layers; i++)
    if (!isnan (all->gradient_norm[i]))
      g_assert_cmpfloat (norms->gradient_norm[i], ==, all->gradient_norm[i]);
  g_assert_cmpmem (saliency->saliency, sizeof (float) * 16 * 16, all->saliency,
                   sizeof (float) * 16 * 16);
}

static void
test_bad (void)
{
  g_autoptr (RnBinding) binding = make_binding ();
  g_autoptr (RnTensor) input = make_input ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("A class that is not there, and a cancel, give an error");

  g_assert_null (rn_gradients_new (binding, input, 4, RN_GRADIENTS_ALL, 1, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_null (rn_gradients_new (binding, input, 2, RN_GRADIENTS_ALL, 1, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/training/gradients/parts", test_parts);
  g_test_add_func ("/training/gradients/bad", test_bad);

  return g_test_run ();
}
