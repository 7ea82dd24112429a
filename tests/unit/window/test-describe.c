#include "engine/model/catalog.h"
#include "ui/document/counterpart.h"
#include "ui/inspector/describe.h"
#include "ui/window/layer-search.h"

static RnModel *
build (const char *id)
{
  RnVariant variant = RN_VARIANT_DEFAULT;

  variant.classes = 10;

  return rn_catalog_build (id, &variant, NULL);
}

static int
find (const RnModel *model, const char *name)
{
  return rn_model_find_layer (model, name, NULL)->index;
}

static const char *
get_fact (GPtrArray *facts, const char *title)
{
  for (guint i = 0; i < facts->len; i++)
    if (g_str_equal (((RnFact *) g_ptr_array_index (facts, i))->title, title))
      return ((RnFact *) g_ptr_array_index (facts, i))->text;

  return NULL;
}

static void
test_layers (void)
{
  static const struct
  {
    const char *layer, *title, *text;
  } cases[] = {
    { "res2a_branch2b", "Parameters", "3·3·64·64 + 64 = 36,928" },
    { "res2a_branch2b", "Settings", "3×3 kernel, 64 filters, stride 1, padding “same”, bias" },
    { "bn2a_branch2b", "Parameters", "4·64 = 256, of which 128 train" },
    { "fc1000", "Parameters", "2048·10 + 10 = 20,490" },
    { "fc1000", "Sees", "the whole picture" },
    { "conv1_pad", "Settings", "a border of zeros: 3" },
    { "max_pooling2d_1", "Settings", "3×3 window, stride 2, padding “valid”" },
    { "max_pooling2d_1", "Sees", "11 px, stride 4" },
    { "activation_1", "Parameters", "none" },
    { "input_1", "Fed by", NULL },
    { "add_1", "Input", "56×56×256 + 56×56×256" },
  };
  g_autoptr (RnModel) model = build ("resnet50");

  g_test_summary ("The facts of a layer are right, with the arithmetic written out");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) facts = rn_describe_layer (model, find (model, cases[i].layer));

      g_assert_cmpstr (get_fact (facts, cases[i].title), ==, cases[i].text);
    }
}

static void
test_block (void)
{
  g_autoptr (RnModel) model = build ("resnet50");
  g_autoptr (GPtrArray) facts = rn_describe_block (model, 0);
  g_autofree char *link
      = g_strdup_printf ("<a href=\"layer:%d\">max_pooling2d_1</a>", find (model, "max_pooling2d_1"));

  g_test_summary ("The facts of a block: where it comes from, its parameters, its shortcut");

  /* 64·64+64 + 3·3·64·64+64 + 64·256+256 + 64·256+256, and four batch norms: 4·(64+64+256+256) */
  g_assert_true (g_str_has_prefix (get_fact (facts, "Parameters"), "76,928,"));
  g_assert_nonnull (strstr (get_fact (facts, "Input"), link));
  g_assert_nonnull (strstr (get_fact (facts, "Shortcut"), "res2a_branch1"));
}

static void
test_counterparts (void)
{
  static const struct
  {
    const char *from, *to;
  } cases[] = {
    { "conv1", "conv1_conv" },
    { "res3a_branch2a", "conv3_block1_1_conv" },
    { "res3a_branch1", "conv3_block1_0_conv" },
    { "add_9", "conv4_block2_add" },
    { "fc1000", "predictions" },
  };
  g_autoptr (RnModel) a = build ("resnet50");
  g_autoptr (RnModel) b = build ("resnet18");
  RnSelection none;

  g_test_summary ("A place in one network has its counterpart in the other");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      RnSelection selection = { find (a, cases[i].from), -1 };

      selection = rn_selection_find_counterpart (selection, a, b);
      g_assert_cmpint (selection.block, ==, -1);
      g_assert_cmpstr (rn_model_get_layer (b, selection.layer)->name, ==, cases[i].to);
    }
  none = rn_selection_find_counterpart (RN_SELECTION_NONE, a, b);
  g_assert_cmpint (none.layer, ==, -1);
  g_assert_cmpint (none.block, ==, -1);
}

static void
test_every_counterpart (void)
{
  g_autoptr (RnModel) a = build ("resnet50");
  g_autoptr (RnModel) b = build ("resnet18");
  const RnStructure *from = rn_model_get_structure (a), *to = rn_model_get_structure (b);

  g_test_summary ("Whatever is selected, its counterpart lies in the same stage");

  for (int i = 0; i < rn_model_get_n_layers (a); i++)
    {
      RnSelection found = rn_selection_find_counterpart ((RnSelection) { i, -1 }, a, b);

      if (from->block_of[i] < 0)
        continue;
      g_assert_true (found.layer >= 0 || found.block >= 0);
      g_assert_cmpint (from->stage_of[i], ==,
                       found.layer >= 0 ? to->stage_of[found.layer]
                                        : to->blocks[found.block].stage);
    }
}

static void
test_search (void)
{
  static const struct
  {
    const char *text;
    guint n;
  } cases[] = {
    { "conv2d", 53 }, { "BRANCH1", 8 }, { "add_", 16 }, { "dense", 1 },
    { "7x7x2048 conv2d", 4 }, { "(None, 7, 7, 2048) conv2d", 4 }, { "nothing", 0 },
  };
  g_autoptr (RnModel) model = build ("resnet50");

  g_test_summary ("A search takes names, classes and shapes, in any case");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (int));

      rn_layer_search (model, cases[i].text, found);
      g_assert_cmpuint (found->len, ==, cases[i].n);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/window/describe/layers", test_layers);
  g_test_add_func ("/window/describe/block", test_block);
  g_test_add_func ("/window/counterpart/cases", test_counterparts);
  g_test_add_func ("/window/counterpart/all", test_every_counterpart);
  g_test_add_func ("/window/search", test_search);

  return g_test_run ();
}
