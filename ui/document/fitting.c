#include "ui/document/fitting.h"

#include <glib/gi18n.h>

#include "engine/tensor/layer-map.h"
#include "engine/tensor/weights-variant.h"

/* The built-in model that the weights fit, under the file's own names rather than through a map;
 * NULL if there is none. */
static const char *
find_builtin (RnWeights *weights)
{
  const char *mapped = NULL;
  int n_entries;
  const RnCatalogEntry *entries = rn_catalog_list (&n_entries);

  for (int i = 0; i < n_entries; i++)
    {
      RnVariant variant;
      g_autoptr (RnModel) model = NULL;
      g_autoptr (RnBinding) binding = NULL;

      if (rn_weights_get_variant (weights, entries[i].id, &variant, NULL))
        model = rn_catalog_build (entries[i].id, &variant, NULL);
      binding = model != NULL ? rn_binding_new (model, weights, NULL) : NULL;
      if (binding != NULL && rn_binding_is_identity (binding))
        return entries[i].id;
      if (binding != NULL && mapped == NULL)
        mapped = entries[i].id;
    }

  return mapped;
}

static void
append (GString *text, const char *title, const GPtrArray *names)
{
  if (names->len == 0)
    return;

  g_string_append_printf (text, "%s%s (%u)\n", text->len > 0 ? "\n" : "", title, names->len);
  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (text, "    %s\n", (const char *) g_ptr_array_index (names, i));
}

/* All that does not fit, seen the way that fits best. */
static char *
describe_misfit (const RnModel *model, RnWeights *weights)
{
  g_autoptr (RnLayerMap) best = NULL;
  GString *text;

  for (int kind = 0; kind < RN_N_LAYER_MAPS; kind++)
    {
      g_autoptr (RnLayerMap) map = rn_layer_map_new (model, weights, kind, NULL);

      if (map == NULL
          || (best != NULL && rn_layer_map_get_n_faults (map) >= rn_layer_map_get_n_faults (best)))
        continue;
      g_clear_pointer (&best, rn_layer_map_free);
      best = g_steal_pointer (&map);
    }
  if (best == NULL || rn_layer_map_get_n_faults (best) == 0)
    return NULL;

  text = g_string_new (NULL);
  append (text, _ ("Missing"), best->missing);
  append (text, _ ("Not in the model"), best->extra);
  append (text, _ ("Of another shape"), best->misshapen);

  return g_string_free (text, FALSE);
}

/* The model that weights were meant for: that of the file, or the built-in one. */
static RnModel *
get_model (const char *id, RnModel *model, RnWeights *weights)
{
  RnVariant variant;

  if (model != NULL)
    return rn_model_ref (model);
  if (!rn_weights_get_variant (weights, id, &variant, NULL))
    return NULL;

  return rn_catalog_build (id, &variant, NULL);
}

/**
 * rn_network_new_fitting:
 * @id: a built-in model, or what to know @model by
 * @model: (nullable): a model from a file
 * @weights: (nullable): weights; %NULL for random ones
 * @misfit: (out) (nullable): where they fit nothing, all names that are missing, too much or of
 *   another shape, in lines
 *
 * Returns: (transfer full) (nullable): the network of that model if the weights fit it, else of the
 *   built-in model that they fit; %NULL where there is none, with an error on the model asked for
 */
RnNetwork *
rn_network_new_fitting (const char *id,
                        RnModel *model,
                        RnWeights *weights,
                        char **misfit,
                        GError **error)
{
  g_autoptr (GError) local = NULL;
  RnNetwork *network = model != NULL ? rn_network_new_opened (id, model, weights, &local)
                                     : rn_network_new (id, weights, &local);
  const char *other = network == NULL && weights != NULL ? find_builtin (weights) : NULL;
  g_autoptr (RnModel) meant = NULL;

  if (other != NULL)
    network = rn_network_new (other, weights, NULL);
  if (network != NULL)
    return network;

  meant = weights != NULL ? get_model (id, model, weights) : NULL;
  if (meant != NULL)
    *misfit = describe_misfit (meant, weights);
  g_propagate_error (error, g_steal_pointer (&local));

  return NULL;
}
