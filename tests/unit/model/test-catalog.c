#include "engine/model/catalog.h"
#include "engine/model/cifar-net.h"

typedef struct
{
  const char *id;
  RnVariant variant;
  int n_layers;
  gint64 n_trainable;
  gint64 n_parameters;
} TotalCase;

#define WITH_TOP { RN_NAMES_KERAS2, TRUE, 0, 0 }
#define WITHOUT_TOP { RN_NAMES_KERAS2, FALSE, 0, 0 }

/* Totals as published: of Keras its applications and the summaries of cifar10_resnet.py, of torchvision
 * the trainable ones of resnet18 and resnet34, of the paper's CIFAR nets the trainable ones of
 * github.com/akamaster/pytorch_resnet_cifar10 (0.27 and 0.85 million in He et al. 2015, table 6). Of
 * resnet18-tf nothing is published; test_resnet18_tf() sums it up. */
static const TotalCase total_cases[] = {
  { "resnet50", WITHOUT_TOP, 175, 23534592, 23587712 },
  { "resnet50", WITH_TOP, 177, 25583592, 25636712 },
  { "resnet50", { RN_NAMES_KERAS3, TRUE, 1000, 0 }, 177, 25583592, 25636712 },
  { "resnet50", { RN_NAMES_KERAS3, FALSE, 1000, 0 }, 175, 23534592, 23587712 },
  { "resnet50-rebuilt", WITH_TOP, 187, 23534592, 23587712 },
  { "resnet101", WITH_TOP, 347, 44601832, 44707176 },
  { "resnet152", WITH_TOP, 517, 60268520, 60419944 },
  { "resnet18", WITH_TOP, 0, 11689512, 11699112 },
  { "resnet34", WITH_TOP, 0, 21797672, 21814696 },
  { "resnet20", WITH_TOP, 0, 273066, 274442 },
  { "resnet32", WITH_TOP, 0, 467946, 470218 },
  { "resnet44", WITH_TOP, 0, 662826, 665994 },
  { "resnet56", WITH_TOP, 0, 857706, 861770 },
  { "resnet110", WITH_TOP, 0, 1734666, 1742762 },
  { "resnet20v2", WITH_TOP, 0, 570602, 574090 },
  { "resnet29v2", WITH_TOP, 0, 843786, 849002 },
  { "resnet56v2", WITH_TOP, 0, 1663338, 1673738 },
  { "resnet110v2", WITH_TOP, 0, 3302442, 3323210 },
  { "resnet20-paper", WITH_TOP, 0, 269722, 271098 },
  { "resnet56-paper", WITH_TOP, 0, 853018, 857082 },
  { "plain20", WITH_TOP, 0, 269722, 271098 },
  { "plain56", WITH_TOP, 0, 853018, 857082 },
  { "resnet20-paper-b", WITH_TOP, 0, 272474, 274042 }, /* option B there */
  { "resnet32-paper", WITH_TOP, 0, 464154, 466426 },
  { "resnet44-paper", WITH_TOP, 0, 658586, 661754 },
  { "resnet110-paper", WITH_TOP, 0, 1727962, 1736058 },
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

static int
count (const RnModel *model, RnLayerKind kind)
{
  int n = 0;

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    n += rn_model_get_layer (model, i)->kind == kind;

  return n;
}

static int
count_shortcuts (const RnModel *model, RnShortcutKind kind)
{
  const RnStructure *structure = rn_model_get_structure (model);
  int n = 0;

  for (int b = 0; b < structure->n_blocks; b++)
    n += structure->blocks[b].kind == kind;

  return n;
}

static void
test_cifar_nets (void)
{
  const struct
  {
    const char *id;
    int n_blocks, n_padding, n_projections, n_norms, n_relus;
  } cases[] = {
    { "plain8", 0, 0, 0, 7, 7 },
    { "plain8-no-bn", 0, 0, 0, 0, 7 },
    { "resnet8-paper", 3, 2, 0, 7, 7 },
    { "resnet8-paper-b", 3, 0, 2, 9, 7 },
    { "resnet14-paper-c", 6, 0, 6, 19, 13 },
    { "resnet8-paper-extra-relu", 3, 2, 0, 7, 10 },
    { "resnet8-paper-b-extra-relu-no-bn", 3, 0, 2, 0, 10 },
    { "resnet110-paper-no-bn", 54, 2, 0, 0, 109 },
  };
  const char *const wrong[] = { "plain",     "plain9",           "plain08",         "plain116",
                                "plain20-b", "resnet20-paperb",  "resnet2-paper",   "resnet20-paper-",
                                "plain20x",  "resnet8-paper-b-c", "resnet8-no-bn", "" };

  g_test_summary ("The paper's CIFAR nets can be had of any depth, with projections, an extra ReLU "
                  "and without batch norm; a name that means none is refused");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RnModel) model = rn_catalog_build (cases[i].id, &RN_VARIANT_DEFAULT, &error);
      g_autofree char *id = NULL;
      RnCifarNet net;

      g_assert_no_error (error);
      g_assert_cmpint (rn_model_get_structure (model)->n_blocks, ==, cases[i].n_blocks);
      g_assert_cmpint (count_shortcuts (model, RN_SHORTCUT_PADDING), ==, cases[i].n_padding);
      g_assert_cmpint (count_shortcuts (model, RN_SHORTCUT_PROJECTION), ==, cases[i].n_projections);
      g_assert_cmpint (count (model, RN_LAYER_BATCH_NORM), ==, cases[i].n_norms);
      g_assert_cmpint (count (model, RN_LAYER_ACTIVATION), ==, cases[i].n_relus);
      g_assert_true (rn_cifar_net_parse (cases[i].id, &net));
      id = rn_cifar_net_to_id (&net);
      g_assert_cmpstr (id, ==, cases[i].id);
      g_assert_true (rn_catalog_find (cases[i].id, NULL) == rn_catalog_find (id, NULL));
    }
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (rn_catalog_find (wrong[i], &error));
      g_assert_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_UNKNOWN);
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

  g_test_summary ("Every model takes every input from its smallest on, and refuses what is smaller");

  for (int i = 0; i < n; i++)
    for (int extra = -1; extra <= 10; extra++)
      {
        RnVariant variant = RN_VARIANT_DEFAULT;
        g_autoptr (GError) error = NULL;
        g_autoptr (RnModel) model = NULL;

        variant.input_size = entries[i].min_input_size + extra * extra * extra;
        if (variant.input_size == 0)
          continue; /* the model's own */
        model = rn_catalog_build (entries[i].id, &variant, &error);
        if (extra < 0)
          g_assert_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONFIG);
        else
          g_assert_no_error (error);
      }
}

