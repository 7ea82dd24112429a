#include <string.h>

#include "engine/formats/onnx-reader.h"
#include "engine/formats/onnx-writer.h"
#include "engine/model/comparison.h"

static GBytes *
export (const char *id, RnModel **model, RnWeights **weights)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RnBinding) binding = NULL;
  GBytes *bytes;

  *model = rn_catalog_build (id, &RN_VARIANT_DEFAULT, &error);
  g_assert_no_error (error);
  *weights = rn_weights_new_random (*model, 1, &error);
  g_assert_no_error (error);
  binding = rn_binding_new (*model, *weights, &error);
  g_assert_no_error (error);
  bytes = rn_onnx_to_bytes (binding, &error);
  g_assert_no_error (error);

  return bytes;
}

static RnModel *
read_bytes (const guint8 *bytes, gsize n_bytes, RnWeights **weights, GError **error)
{
  return rn_onnx_read (bytes, n_bytes, "test.onnx", weights, error);
}

/* A layer that is written as two nodes comes back as two, so that its name may have a part behind it. */
static void
assert_weights_equal (const RnComparison *comparison,
                      const RnModel *model_a,
                      const RnModel *model_b,
                      RnWeights *a,
                      RnWeights *b)
{
  int n_pairs;
  const RnLayerPair *pairs = rn_comparison_get_pairs (comparison, &n_pairs);

  for (int i = 0; i < n_pairs; i++)
    {
      const RnLayer *layer_a = rn_model_get_layer (model_a, pairs[i].a);
      const RnLayer *layer_b = rn_model_get_layer (model_b, pairs[i].b);

      /* An activation within a layer stands beside the layer behind it. */
      for (int k = 0; k < MIN (layer_a->n_weights, layer_b->n_weights); k++)
        {
          RnTensor *x = rn_weights_find (a, layer_a->name, layer_a->weights[k].name);
          RnTensor *y = rn_weights_find (b, layer_b->name, layer_b->weights[k].name);

          g_assert_nonnull (x);
          g_assert_nonnull (y);
          g_assert_cmpmem (x->data, rn_tensor_get_n_bytes (x), y->data, rn_tensor_get_n_bytes (y));
        }
    }
}

static void
test_round_trip (void)
{
  static const char *const ids[] = { "resnet18", "resnet18-tf", "resnet20", "resnet29v2",
                                     "resnet20-paper", "plain20" };

  g_test_summary ("What was exported comes back equivalent, every weight the same");

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (RnModel) model = NULL;
      g_autoptr (RnWeights) weights = NULL;
      g_autoptr (GBytes) bytes = export (ids[i], &model, &weights);
      g_autoptr (RnWeights) back_weights = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (RnModel) back = NULL;
      g_autoptr (RnComparison) comparison = NULL;
      gsize n;
      const guint8 *data = g_bytes_get_data (bytes, &n);

      g_assert_true (rn_onnx_detect (data, n));
      back = read_bytes (data, n, &back_weights, &error);
      g_assert_no_error (error);
      comparison = rn_comparison_new (model, back);
      g_assert_true (rn_comparison_is_same (comparison));
      g_assert_cmpint (rn_model_get_n_parameters (model), ==, rn_model_get_n_parameters (back));
      assert_weights_equal (comparison, model, back, weights, back_weights);
    }
}

static void
test_damaged (void)
{
  g_autoptr (RnModel) model = NULL;
  g_autoptr (RnWeights) weights = NULL;
  g_autoptr (GBytes) bytes = export ("plain20", &model, &weights);
  gsize n;
  const guint8 *data = g_bytes_get_data (bytes, &n);

  g_test_summary ("Files that are cut off or have changed bytes give an error or a model, no crash");

  for (int i = 0; i < 60; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, n);
      g_autoptr (RnWeights) found = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (RnModel) back = NULL;
      gsize length = i % 2 ? (gsize) g_test_rand_int_range (0, (gint32) n) : n;

      for (int k = 0; i % 2 == 0 && k < 20; k++)
        copy[g_test_rand_int_range (0, (gint32) n)] = (guint8) g_test_rand_int_range (0, 256);
      back = read_bytes (copy, length, &found, &error);
      g_assert_true ((back == NULL) == (error != NULL));
      if (i % 2)
        g_assert_nonnull (error);
      if (error != NULL)
        g_assert_nonnull (strstr (error->message, "test.onnx"));
    }
}

static void
test_left_out (void)
{
  /* x [1, 3, 2, 2] → Relu → y; neither the graph nor the node has a name, the opset no domain. */
#define PICTURE(name)                                                                              \
  0x0a, 0x01, name, 0x12, 0x16, 0x0a, 0x14, 0x08, 0x01, 0x12, 0x10, 0x0a, 0x02, 0x08, 0x01, 0x0a,    \
      0x02, 0x08, 0x03, 0x0a, 0x02, 0x08, 0x02, 0x0a, 0x02, 0x08, 0x02
  static const guint8 bytes[] = {
    0x08, 0x08, 0x3a, 0x48, 0x0a, 0x0c, 0x0a, 0x01, 'x',  0x12, 0x01, 'y', 0x22, 0x04,
    'R',  'e',  'l',  'u',  0x5a, 0x1b, PICTURE ('x'),     0x62, 0x1b, PICTURE ('y'),
    0x42, 0x02, 0x10, 0x0d,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (RnModel) model = rn_onnx_read (bytes, sizeof bytes, "bare", NULL, &error);

  g_test_summary ("Names and domains that a file leaves out, as PyTorch does, are empty ones");

  g_assert_no_error (error);
  g_assert_cmpint (rn_model_get_n_layers (model), ==, 2);
  g_assert_cmpint (rn_model_get_output (model, 0)->output_shape.dims[2], ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/onnx-reader/round-trip", test_round_trip);
  g_test_add_func ("/onnx-reader/damaged", test_damaged);
  g_test_add_func ("/onnx-reader/left-out", test_left_out);

  return g_test_run ();
}
