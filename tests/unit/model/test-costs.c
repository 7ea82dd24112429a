#include "engine/model/catalog.h"
#include "engine/model/costs.h"
#include "engine/model/net.h"

static RnModel *
build (const char *id, gboolean top, int classes)
{
  RnVariant variant = RN_VARIANT_DEFAULT;
  g_autoptr (GError) error = NULL;
  RnModel *model;

  variant.top = top;
  variant.classes = classes;
  model = rn_catalog_build (id, &variant, &error);
  g_assert_no_error (error);

  return model;
}

static void
test_macs (void)
{
  g_autoptr (RnModel) resnet50 = build ("resnet50", TRUE, 1000);
  g_autoptr (RnModel) resnet18 = build ("resnet18", TRUE, 1000);
  const RnLayer *layer = rn_model_find_layer (resnet50, "res2a_branch2b", NULL);

  g_test_summary ("Multiply-adds are those of the published tables: 3.9 and 1.8 billion");

  g_assert_cmpint (rn_model_get_layer_macs (resnet50, layer->index), ==,
                   (gint64) 56 * 56 * 9 * 64 * 64);
  g_assert_cmpint (rn_model_get_n_macs (resnet50), ==, G_GINT64_CONSTANT (3857973248));
  g_assert_cmpint (rn_model_get_n_macs (resnet18), ==, G_GINT64_CONSTANT (1814073344));
  g_assert_cmpint (rn_layer_get_output_bytes (layer), ==, (gint64) 56 * 56 * 64 * 4);
}

static void
check_formula (const RnModel *model, const char *name, const char *parameters, const char *macs)
{
  const RnLayer *layer = rn_model_find_layer (model, name, NULL);
  g_autofree char *parameter_formula = rn_model_parameter_formula (model, layer->index);
  g_autofree char *mac_formula = rn_model_mac_formula (model, layer->index);

  g_assert_cmpstr (parameter_formula, ==, parameters);
  g_assert_cmpstr (mac_formula, ==, macs);
}

static void
test_formulas (void)
{
  g_autoptr (RnModel) resnet50 = build ("resnet50", TRUE, 10);
  g_autoptr (RnModel) resnet18 = build ("resnet18", TRUE, 10);

  g_test_summary ("Parameters and multiply-adds are written out with their factors");

  check_formula (resnet50, "res2a_branch2b", "3·3·64·64 + 64 = 36,928",
                 "56·56 · 3·3·64·64 = 115,605,504");
  check_formula (resnet50, "bn2a_branch2b", "4·64 = 256", NULL);
  check_formula (resnet50, "fc1000", "2048·10 + 10 = 20,490", "2048·10 = 20,480");
  check_formula (resnet50, "activation_1", NULL, NULL);
  check_formula (resnet50, "input_1", NULL, NULL);
  check_formula (resnet18, "conv1_conv", "7·7·3·64 = 9,408", "112·112 · 7·7·3·64 = 118,013,952");
}

static void
check_field (const char *id, const char *name, int size, int stride)
{
  g_autoptr (RnModel) model = build (id, TRUE, 10);
  g_autofree RnReceptiveField *fields = rn_model_get_receptive_fields (model);
  const RnLayer *layer = rn_model_find_layer (model, name, NULL);

  g_assert_cmpint (fields[layer->index].size[0], ==, size);
  g_assert_cmpint (fields[layer->index].size[1], ==, size);
  g_assert_cmpint (fields[layer->index].stride[0], ==, stride);
}

static void
test_published_fields (void)
{
  g_test_summary ("Receptive fields of both models are those that Araujo et al. give: 483 and 435");

  check_field ("resnet50", "input_1", 1, 1);
  check_field ("resnet50", "conv1", 7, 2);
  check_field ("resnet50", "max_pooling2d_1", 11, 4);
  check_field ("resnet50", "res3a_branch1", 35, 8);
  check_field ("resnet50", "activation_49", 483, 32);
  check_field ("resnet50", "avg_pool", 483 + 6 * 32, 0);
  check_field ("resnet50", "fc1000", 483 + 6 * 32, 0);
  check_field ("resnet18", "conv5_block2_out", 435, 32);
}

#define MAX_DEPTH 6

typedef struct
{
  int kernel, stride, dilation, pad;
} Slide;

/* The pixels that unit @unit of layer @depth sees, by going through every window's every pixel. */
static void
visit (const Slide *slides, int depth, gint64 unit, gint64 *first, gint64 *last)
{
  if (depth == 0)
    {
      *first = MIN (*first, unit);
      *last = MAX (*last, unit);
      return;
    }
  for (int t = 0; t < slides[depth - 1].kernel; t++)
    visit (slides, depth - 1,
           unit * slides[depth - 1].stride - slides[depth - 1].pad
               + (gint64) t * slides[depth - 1].dilation,
           first, last);
}

static void
test_random_fields (void)
{
  g_test_summary ("Receptive fields of random chains are those of a walk through every window");

  for (int round = 0; round < 40; round++)
    {
      g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("chain", "chain");
      g_autoptr (RnModel) model = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree RnReceptiveField *fields = NULL;
      Slide slides[MAX_DEPTH];
      int depth = g_test_rand_int_range (1, MAX_DEPTH + 1);
      RnLayerConfig config = { .input = rn_shape_image (600, 600, 1) };
      const char *x = rn_model_builder_chain (builder, RN_LAYER_INPUT, "input", &config, NULL);

      for (int i = 0; i < depth; i++)
        {
          Slide s = { g_test_rand_int_range (1, 5), g_test_rand_int_range (1, 3),
                      g_test_rand_int_range (1, 3), g_test_rand_int_range (0, 3) };
          g_autofree char *name = g_strdup_printf ("conv%d", i);

          slides[i] = s;
          memset (&config, 0, sizeof config);
          config.conv = (RnConvConfig) { .filters = 1,
                                         .kernel = { s.kernel, s.kernel },
                                         .stride = { s.stride, s.stride },
                                         .dilation = { s.dilation, s.dilation },
                                         .groups = 1,
                                         .padding = RN_PADDING_EXPLICIT,
                                         .pads = { s.pad, s.pad, s.pad, s.pad } };
          x = rn_model_builder_chain (builder, RN_LAYER_CONV, name, &config, x);
        }
      model = rn_model_builder_build (builder, &error);
      g_assert_no_error (error);
      fields = rn_model_get_receptive_fields (model);

      for (int unit = 0; unit < 3; unit++)
        {
          gint64 first = G_MAXINT64, last = G_MININT64;

          visit (slides, depth, unit, &first, &last);
          g_assert_cmpint (fields[depth].size[0], ==, last - first + 1);
          g_assert_cmpfloat (fields[depth].start[1] + unit * fields[depth].stride[1], ==,
                             (first + last) / 2.0);
        }
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/model/costs/macs", test_macs);
  g_test_add_func ("/model/costs/formulas", test_formulas);
  g_test_add_func ("/model/costs/published-fields", test_published_fields);
  g_test_add_func ("/model/costs/random-fields", test_random_fields);

  return g_test_run ();
}
