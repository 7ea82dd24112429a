#include "engine/model/catalog.h"

#include "engine/model/resnet.h"

/* Larger pictures than this would need more memory than a desktop has. */
#define MAX_INPUT_SIZE 4096

typedef RnModel *(*BuildFunc) (const RnRecipe *recipe, GError **error);

#define IMAGENET 224, 32, 1000
#define CIFAR 32, 1, 10
/* Its pooling of 8x8 wants maps of 8 pixels behind two strides. */
#define CIFAR_KERAS 32, 29, 10

static const RnCatalogEntry entries[] = {
  { "resnet50", "ResNet-50", IMAGENET, "caffe",
    "Keras' ResNet-50: 16 bottleneck blocks (He et al. 2015)" },
  { "resnet18", "ResNet-18", IMAGENET, "torch",
    "ImageNet ResNet-18: 8 basic blocks (He et al. 2015)" },
  { "resnet34", "ResNet-34", IMAGENET, "torch",
    "ImageNet ResNet-34: 16 basic blocks (He et al. 2015)" },
  { "resnet101", "ResNet-101", IMAGENET, "caffe",
    "Keras' ResNet-101: 33 bottleneck blocks (He et al. 2015)" },
  { "resnet152", "ResNet-152", IMAGENET, "caffe",
    "Keras' ResNet-152: 50 bottleneck blocks (He et al. 2015)" },
  { "resnet50-rebuilt", "ResNet-50, rebuilt", 224, 32, 0, "caffe",
    "The tutorial's reproduction: part_1, part_2, part_3 and their extra ReLU; no classifier" },
  { "resnet18-tf", "ResNet-18, TensorFlow", 32, 3, 100, "unit",
    "The tutorial's TensorFlow ResNet-18 as it was meant (--as-written: its three mistakes)" },
  { "resnet20", "ResNet-20 v1", CIFAR_KERAS, "unit", "Keras' cifar10_resnet.py, v1: 9 basic blocks" },
  { "resnet32", "ResNet-32 v1", CIFAR_KERAS, "unit",
    "Keras' cifar10_resnet.py, v1: 15 basic blocks" },
  { "resnet44", "ResNet-44 v1", CIFAR_KERAS, "unit",
    "Keras' cifar10_resnet.py, v1: 21 basic blocks" },
  { "resnet56", "ResNet-56 v1", CIFAR_KERAS, "unit",
    "Keras' cifar10_resnet.py, v1: 27 basic blocks" },
  { "resnet110", "ResNet-110 v1", CIFAR_KERAS, "unit",
    "Keras' cifar10_resnet.py, v1: 54 basic blocks" },
  { "resnet20v2", "ResNet-20 v2", CIFAR_KERAS, "unit",
    "Keras' cifar10_resnet.py, v2: 6 pre-activation bottlenecks (He et al. 2016)" },
  { "resnet29v2", "ResNet-29 v2", CIFAR_KERAS, "unit",
    "Keras' cifar10_resnet.py, v2: 9 pre-activation bottlenecks (He et al. 2016)" },
  { "resnet56v2", "ResNet-56 v2", CIFAR_KERAS, "unit",
    "Keras' cifar10_resnet.py, v2: 18 pre-activation bottlenecks (He et al. 2016)" },
  { "resnet110v2", "ResNet-110 v2", CIFAR_KERAS, "unit",
    "Keras' cifar10_resnet.py, v2: 36 pre-activation bottlenecks (He et al. 2016)" },
  { "resnet20-paper", "ResNet-20, paper", CIFAR, "unit",
    "The paper's CIFAR net, zero-padded shortcuts: 9 basic blocks (He et al. 2015, sec. 4.2)" },
  { "resnet56-paper", "ResNet-56, paper", CIFAR, "unit",
    "The paper's CIFAR net, zero-padded shortcuts: 27 basic blocks (He et al. 2015, sec. 4.2)" },
  { "plain20", "Plain-20", CIFAR, "unit",
    "The paper's CIFAR net of 20 layers without shortcuts (He et al. 2015, sec. 4.2)" },
  { "plain56", "Plain-56", CIFAR, "unit",
    "The paper's CIFAR net of 56 layers without shortcuts (He et al. 2015, sec. 4.2)" },
};

