#include "engine/model/catalog.h"

#include "engine/model/resnet.h"

/* Larger pictures than this would need more memory than a desktop has. */
#define MAX_INPUT_SIZE 4096

typedef RnModel *(*BuildFunc) (const RnVariant *variant, int input_size, GError **error);

static const RnCatalogEntry entries[] = {
  { "resnet50", "ResNet-50", 224, 32, "caffe",
    "Keras' ResNet-50: 16 bottleneck blocks (He et al. 2015)" },
  { "resnet18", "ResNet-18", 224, 32, "torch",
    "ImageNet ResNet-18: 8 basic blocks (He et al. 2015)" },
};

static const BuildFunc builders[] = { rn_resnet50_build, rn_resnet18_build };

G_STATIC_ASSERT (G_N_ELEMENTS (entries) == G_N_ELEMENTS (builders));

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

/**
 * rn_catalog_build:
 * @id: a built-in model
 * @variant: which of its variants
 *
 * Returns: (transfer full) (nullable): the model, or %NULL with %RN_MODEL_ERROR
 */
RnModel *
rn_catalog_build (const char *id, const RnVariant *variant, GError **error)
{
  const RnCatalogEntry *entry = rn_catalog_find (id, error);
  int size;

  if (entry == NULL)
    return NULL;

  size = variant->input_size != 0 ? variant->input_size : entry->input_size;
  if (size < entry->min_input_size || size > MAX_INPUT_SIZE)
    {
      g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONFIG,
                   "%s cannot take an input of %d pixels; from %d to %d would be right", id, size,
                   entry->min_input_size, MAX_INPUT_SIZE);
      return NULL;
    }
  if (variant->classes < 1 || variant->classes > RN_MAX_DIMENSION)
    {
      g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_CONFIG,
                   "%s cannot have %d classes; from 1 to %d would be right", id, variant->classes,
                   RN_MAX_DIMENSION);
      return NULL;
    }

  return builders[entry - entries](variant, size, error);
}
