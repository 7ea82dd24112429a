/* Every built-in model written and read again. */
#include <glib/gstdio.h>

#include "engine/formats/keras-hdf5-writer.h"
#include "engine/formats/keras-json-writer.h"
#include "engine/formats/model-file.h"
#include "engine/formats/onnx-writer.h"
#include "engine/model/comparison.h"

/* What has more parameters is written with `-m slow`: its builder has smaller models too. */
#define QUICK_PARAMETERS 30000000

/* Weights of zeros: memory that is never touched costs nothing. */
static RnBinding *
bind_zeros (RnModel *model)
{
  g_autoptr (RnWeights) weights = rn_weights_new ();
  g_autoptr (GError) error = NULL;
  RnBinding *binding;

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);

      for (int k = 0; k < layer->n_weights; k++)
        {
          const RnWeightSpec *spec = &layer->weights[k];
          gint64 n = rn_weight_spec_get_n_elements (spec);
          gint64 dims[4] = { spec->dims[0], spec->dims[1], spec->dims[2], spec->dims[3] };
          float *zeros = g_new0 (float, n);
          g_autoptr (RnTensor) tensor =
              rn_tensor_new_for_data (RN_DTYPE_F32, spec->rank, dims, zeros, zeros, g_free);

          g_assert_true (rn_weights_add (weights, layer->name, spec->name, tensor, &error));
        }
    }
  binding = rn_binding_new (model, weights, &error);
  g_assert_no_error (error);

  return binding;
}

static void
write_model (RnModel *model, RnBinding *binding, const char *path)
{
  g_autofree char *config = NULL;
  g_autoptr (GError) error = NULL;

  if (g_str_has_suffix (path, ".json"))
    {
      rn_model_write_keras_json (model, path, &error);
    }
  else if (g_str_has_suffix (path, ".onnx"))
    {
      rn_onnx_write (binding, path, &error);
    }
  else
    {
      config = rn_model_to_keras_json (model, &error);
      g_assert_no_error (error);
      rn_keras_hdf5_write (binding, config, path, &error);
    }
  g_assert_no_error (error);
}

static void
check_format (RnModel *model, RnBinding *binding, const char *folder, const char *ending)
{
  g_autofree char *name = g_strconcat ("model", ending, NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (RnModel) back = NULL;
  g_autoptr (RnComparison) comparison = NULL;

  write_model (model, binding, path);
  back = rn_model_load (path, NULL, &error);
  g_assert_no_error (error);
  g_unlink (path);

  comparison = rn_comparison_new (model, back);
  for (int i = 0; i < rn_comparison_get_n (comparison); i++)
    if (!g_str_equal (rn_comparison_get (comparison, i)->kind, "equivalent"))
      g_test_message ("%s: %s", ending, rn_comparison_get (comparison, i)->text);
  g_assert_true (rn_comparison_is_same (comparison));
  /* Only ONNX has other ways of writing: borders, a softmax of its own. */
  if (!g_str_equal (ending, ".onnx"))
    g_assert_cmpint (rn_comparison_get_n (comparison), ==, 0);
}

static void
test_model (gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("rn-round-trip-XXXXXX", NULL);
  g_autoptr (RnModel) model = rn_catalog_build (data, &RN_VARIANT_DEFAULT, NULL);
  g_autoptr (RnBinding) binding = NULL;

  g_test_summary ("What is exported comes back the same, or equivalent");

  check_format (model, NULL, folder, ".json");
  if (rn_model_get_n_parameters (model) < QUICK_PARAMETERS || g_test_slow ())
    {
      binding = bind_zeros (model);
      check_format (model, binding, folder, ".onnx");
      check_format (model, binding, folder, ".h5");
    }
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  int n;
  const RnCatalogEntry *entries = rn_catalog_list (&n);

  g_test_init (&argc, &argv, NULL);

  for (int i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("/round-trip/%s", entries[i].id);

      g_test_add_data_func (path, entries[i].id, test_model);
    }

  return g_test_run ();
}
