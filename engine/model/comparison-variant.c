/* Which variant of a built-in model is meant, where it is named alone. */
#include "engine/model/comparison.h"

/* The units of a model's last Dense layer; 0 where it has none. */
static int
get_classes (const RnModel *model)
{
  for (int i = rn_model_get_n_layers (model) - 1; i >= 0; i--)
    if (rn_model_get_layer (model, i)->kind == RN_LAYER_DENSE)
      return rn_model_get_layer (model, i)->config.dense.units;

  return 0;
}

/* The variants that are tried; the input is as large as the other's, if the model can take that. */
static RnModel *
build_candidate (const char *id, const RnModel *other, int number, RnVariant *candidate)
{
  const RnShape *input = &rn_model_get_input (other)->output_shape;
  RnModel *model;

  *candidate = RN_VARIANT_DEFAULT;
  candidate->names = number & 1 ? RN_NAMES_KERAS3 : RN_NAMES_KERAS2;
  candidate->top = (number & 2) == 0;
  if (number & 4)
    candidate->classes = get_classes (other);
  if (input->rank == 3 && input->dims[0] == input->dims[1])
    candidate->input_size = input->dims[0];
  model = rn_catalog_build (id, candidate, NULL);
  if (model == NULL)
    {
      candidate->input_size = 0; /* too small or too large for it */
      model = rn_catalog_build (id, candidate, NULL);
    }

  return model;
}

/* The nearest variant of one built-in model that is nearer than @distance; NULL where none is. */
static RnModel *
find_nearer (const char *id, RnModel *other, double *distance, RnVariant *variant)
{
  gboolean has_generations = g_str_equal (id, "resnet50");
  g_autoptr (RnModel) best = NULL;

  for (int i = 0; i < 8; i++)
    {
      RnVariant candidate;
      g_autoptr (RnModel) model = NULL;
      g_autoptr (RnComparison) comparison = NULL;

      if ((i & 1) && !has_generations)
        continue;
      model = build_candidate (id, other, i, &candidate);
      if (model == NULL)
        continue;
      comparison = rn_comparison_new (model, other);
      if (rn_comparison_get_distance (comparison) >= *distance)
        continue;

      *distance = rn_comparison_get_distance (comparison);
      g_clear_pointer (&best, rn_model_unref);
      best = g_steal_pointer (&model);
      if (variant != NULL)
        *variant = candidate;
    }

  return g_steal_pointer (&best);
}

/**
 * rn_comparison_find_variant:
 * @id: a built-in model
 * @other: what it will be compared with
 * @variant: (out) (optional): the variant that was found
 *
 * Returns: (transfer full) (nullable): that variant of the built-in model (generation of names,
 * top, classes, input size) from which @other differs least
 */
RnModel *
rn_comparison_find_variant (const char *id, RnModel *other, RnVariant *variant, GError **error)
{
  double distance = G_MAXDOUBLE;

  if (rn_catalog_find (id, error) == NULL)
    return NULL;

  return find_nearer (id, other, &distance, variant);
}

/**
 * rn_comparison_find_nearest:
 * @other: a model of unknown origin
 * @id: (out): the built-in model from which it differs least
 * @variant: (out) (optional): and which variant of it
 *
 * Compares with every built-in model: some ten milliseconds for a hundred layers.
 *
 * Returns: (transfer full): that model
 */
RnModel *
rn_comparison_find_nearest (RnModel *other, const char **id, RnVariant *variant)
{
  int n;
  const RnCatalogEntry *entries = rn_catalog_list (&n);
  double distance = G_MAXDOUBLE;
  RnModel *best = NULL;

  for (int i = 0; i < n; i++)
    {
      RnModel *model = find_nearer (entries[i].id, other, &distance, variant);

      if (model == NULL)
        continue;
      g_clear_pointer (&best, rn_model_unref);
      best = model;
      *id = entries[i].id;
    }

  return best;
}

/**
 * rn_comparison_name_variant:
 * @id: a built-in model
 * @model: a variant of it
 * @variant: which
 *
 * Returns: (transfer full): what is peculiar to the variant, for people; free with g_free()
 */
char *
rn_comparison_name_variant (const char *id, const RnModel *model, const RnVariant *variant)
{
  int size = rn_model_get_input (model)->output_shape.dims[0], classes = get_classes (model);
  GString *text = g_string_new (NULL);

  if (g_str_equal (id, "resnet50"))
    g_string_append (text, variant->names == RN_NAMES_KERAS3 ? "keras3 names, " : "keras2 names, ");
  if (variant->as_written)
    g_string_append (text, "as its code is written, ");
  if (classes > 0)
    g_string_append_printf (text, "%d classes, ", classes);
  else
    g_string_append (text, "without a classifier, ");
  g_string_append_printf (text, "input %d×%d", size, size);

  return g_string_free (text, FALSE);
}
