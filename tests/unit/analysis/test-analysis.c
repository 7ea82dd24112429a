#include "engine/analysis/block-balance.h"
#include "engine/analysis/channel-stats.h"
#include "engine/analysis/class-map.h"
#include "engine/analysis/occlusion.h"
#include "engine/analysis/path-field.h"
#include "engine/analysis/weight-stats.h"
#include "engine/formats/weights-file.h"
#include "engine/model/catalog.h"
#include "engine/model/costs.h"
#include "engine/model/net.h"

#include <math.h>

#define SIZE 64

static RnTensor *
make_tensor (int rank, const gint64 *dims, const float *values)
{
  RnTensor *tensor = rn_tensor_new (rank, dims, NULL);

  for (gint64 i = 0; i < rn_tensor_get_n_elements (tensor); i++)
    rn_tensor_f32 (tensor)[i] = values != NULL ? values[i] : g_test_rand_double_range (-2, 2);

  return tensor;
}

static void
test_channel_stats (void)
{
  const gint64 dims[] = { 1, 2, 2, 3 };
  const float values[] = { 0, 5, 1, 0, 5, -3, 2, 5, NAN, 6, 5, 2 };
  static const int orders[RN_N_CHANNEL_ORDERS][3] = {
    [RN_CHANNEL_ORDER_INDEX] = { 0, 1, 2 },  [RN_CHANNEL_ORDER_MEAN] = { 1, 0, 2 },
    [RN_CHANNEL_ORDER_HIGH] = { 0, 1, 2 },   [RN_CHANNEL_ORDER_VARIANCE] = { 0, 2, 1 },
    [RN_CHANNEL_ORDER_ZEROS] = { 0, 1, 2 },
  };
  g_autoptr (RnTensor) activation = make_tensor (4, dims, values);
  g_autofree RnChannelStats *stats = rn_channel_stats_new (activation);

  g_test_summary ("Mean, range, variance and share of zeros of channels, and the orders by them");

  g_assert_cmpfloat (stats[0].mean, ==, 2);
  g_assert_cmpfloat (stats[0].variance, ==, 6);
  g_assert_cmpfloat (stats[0].zeros, ==, 0.5);
  g_assert_cmpfloat (stats[0].high, ==, 6);
  g_assert_cmpfloat (stats[1].variance, ==, 0);
  g_assert_cmpfloat (stats[2].mean, ==, 0);
  g_assert_cmpfloat (stats[2].low, ==, -3);
  for (int order = 0; order < RN_N_CHANNEL_ORDERS; order++)
    {
      g_autofree int *channels = rn_channel_stats_sort (stats, 3, order);

      for (int i = 0; i < 3; i++)
        g_assert_cmpint (channels[i], ==, orders[order][i]);
    }
}

static void
test_path_field_stack (void)
{
  static const double along[] = { 1, 2, 3, 2, 1 };
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("stack", "Stack");
  RnNet net = { builder, TRUE, 1e-3f };
  const char *name = rn_net_input (&net, "in", 9, 3);
  g_autoptr (RnModel) model = NULL;
  g_autoptr (RnPathField) field = NULL;

  g_test_summary ("Two 3x3 convolutions: paths 1 2 3 2 1 along each axis, over 81");

  name = rn_net_conv (&net, "a", 4, 3, 1, RN_PADDING_SAME, name);
  name = rn_net_conv (&net, "b", 4, 3, 1, RN_PADDING_SAME, name);
  model = rn_model_builder_build (builder, NULL);
  field = rn_path_field_new (model, 2, (RnUnit) { 4, 4, 0 });
  for (int y = 0; y < 9; y++)
    for (int x = 0; x < 9; x++)
      {
        double want = ABS (y - 4) <= 2 && ABS (x - 4) <= 2 ? along[y - 2] * along[x - 2] / 81 : 0;

        g_assert_cmpfloat_with_epsilon (field->shares[y * 9 + x], want, 1e-12);
      }
  g_assert_cmpint (field->box[0], ==, 2);
  g_assert_cmpint (field->box[3], ==, 6);
}