/* The sum over the tutorial's code as it was meant, layer by layer: a bias everywhere. */
static gint64
count_resnet18_tf (void)
{
  gint64 n = 9 * 3 * 64 + 64 + 4 * 64;
  int in = 64;

  for (int s = 0; s < 4; s++)
    for (int b = 0; b < 2; b++)
      {
        int out = 64 << s;

        n += 9 * in * out + out + 4 * out + 9 * out * out + out + 4 * out;
        n += in != out ? in * out + out : 0;
        in = out;
      }

  return n + 512 * G_GINT64_CONSTANT (100) + 100;
}

static void
test_resnet18_tf (void)
{
  RnVariant variant = RN_VARIANT_DEFAULT;
  g_autoptr (RnModel) meant = rn_catalog_build ("resnet18-tf", &variant, NULL);
  g_autoptr (RnModel) written = NULL;
  g_autoptr (GError) error = NULL;
  const char *const *notes;

  g_test_summary ("The tutorial's second network as it was meant, and as written with its mistakes");

  g_assert_cmpint (rn_model_get_n_parameters (meant), ==, count_resnet18_tf ());
  g_assert_cmpint (rn_model_get_structure (meant)->n_blocks, ==, 8);
  g_assert_null (rn_model_get_notes (meant)[0]);
  g_assert_true (rn_model_check_runnable (meant, NULL));

  variant.as_written = TRUE;
  written = rn_catalog_build ("resnet18-tf", &variant, &error);
  g_assert_no_error (error);
  notes = rn_model_get_notes (written);
  g_assert_cmpint (g_strv_length ((GStrv) notes), ==, 3);
  g_assert_nonnull (strstr (notes[0], "('Keyword argument not understood:', 'stride')"));
  g_assert_nonnull (strstr (notes[1], "build_resblock"));
  g_assert_nonnull (strstr (notes[2], "with shapes (30, 30, 128) (30, 30, 64)"));
  g_assert_false (rn_model_check_runnable (written, &error));
  g_assert_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "add_2"));
  g_clear_error (&error);

  g_assert_null (rn_catalog_build ("resnet50", &variant, &error));
  g_assert_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONFIG);
}

