#include "engine/tensor/weights-variant.h"

/* Weights as a file of this variant would give them. */
static RnWeights *
weights_of (const char *id, RnNames names, gboolean top, int classes)
{
  RnVariant variant = { names, top, classes, 32 };
  g_autoptr (RnModel) model = rn_catalog_build (id, &variant, NULL);
  g_autoptr (GError) error = NULL;
  RnWeights *weights = rn_weights_new_random (model, 1, &error);

  g_assert_no_error (error);

  return weights;
}

static void
test_variants (void)
{
  static const struct
  {
    const char *id;
    RnNames names;
    gboolean top;
    int classes;
  } cases[] = {
    { "resnet50", RN_NAMES_KERAS2, TRUE, 10 },
    { "resnet50", RN_NAMES_KERAS3, FALSE, 0 },
    { "resnet18", RN_NAMES_KERAS3, TRUE, 7 },
  };

  g_test_summary ("Weights tell the classifier, its classes and the generation of names");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RnWeights) weights
          = weights_of (cases[i].id, cases[i].names, cases[i].top, cases[i].classes);
      g_autoptr (RnModel) model = NULL;
      g_autoptr (RnBinding) binding = NULL;
      g_autoptr (GError) error = NULL;
      RnVariant variant;

      g_assert_true (rn_weights_get_variant (weights, cases[i].id, &variant, &error));
      g_assert_no_error (error);
      g_assert_cmpint (variant.names, ==, cases[i].names);
      g_assert_cmpint (variant.top, ==, cases[i].top);
      g_assert_cmpint (variant.classes, ==, cases[i].classes);

      model = rn_catalog_build (cases[i].id, &variant, NULL);
      binding = rn_binding_new (model, weights, &error);
      g_assert_no_error (error);
      g_assert_nonnull (binding);
    }
}

static void
test_foreign (void)
{
  g_autoptr (RnWeights) weights = rn_weights_new ();
  g_autoptr (GError) error = NULL;
  RnVariant variant;

  g_test_summary ("Weights without a matrix have no classifier; an unknown model is an error");

  g_assert_true (rn_weights_get_variant (weights, "resnet18", &variant, NULL));
  g_assert_false (variant.top);
  g_assert_false (rn_weights_get_variant (weights, "resnet99", &variant, &error));
  g_assert_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_UNKNOWN);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tensor/weights-variant/variants", test_variants);
  g_test_add_func ("/tensor/weights-variant/foreign", test_foreign);

  return g_test_run ();
}