static void
test_path_field_inside (void)
{
  RnVariant variant = { RN_NAMES_KERAS2, TRUE, 10, SIZE };
  g_autoptr (RnModel) model = rn_catalog_build ("resnet50", &variant, NULL);
  g_autofree RnReceptiveField *fields = rn_model_get_receptive_fields (model);

  g_test_summary ("No path leaves the theoretical field, for every layer of ResNet-50");

  for (int i = 1; i < rn_model_get_n_layers (model); i++)
    {
      const RnShape *shape = &rn_model_get_layer (model, i)->output_shape;
      RnUnit unit = { 0, 0, 0 };
      g_autoptr (RnPathField) field = NULL;
      double sum = 0;

      if (shape->rank == 3)
        {
          unit.y = g_test_rand_int_range (0, shape->dims[0]);
          unit.x = g_test_rand_int_range (0, shape->dims[1]);
        }
      field = rn_path_field_new (model, i, unit);
      for (int y = 0; y < SIZE; y++)
        for (int x = 0; x < SIZE; x++)
          {
            double centre[2] = { fields[i].start[0] + unit.y * fields[i].stride[0],
                                 fields[i].start[1] + unit.x * fields[i].stride[1] };

            sum += field->shares[y * SIZE + x];
            if (field->shares[y * SIZE + x] > 0)
              {
                g_assert_cmpfloat (fabs (y - centre[0]), <=, (fields[i].size[0] - 1) / 2.0);
                g_assert_cmpfloat (fabs (x - centre[1]), <=, (fields[i].size[1] - 1) / 2.0);
              }
          }
      /* The corner of a zero border sees nothing of the picture. */
      g_assert_true (sum == 0 || fabs (sum - 1) < 1e-9);
    }
}

