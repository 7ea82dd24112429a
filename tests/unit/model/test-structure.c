#include "engine/model/catalog.h"
#include "engine/model/net.h"

static void
check_stages (const char *id, const int *n_blocks, gboolean first_projects)
{
  g_autoptr (RnModel) model = rn_catalog_build (id, &RN_VARIANT_DEFAULT, NULL);
  const RnStructure *structure = rn_model_get_structure (model);

  g_assert_cmpint (structure->n_stages, ==, 4);
  for (int s = 0; s < 4; s++)
    {
      const RnStage *stage = &structure->stages[s];

      g_assert_cmpint (stage->number, ==, s + 2);
      g_assert_cmpint (stage->n_blocks, ==, n_blocks[s]);
      for (int b = 0; b < stage->n_blocks; b++)
        {
          const RnBlock *block = &structure->blocks[stage->first_block + b];
          gboolean projects = b == 0 && (s > 0 || first_projects);

          g_assert_cmpint (block->kind, ==,
                           projects ? RN_SHORTCUT_PROJECTION : RN_SHORTCUT_IDENTITY);
          g_assert_cmpint (block->n_shortcut, ==, projects ? 2 : 0);
          g_assert_cmpint (rn_model_get_layer (model, block->output)->kind, ==, RN_LAYER_ACTIVATION);
        }
    }
}

static void
test_builtin (void)
{
  g_test_summary ("Blocks, their shortcuts and stages of the built-in models are found");

  check_stages ("resnet50", (int[]) { 3, 4, 6, 3 }, TRUE);
  check_stages ("resnet18", (int[]) { 2, 2, 2, 2 }, FALSE);
}

static void
test_layers_of_block (void)
{
  g_autoptr (RnModel) model = rn_catalog_build ("resnet50", &RN_VARIANT_DEFAULT, NULL);
  const RnStructure *structure = rn_model_get_structure (model);
  const RnLayer *add = rn_model_find_layer (model, "add_4", NULL);
  const RnBlock *block = rn_structure_find_block (structure, add->index);
  g_autofree char *label = rn_block_get_label (block, structure->stages);

  g_test_summary ("A projection block knows its input, branch, shortcut and layers");

  g_assert_cmpstr (label, ==, "3a");
  g_assert_cmpstr (rn_model_get_layer (model, block->input)->name, ==, "activation_10");
  g_assert_cmpstr (rn_model_get_layer (model, block->output)->name, ==, "activation_13");
  g_assert_cmpint (block->n_branch, ==, 8);
  g_assert_cmpint (block->n_layers, ==, 12);
  g_assert_cmpstr (rn_model_get_layer (model, block->shortcut[0])->name, ==, "res3a_branch1");
  g_assert_cmpint (block->shortcut_argument, ==, 1);
}

static void
test_parts (void)
{
  g_autoptr (RnModel) model = rn_catalog_build ("resnet50", &RN_VARIANT_DEFAULT, NULL);
  const RnStructure *structure = rn_model_get_structure (model);
  int stem = 0, head = 0;

  g_test_summary ("Stem and head are what lies before and behind the blocks");

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    {
      stem += structure->part_of[i] == RN_PART_STEM;
      head += structure->part_of[i] == RN_PART_HEAD;
      g_assert_true ((structure->part_of[i] == RN_PART_STAGE) == (structure->stage_of[i] >= 0));
    }
  g_assert_cmpint (stem, ==, 7);
  g_assert_cmpint (head, ==, 2);
}

