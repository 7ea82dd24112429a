#include "engine/model/catalog.h"

typedef struct
{
  const char *id;
  RnVariant variant;
  int n_layers;
  gint64 n_trainable;
  gint64 n_parameters;
} TotalCase;

/* Totals of Keras (resnet50) and of torchvision (resnet18's trainable ones), as published. */
static const TotalCase total_cases[] = {
  { "resnet50", { RN_NAMES_KERAS2, FALSE, 1000, 0 }, 175, 23534592, 23587712 },
  { "resnet50", { RN_NAMES_KERAS2, TRUE, 1000, 0 }, 177, 25583592, 25636712 },
  { "resnet50", { RN_NAMES_KERAS3, TRUE, 1000, 0 }, 177, 25583592, 25636712 },
  { "resnet50", { RN_NAMES_KERAS3, FALSE, 1000, 0 }, 175, 23534592, 23587712 },
  { "resnet18", { RN_NAMES_KERAS2, TRUE, 1000, 0 }, 0, 11689512, 11699112 },
};

static void
test_totals (void)
{
  g_test_summary ("Layers and parameters are those that Keras and torchvision publish");

  for (guint i = 0; i < G_N_ELEMENTS (total_cases); i++)
    {
      const TotalCase *c = &total_cases[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (RnModel) model = rn_catalog_build (c->id, &c->variant, &error);

      g_assert_no_error (error);
      g_assert_cmpint (rn_model_get_n_trainable (model), ==, c->n_trainable);
      g_assert_cmpint (rn_model_get_n_parameters (model), ==, c->n_parameters);
      if (c->n_layers > 0)
        g_assert_cmpint (rn_model_get_n_layers (model), ==, c->n_layers);
    }
}

static void
test_names (void)
{
  RnVariant variant = RN_VARIANT_DEFAULT;
  g_autoptr (RnModel) keras2 = NULL;
  g_autoptr (RnModel) keras3 = NULL;
  const RnLayer *add;

  g_test_summary ("The head keeps its name whatever the classes; Add's inputs follow the generation");

  variant.classes = 10;
  keras2 = rn_catalog_build ("resnet50", &variant, NULL);
  add = rn_model_find_layer (keras2, "add_1", NULL);
  g_assert_cmpstr (rn_model_get_layer (keras2, add->inputs[0])->name, ==, "bn2a_branch2c");
  g_assert_cmpstr (rn_model_get_layer (keras2, add->inputs[1])->name, ==, "bn2a_branch1");
  g_assert_cmpstr (rn_model_get_output (keras2, 0)->name, ==, "fc1000");
  g_assert_cmpint (rn_model_get_output (keras2, 0)->output_shape.dims[0], ==, 10);

  variant.names = RN_NAMES_KERAS3;
  keras3 = rn_catalog_build ("resnet50", &variant, NULL);
  add = rn_model_find_layer (keras3, "conv2_block1_add", NULL);
  g_assert_cmpstr (rn_model_get_layer (keras3, add->inputs[0])->name, ==, "conv2_block1_0_bn");
  g_assert_cmpstr (rn_model_get_layer (keras3, add->inputs[1])->name, ==, "conv2_block1_3_bn");
  g_assert_cmpstr (rn_model_get_output (keras3, 0)->name, ==, "predictions");
}

static void
test_input_sizes (void)
{
  int n;
  const RnCatalogEntry *entries = rn_catalog_list (&n);

  g_test_summary ("Every model takes every input from 32 pixels on, and refuses what is smaller");

  for (int i = 0; i < n; i++)
    for (int size = 31; size <= 260; size++)
      {
        RnVariant variant = RN_VARIANT_DEFAULT;
        g_autoptr (GError) error = NULL;
        g_autoptr (RnModel) model = NULL;

        variant.input_size = size;
        model = rn_catalog_build (entries[i].id, &variant, &error);
        if (size < 32)
          g_assert_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONFIG);
        else
          g_assert_no_error (error);
      }
}

static void
test_bad_variants (void)
{
  RnVariant no_classes = { RN_NAMES_KERAS2, TRUE, 0, 0 };
  RnVariant huge = { RN_NAMES_KERAS2, TRUE, 1000, 100000 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("An unknown model, no classes or a huge input are refused by name and range");

  g_assert_null (rn_catalog_build ("resnet51", &RN_VARIANT_DEFAULT, &error));
  g_assert_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_UNKNOWN);
  g_assert_nonnull (strstr (error->message, "resnet50"));
  g_clear_error (&error);

  g_assert_null (rn_catalog_build ("resnet50", &no_classes, &error));
  g_assert_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONFIG);
  g_clear_error (&error);

  g_assert_null (rn_catalog_build ("resnet18", &huge, &error));
  g_assert_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONFIG);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/catalog/totals", test_totals);
  g_test_add_func ("/catalog/names", test_names);
  g_test_add_func ("/catalog/input-sizes", test_input_sizes);
  g_test_add_func ("/catalog/bad-variants", test_bad_variants);

  return g_test_run ();
}