static RnBinding *
load (const char *id)
{
  g_autofree char *file = g_strconcat (id, ".h5", NULL);
  g_autofree char *path = g_build_filename (g_getenv ("RN_DATA_DIR"), "weights", file, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (RnWeights) weights = rn_weights_load (path, &error);
  RnVariant variant = { RN_NAMES_KERAS2, TRUE, 10, SIZE };
  g_autoptr (RnModel) model = rn_catalog_build (id, &variant, NULL);
  RnBinding *binding;

  g_assert_no_error (error);
  binding = rn_binding_new (model, weights, &error);
  g_assert_no_error (error);

  return binding;
}

static void
test_class_map (gconstpointer id)
{
  const gint64 dims[] = { 1, SIZE, SIZE, 3 };
  g_autoptr (RnBinding) binding = load (id);
  const RnModel *model = rn_binding_get_model (binding);
  g_autoptr (RnTensor) input = make_tensor (4, dims, NULL);
  g_autoptr (RnSession) session = rn_session_new (binding, NULL, NULL);
  g_autoptr (RnTensor) features = NULL;
  g_autoptr (RnTensor) scores = NULL;
  RnClassHead head;
  double logits[10], total = 0;

  g_test_summary ("Means of class activation maps plus bias, through softmax, are the prediction");

  g_assert_true (rn_class_head_find (model, &head, NULL));
  g_assert_true (rn_session_run (session, input, NULL, NULL));
  features = rn_session_get_activation (session, head.features, NULL);
  scores = rn_session_get_activation (session, rn_model_get_output (model, 0)->index, NULL);
  for (int c = 0; c < 10; c++)
    {
      double sum = 0, bias;
      g_autoptr (RnTensor) map = rn_class_map_new (binding, &head, features, c, &bias, NULL);
      gint64 n = rn_tensor_get_n_elements (map);

      g_assert_cmpint (map->dims[1], ==, features->dims[1]);
      for (gint64 i = 0; i < n; i++)
        sum += rn_tensor_f32 (map)[i];
      logits[c] = sum / n + bias;
      total += exp (logits[c]);
    }
  for (int c = 0; c < 10; c++)
    g_assert_cmpfloat_with_epsilon (exp (logits[c]) / total, rn_tensor_f32 (scores)[c], 1e-4);
}

static void
test_no_class_map (void)
{
  RnVariant variant = { RN_NAMES_KERAS2, FALSE, 10, SIZE };
  g_autoptr (RnModel) model = rn_catalog_build ("resnet18", &variant, NULL);
  g_autoptr (GError) error = NULL;
  RnClassHead head;

  g_test_summary ("Without a classifier there is none, and it is said what would do");

  g_assert_false (rn_class_head_find (model, &head, &error));
  g_assert_nonnull (strstr (error->message, "occlusion"));
}

static void
count (int done, int total, const RnTensor *map, gpointer data)
{
  int *last = data;

  g_assert_cmpint (done, ==, *last + 1);
  g_assert_cmpint (total, ==, 9);
  *last = done;
}

static void
test_occlusion (void)
{
  const gint64 dims[] = { 1, SIZE, SIZE, 3 };
  g_autoptr (RnBinding) binding = load ("resnet18");
  g_autoptr (RnTensor) input = make_tensor (4, dims, NULL);
  g_autoptr (RnSession) session = rn_session_new (binding, NULL, NULL);
  g_autoptr (RnTensor) whole = NULL;
  g_autoptr (RnTensor) covered = NULL;
  g_autoptr (RnTensor) map = NULL;
  int output = rn_model_get_output (rn_binding_get_model (binding), 0)->index, last = 0;
  double mean[3] = { 0 };

  g_test_summary ("The corner of an occlusion map is the loss by covering the corner by hand");

  map = rn_occlusion_run (binding, input, 3, 32, count, &last, NULL, NULL);
  g_assert_cmpint (last, ==, 9);
  g_assert_cmpint (map->dims[1], ==, 4);
  rn_session_run (session, input, NULL, NULL);
  whole = rn_session_get_activation (session, output, NULL);
  for (int i = 0; i < SIZE * SIZE * 3; i++)
    mean[i % 3] += rn_tensor_f32 (input)[i] / (SIZE * SIZE);
  for (int y = 0; y < 32; y++)
    for (int x = 0; x < 32; x++)
      for (int c = 0; c < 3; c++)
        rn_tensor_f32 (input)[(y * SIZE + x) * 3 + c] = mean[c];
  rn_session_run (session, input, NULL, NULL);
  covered = rn_session_get_activation (session, output, NULL);
  g_assert_cmpfloat_with_epsilon (rn_tensor_f32 (map)[0],
                                  rn_tensor_f32 (whole)[3] - rn_tensor_f32 (covered)[3], 1e-5);
}

static void
test_occlusion_cancelled (void)
{
  const gint64 dims[] = { 1, SIZE, SIZE, 3 };
  g_autoptr (RnBinding) binding = load ("resnet18");
  g_autoptr (RnTensor) input = make_tensor (4, dims, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("An occlusion map that is cancelled ends with that error");

  g_cancellable_cancel (cancellable);
  g_assert_null (rn_occlusion_run (binding, input, 0, 32, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_block_balance (void)
{
  const gint64 dims[] = { 1, 4 };
  g_autoptr (RnTensor) x = make_tensor (2, dims, (const float[]) { 3, 4, 0, 0 });
  g_autoptr (RnTensor) f = make_tensor (2, dims, (const float[]) { 0, 10, 0, 0 });
  g_autoptr (RnTensor) nothing = make_tensor (2, dims, (const float[]) { 0, 0, 0, 0 });
  RnBlockBalance balance = rn_block_balance_measure (x, f);

  g_test_summary ("|F|/|x| and the cosine of vectors that one can reckon by hand");

  g_assert_cmpfloat_with_epsilon (balance.ratio, 2, 1e-9);
  g_assert_cmpfloat_with_epsilon (balance.cosine, 0.8, 1e-9);
  g_assert_cmpfloat (rn_block_balance_measure (x, nothing).ratio, ==, 0);
}

static void
test_weight_stats (void)
{
  const gint64 dims[] = { 2, 2 };
  g_autoptr (RnTensor) weights = make_tensor (2, dims, (const float[]) { -1, 1, 0.001, 0 });
  g_autoptr (RnTensor) same = make_tensor (2, dims, (const float[]) { 7, 7, 7, 7 });
  RnWeightStats stats;

  g_test_summary ("Mean, spread, histogram and share near zero of weights");

  g_assert_true (rn_weight_stats_measure (weights, &stats, NULL));
  g_assert_cmpfloat_with_epsilon (stats.mean, 0.00025, 1e-7);
  g_assert_cmpfloat_with_epsilon (stats.deviation, sqrt (0.5), 1e-4);
  g_assert_cmpfloat (stats.near_zero, ==, 0.5);
  g_assert_cmpint (stats.bins[0], ==, 1);
  g_assert_cmpint (stats.bins[RN_WEIGHT_BINS - 1], ==, 1);
  g_assert_cmpint (stats.bins[RN_WEIGHT_BINS / 2], ==, 2);

  g_assert_true (rn_weight_stats_measure (same, &stats, NULL));
  g_assert_cmpfloat (stats.deviation, ==, 0);
  g_assert_cmpint (stats.bins[RN_WEIGHT_BINS / 2], ==, 4);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/analysis/channel-stats", test_channel_stats);
  g_test_add_func ("/analysis/path-field/stack", test_path_field_stack);
  g_test_add_func ("/analysis/path-field/inside", test_path_field_inside);
  g_test_add_data_func ("/analysis/class-map/resnet18", "resnet18", test_class_map);
  g_test_add_data_func ("/analysis/class-map/resnet50", "resnet50", test_class_map);
  g_test_add_func ("/analysis/class-map/none", test_no_class_map);
  g_test_add_func ("/analysis/occlusion/corner", test_occlusion);
  g_test_add_func ("/analysis/occlusion/cancelled", test_occlusion_cancelled);
  g_test_add_func ("/analysis/block-balance", test_block_balance);
  g_test_add_func ("/analysis/weight-stats", test_weight_stats);

  return g_test_run ();
}
