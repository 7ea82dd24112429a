#include "engine/model/catalog.h"

#include "engine/model/cifar-net.h"
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
  { rn_cifar_paper_build, 20 },        { rn_cifar_paper_build, 56 },
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

/* An entry for a network of the paper's that is not listed, of another depth or changed; made once
 * and kept, as the listed ones are. There are a few hundred of them. */
static const RnCatalogEntry *
find_cifar_net (const char *id)
{
  static GMutex mutex;
  static GHashTable *made;
  RnCatalogEntry *entry;
  RnCifarNet net;

  if (!rn_cifar_net_parse (id, &net))
    return NULL;

  g_mutex_lock (&mutex);
  if (made == NULL)
    made = g_hash_table_new (g_str_hash, g_str_equal);
  entry = g_hash_table_lookup (made, id);
  if (entry == NULL)
    {
      g_autofree char *title = rn_cifar_net_get_title (&net);
      g_autofree char *description = rn_cifar_net_describe (&net);

      entry = g_new (RnCatalogEntry, 1);
      *entry = (RnCatalogEntry) { g_intern_string (id),    g_intern_string (title), CIFAR, "unit",
                                  g_intern_string (description) };
      g_hash_table_insert (made, (gpointer) entry->id, entry);
    }
  g_mutex_unlock (&mutex);

  return entry;
}

/* How an entry is built, and of what depth. */
static BuildFunc
get_build (const RnCatalogEntry *entry, int *depth)
{
  RnCifarNet net;

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    if (entry == &entries[i])
      {
        *depth = builds[i].depth;
        return builds[i].build;
      }
  rn_cifar_net_parse (entry->id, &net);
  *depth = net.depth;

  return rn_cifar_paper_build;
}

/**
 * rn_catalog_find:
 * @id: e.g. "resnet50"; also the name of an unlisted network of the paper's, see RnCifarNet
 *
 * Returns: (transfer none) (nullable): the entry, or %NULL with %RN_MODEL_ERROR_UNKNOWN
 */
const RnCatalogEntry *
rn_catalog_find (const char *id, GError **error)
{
  g_autoptr (GString) ids = g_string_new (NULL);
  const RnCatalogEntry *entry;

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      if (g_str_equal (entries[i].id, id))
        return &entries[i];
      g_string_append_printf (ids, "%s%s", i > 0 ? ", " : "", entries[i].id);
    }
  entry = find_cifar_net (id);
  if (entry == NULL)
    g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_UNKNOWN,
                 "no model “%s”; the built-in ones are %s, and resnetN-paper and plainN of any depth "
                 "N = 6n + 2 from %d to %d",
                 id, ids->str, RN_CIFAR_MIN_DEPTH, RN_CIFAR_MAX_DEPTH);

  return entry;
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
  BuildFunc build;
  RnRecipe recipe;
  int depth;

  if (entry == NULL)
    return NULL;

  build = get_build (entry, &depth);
  recipe = (RnRecipe) {
    .id = entry->id,
    .title = entry->title,
    .depth = depth,
    .names = variant->names,
    .top = variant->top,
    .classes = variant->classes != 0 ? variant->classes : entry->classes,
    .input_size = variant->input_size != 0 ? variant->input_size : entry->input_size,
    .stride_on_3x3 = variant->stride_on_3x3,
    .as_written = variant->as_written,
  };
  if (!check_variant (entry, variant, recipe.input_size, error))
    return NULL;

  return build (&recipe, error);
}