static void
test_rebuilt (void)
{
  RnVariant variant = RN_VARIANT_DEFAULT;
  g_autoptr (RnModel) model = rn_catalog_build ("resnet50-rebuilt", &variant, NULL);
  g_autoptr (RnModel) classifier = NULL;
  const RnLayer *add = rn_model_find_layer (model, "add_2", NULL);

  g_test_summary ("The tutorial's network has no classifier unless classes are asked for");

  g_assert_cmpstr (rn_model_get_layer (model, add->inputs[0])->name, ==, "activation_7");
  g_assert_cmpstr (rn_model_get_layer (model, add->inputs[1])->name, ==, "activation_4");
  g_assert_false (rn_model_has_top (model));

  variant.classes = 1000;
  classifier = rn_catalog_build ("resnet50-rebuilt", &variant, NULL);
  g_assert_true (rn_model_has_top (classifier));
  g_assert_cmpint (rn_model_get_n_parameters (classifier), ==, 25636712);
}

static void
test_bad_variants (void)
{
  RnVariant no_classes = { RN_NAMES_KERAS2, TRUE, -1, 0 };
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

static void
test_stride_on_3x3 (void)
{
  RnVariant variant = RN_VARIANT_DEFAULT;
  g_autoptr (RnModel) plain = rn_catalog_build ("resnet50", &variant, NULL);
  g_autoptr (RnModel) model = NULL;
  g_autoptr (GError) error = NULL;
  const RnLayer *first, *second;

  g_test_summary ("With the stride on the 3x3 (v1.5) shapes and parameters stay, the stride moves");

  variant.stride_on_3x3 = TRUE;
  model = rn_catalog_build ("resnet50", &variant, &error);
  g_assert_no_error (error);
  g_assert_cmpint (rn_model_get_n_parameters (model), ==, rn_model_get_n_parameters (plain));
  first = rn_model_find_layer (model, "res4a_branch2a", NULL);
  second = rn_model_find_layer (model, "res4a_branch2b", NULL);
  g_assert_cmpint (first->config.conv.stride[0], ==, 1);
  g_assert_cmpint (first->output_shape.dims[0], ==, 28);
  g_assert_cmpint (second->config.conv.stride[0], ==, 2);
  g_assert_cmpint (second->output_shape.dims[0], ==, 14);
  g_assert_cmpstr (rn_model_get_title (model), ==, "ResNet-50 v1.5");
  g_assert_cmpint (rn_model_get_structure (model)->n_blocks, ==, 16);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/catalog/totals", test_totals);
  g_test_add_func ("/catalog/cifar-nets", test_cifar_nets);
  g_test_add_func ("/catalog/names", test_names);
  g_test_add_func ("/catalog/input-sizes", test_input_sizes);
  g_test_add_func ("/catalog/resnet18-tf", test_resnet18_tf);
  g_test_add_func ("/catalog/rebuilt", test_rebuilt);
  g_test_add_func ("/catalog/bad-variants", test_bad_variants);
  g_test_add_func ("/catalog/stride-on-3x3", test_stride_on_3x3);

  return g_test_run ();
}