/* How each is built, in the order of the entries. */
static const struct
{
  BuildFunc build;
  int depth;
} builds[] = {
  { rn_bottleneck_build, 50 },         { rn_basic_build, 18 },
  { rn_basic_build, 34 },              { rn_bottleneck_build, 101 },
  { rn_bottleneck_build, 152 },        { rn_resnet50_rebuilt_build, 50 },
  { rn_resnet18_tf_build, 18 },        { rn_cifar10_resnet_v1_build, 20 },
  { rn_cifar10_resnet_v1_build, 32 },  { rn_cifar10_resnet_v1_build, 44 },
  { rn_cifar10_resnet_v1_build, 56 },  { rn_cifar10_resnet_v1_build, 110 },
  { rn_cifar10_resnet_v2_build, 20 },  { rn_cifar10_resnet_v2_build, 29 },
  { rn_cifar10_resnet_v2_build, 56 },  { rn_cifar10_resnet_v2_build, 110 },
  { rn_cifar_paper_build, 20 },        { rn_cifar_paper_build, 56 },
  { rn_cifar_plain_build, 20 },        { rn_cifar_plain_build, 56 },
};

G_STATIC_ASSERT (G_N_ELEMENTS (entries) == G_N_ELEMENTS (builds));

/**
 * rn_catalog_list:
 * @n_entries: (out): how many there are
 *
 * Returns: (transfer none): the built-in models
 */
const RnCatalogEntry *
rn_catalog_list (int *n_entries)
{
  *n_entries = G_N_ELEMENTS (entries);

  return entries;
}

/**
 * rn_catalog_find:
 * @id: e.g. "resnet50"
 *
 * Returns: (transfer none) (nullable): the entry, or %NULL with %RN_MODEL_ERROR_UNKNOWN
 */
const RnCatalogEntry *
rn_catalog_find (const char *id, GError **error)
{
  g_autoptr (GString) ids = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      if (g_str_equal (entries[i].id, id))
        return &entries[i];
      g_string_append_printf (ids, "%s%s", i > 0 ? ", " : "", entries[i].id);
    }
  g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_UNKNOWN,
               "no model “%s”; the built-in ones are %s", id, ids->str);

  return NULL;
}

static gboolean
check_variant (const RnCatalogEntry *entry, const RnVariant *variant, int size, GError **error)
{
  if (size < entry->min_input_size || size > MAX_INPUT_SIZE)
    {
      g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONFIG,
                   "%s cannot take an input of %d pixels; from %d to %d would be right", entry->id,
                   size, entry->min_input_size, MAX_INPUT_SIZE);
      return FALSE;
    }
  if (variant->classes < 0 || variant->classes > RN_MAX_DIMENSION)
    {
      g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONFIG,
                   "%s cannot have %d classes; from 1 to %d would be right", entry->id,
                   variant->classes, RN_MAX_DIMENSION);
      return FALSE;
    }
  if (variant->as_written && !g_str_equal (entry->id, "resnet18-tf"))
    {
      g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONFIG,
                   "%s is built as it is written; only resnet18-tf has mistakes to keep", entry->id);
      return FALSE;
    }

  return TRUE;
}

/**
 * rn_catalog_build:
 * @id: a built-in model
 * @variant: which of its variants; what a model has no choice of (the generation of names, but for
 *   resnet50) is passed over
 *
 * Returns: (transfer full) (nullable): the model, or %NULL with %RN_MODEL_ERROR
 */
RnModel *
rn_catalog_build (const char *id, const RnVariant *variant, GError **error)
{
  const RnCatalogEntry *entry = rn_catalog_find (id, error);
  RnRecipe recipe;

  if (entry == NULL)
    return NULL;

  recipe = (RnRecipe) {
    .id = entry->id,
    .title = entry->title,
    .depth = builds[entry - entries].depth,
    .names = variant->names,
    .top = variant->top,
    .classes = variant->classes != 0 ? variant->classes : entry->classes,
    .input_size = variant->input_size != 0 ? variant->input_size : entry->input_size,
    .stride_on_3x3 = variant->stride_on_3x3,
    .as_written = variant->as_written,
  };
  if (!check_variant (entry, variant, recipe.input_size, error))
    return NULL;

  return builds[entry - entries].build (&recipe, error);
}
