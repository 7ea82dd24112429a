#include "app/resnet/weights-fit.h"

#include <stdio.h>

#include "engine/model/catalog.h"
#include "engine/tensor/layer-map.h"

/* Names of either generation, with the classifier and without. */
#define N_VARIANTS 4

static RnModel *
build_variant (const char *id, const RnWeightsInfo *info, int v)
{
  RnVariant variant = RN_VARIANT_DEFAULT;

  variant.names = v & 1 ? RN_NAMES_KERAS3 : RN_NAMES_KERAS2;
  variant.top = !(v & 2);
  variant.stride_on_3x3 = info->stride_on_3x3;
  if (info->n_classes > 0)
    variant.classes = info->n_classes;

  return rn_catalog_build (id, &variant, NULL);
}

/* The variant of a model that the weights fit: with a classifier rather than without, under the
 * file's own names rather than through a map. */
static RnBinding *
find_binding (const char *id, RnWeights *weights)
{
  RnBinding *mapped = NULL;

  for (int v = 0; v < N_VARIANTS; v++)
    {
      g_autoptr (RnModel) model = build_variant (id, rn_weights_get_info (weights), v);
      g_autoptr (RnBinding) binding =
          model != NULL ? rn_binding_new (model, weights, NULL) : NULL;

      if (binding != NULL && rn_binding_is_identity (binding) &&
          (mapped == NULL || rn_model_has_top (model)))
        {
          g_clear_pointer (&mapped, rn_binding_unref);
          return g_steal_pointer (&binding);
        }
      if (binding != NULL && mapped == NULL)
        mapped = g_steal_pointer (&binding);
    }

  return mapped;
}

static void
print_fit (const char *id, RnBinding *binding)
{
  RnModel *model = rn_binding_get_model (binding);
  const RnWeightsInfo *info = rn_weights_get_info (rn_binding_get_weights (binding));

  printf ("fits        %s%s%s%s\n", id,
          info->stride_on_3x3 ? " with the stride on the 3x3 (v1.5)" : "",
          rn_model_has_top (model) ? "" : " without the classifier",
          rn_binding_is_identity (binding) ? "" : ", under other names");
}

/* Which layer of the file feeds which of the model. */
static void
print_map (RnBinding *binding)
{
  RnModel *model = rn_binding_get_model (binding);

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    {
      const char *source = rn_binding_get_source (binding, i);

      if (source != NULL)
        printf ("map         %s <- %s\n", rn_model_get_layer (model, i)->name, source);
    }
}

/* Classifiers that are none of the model's: they are passed over, and that is said. */
static void
print_unused (RnBinding *binding)
{
  RnWeights *weights = rn_binding_get_weights (binding);

  for (int i = 0; i < rn_binding_get_n_unused (binding); i++)
    {
      const char *name = rn_binding_get_unused (binding, i);
      RnTensor *kernel = rn_weights_find (weights, name, "kernel");
      g_autofree char *dims = kernel != NULL ? rn_tensor_dims_to_string (kernel) : g_strdup ("");

      printf ("unused      %s %s\n", name, dims);
    }
}

static void
print_faults (const char *what, const GPtrArray *faults)
{
  for (guint i = 0; i < faults->len; i++)
    printf ("%-11s %s\n", what, (const char *) faults->pdata[i]);
}

/* Whether more of the file is the model's than not. */
static gboolean
is_near (const RnLayerMap *map)
{
  int n_fed = 0;

  for (int i = 0; i < map->n_layers; i++)
    n_fed += map->source[i] >= 0;

  return rn_layer_map_get_n_faults (map) < (guint) n_fed;
}

/* What stands between the weights and the model that they come closest to. */
static void
print_nearest (RnWeights *weights)
{
  g_autoptr (RnLayerMap) nearest = NULL;
  const char *id = NULL;
  int n_entries;
  const RnCatalogEntry *entries = rn_catalog_list (&n_entries);

  for (int i = 0; i < n_entries * N_VARIANTS * RN_N_LAYER_MAPS; i++)
    {
      const RnCatalogEntry *entry = &entries[i / N_VARIANTS / RN_N_LAYER_MAPS];
      int v = i / RN_N_LAYER_MAPS % N_VARIANTS;
      g_autoptr (RnModel) model = build_variant (entry->id, rn_weights_get_info (weights), v);
      g_autoptr (RnLayerMap) map =
          model != NULL ? rn_layer_map_new (model, weights, i % RN_N_LAYER_MAPS, NULL) : NULL;

      if (map == NULL || (nearest != NULL && rn_layer_map_get_n_faults (map) >=
                                                 rn_layer_map_get_n_faults (nearest)))
        continue;
      g_clear_pointer (&nearest, rn_layer_map_free);
      nearest = g_steal_pointer (&map);
      id = entry->id;
    }

  printf ("fits        no built-in model\n");
  if (nearest == NULL || !is_near (nearest))
    return;
  printf ("nearest     %s\n", id);
  print_faults ("missing", nearest->missing);
  print_faults ("extra", nearest->extra);
  print_faults ("misshapen", nearest->misshapen);
}

/**
 * rn_print_fits:
 *
 * Names on stdout the built-in models that the weights fit; where the first of them takes the
 * weights under other names than the file's, which layer of the file feeds which of the model, and
 * which it has no use for; where there is none, what is missing, extra and of another shape for the nearest.
 */
void
rn_print_fits (RnWeights *weights)
{
  g_autoptr (RnBinding) first = NULL;
  int n_entries;
  const RnCatalogEntry *entries = rn_catalog_list (&n_entries);

  for (int i = 0; i < n_entries; i++)
    {
      g_autoptr (RnBinding) binding = find_binding (entries[i].id, weights);

      if (binding == NULL)
        continue;
      print_fit (entries[i].id, binding);
      if (first == NULL)
        first = g_steal_pointer (&binding);
    }

  if (first == NULL)
    {
      print_nearest (weights);
      return;
    }
  print_unused (first);
  if (!rn_binding_is_identity (first))
    print_map (first);
}