static void
test_plain (void)
{
  static const struct
  {
    int number, size, channels, n_layers;
  } stages[] = { { 2, 32, 16, 18 }, { 3, 16, 32, 19 }, { 4, 8, 64, 19 } };
  g_autoptr (RnModel) model = rn_catalog_build ("plain20", &RN_VARIANT_DEFAULT, NULL);
  const RnStructure *structure = rn_model_get_structure (model);
  int counts[G_N_ELEMENTS (stages)] = { 0 }, stem = 0, head = 0;

  g_test_summary ("Without blocks, stages follow the size of the maps, borders go with what follows");

  g_assert_cmpint (structure->n_blocks, ==, 0);
  g_assert_cmpint (structure->n_stages, ==, G_N_ELEMENTS (stages));
  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    {
      stem += structure->part_of[i] == RN_PART_STEM;
      head += structure->part_of[i] == RN_PART_HEAD;
      if (structure->stage_of[i] >= 0)
        counts[structure->stage_of[i]]++;
    }
  for (guint s = 0; s < G_N_ELEMENTS (stages); s++)
    {
      RnShape shape = rn_shape_image (stages[s].size, stages[s].size, stages[s].channels);

      g_assert_cmpint (structure->stages[s].number, ==, stages[s].number);
      g_assert_true (rn_shape_equal (&structure->stages[s].output_shape, &shape));
      g_assert_cmpint (counts[s], ==, stages[s].n_layers);
    }
  g_assert_cmpint (stem, ==, 4);
  g_assert_cmpint (head, ==, 2);
}

/* A ladder: every Add takes the one before it and a new convolution of the input. Each block then
 * holds all earlier ones. */
static void
test_ladder (void)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("ladder", "Ladder");
  g_autoptr (RnModel) model = NULL;
  g_autoptr (GError) error = NULL;
  RnNet net = { builder, TRUE, 1e-3f };
  const char *input = rn_net_input (&net, "input", 8, 4);
  const char *sum = input;
  gint64 start = g_get_monotonic_time ();

  g_test_summary ("Ten thousand nested blocks cost no more than linear time and memory");

  for (int i = 0; i < 9000; i++)
    {
      g_autofree char *conv = g_strdup_printf ("conv_%d", i);
      g_autofree char *add = g_strdup_printf ("add_%d", i);
      const char *x = rn_net_conv (&net, conv, 4, 1, 1, RN_PADDING_SAME, input);

      sum = rn_net_add (&net, add, sum, x);
    }
  model = rn_model_builder_build (builder, &error);
  g_assert_no_error (error);
  g_assert_cmpint (rn_model_get_structure (model)->n_blocks, ==, 9000);
  g_test_message ("built in %.0f ms", (g_get_monotonic_time () - start) / 1000.0);
}

/* A stranger's layer that nothing feeds is drawn, and not an input. */
static void
test_two_roots (void)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("roots", "Roots");
  g_autoptr (RnModel) model = NULL;
  g_autoptr (GError) error = NULL;
  RnNet net = { builder, TRUE, 1e-3f };
  const RnShape shape = rn_shape_image (8, 8, 4);
  const char *a = rn_net_input (&net, "input", 8, 4), *b = "stranger", *sum, *inner;

  g_test_summary ("What comes from two beginnings is no block; what lies behind it may be one");

  rn_model_builder_add_unsupported (builder, "Stranger", b, &shape, NULL);
  a = rn_net_conv (&net, "conv_1", 4, 3, 1, RN_PADDING_SAME, a);
  sum = rn_net_add (&net, "sum", a, b);
  inner = rn_net_conv (&net, "conv_2", 4, 3, 1, RN_PADDING_SAME, sum);
  rn_net_add (&net, "inner", inner, sum);
  model = rn_model_builder_build (builder, &error);
  g_assert_no_error (error);
  g_assert_cmpint (rn_model_get_structure (model)->n_blocks, ==, 1);
  g_assert_cmpint (rn_model_get_structure (model)->blocks[0].input, ==,
                   rn_model_find_layer (model, "sum", NULL)->index);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/structure/builtin", test_builtin);
  g_test_add_func ("/structure/layers-of-block", test_layers_of_block);
  g_test_add_func ("/structure/parts", test_parts);
  g_test_add_func ("/structure/plain", test_plain);
  g_test_add_func ("/structure/ladder", test_ladder);
  g_test_add_func ("/structure/two-roots", test_two_roots);

  return g_test_run ();
}
