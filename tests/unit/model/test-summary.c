#include "engine/model/catalog.h"
#include "engine/model/summary.h"

static void
test_resnet50_notop (void)
{
  RnVariant variant = RN_VARIANT_DEFAULT;
  g_autoptr (RnModel) model = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "golden", "resnet50-notop-summary.txt", NULL);
  g_autofree char *expected = NULL;
  g_autofree char *summary = NULL;

  g_test_summary ("The table equals the one that Keras 2.3.1 printed, byte for byte");

  variant.top = FALSE;
  model = rn_catalog_build ("resnet50", &variant, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &expected, NULL, &error));
  summary = rn_model_to_summary (model);
  g_assert_cmpstr (summary, ==, expected);
}

static void
test_totals (void)
{
  RnVariant variant = RN_VARIANT_DEFAULT;
  g_autoptr (RnModel) model = rn_catalog_build ("resnet50", &variant, NULL);
  g_autofree char *summary = rn_model_to_summary (model);

  g_test_summary ("Totals carry thousands commas, as Keras writes them");

  g_assert_nonnull (strstr (summary, "\nTotal params: 25,636,712\n"
                                     "Trainable params: 25,583,592\n"
                                     "Non-trainable params: 53,120\n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/summary/resnet50-notop", test_resnet50_notop);
  g_test_add_func ("/summary/totals", test_totals);

  return g_test_run ();
}
