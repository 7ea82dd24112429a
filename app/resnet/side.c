#include "app/resnet/side.h"

#include "engine/model/comparison.h"

void
rn_side_clear (RnSide *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->model, rn_model_unref);
  g_clear_pointer (&self->variant, g_free);
  g_clear_pointer (&self->binding, rn_binding_unref);
}

/**
 * rn_side_load:
 * @name: a built-in model, a file, or %RN_SIDE_NEAREST, which rn_side_adapt() decides
 * @weights: (nullable): a file, or "none" to leave those of the model's file alone
 * @as_written: the tutorial's code with its mistakes
 *
 * Returns: whether the model could be had, and the weights fit it
 */
gboolean
rn_side_load (
    RnSide *self, const char *name, const char *weights, gboolean as_written, GError **error)
{
  g_auto (RnModelOptions) options = { 0 };
  g_autoptr (RnWeights) own = NULL;

  self->name = g_strdup (name);
  if (g_str_equal (name, RN_SIDE_NEAREST))
    return TRUE;
  options.model = g_strdup (name);
  options.weights = g_strdup (weights);
  options.as_written = as_written;
  self->model = rn_model_options_load_parts (&options, &own, error);
  if (self->model == NULL)
    return FALSE;
  if (as_written)
    self->variant = g_strdup ("as its code is written");
  if (own == NULL || !rn_model_check_runnable (self->model, NULL))
    return TRUE;
  self->binding = rn_binding_new (self->model, own, error);

  return self->binding != NULL;
}

/**
 * rn_side_adapt:
 * @other: the other side, loaded
 *
 * Takes the variant of a built-in model that was named alone that comes nearest to @other; of
 * %RN_SIDE_NEAREST the nearest built-in model.
 */
gboolean
rn_side_adapt (RnSide *self, const RnSide *other, GError **error)
{
  RnVariant variant;
  RnModel *model;

  if (g_str_equal (self->name, RN_SIDE_NEAREST))
    {
      const char *id;

      self->model = rn_comparison_find_nearest (other->model, &id, &variant);
      g_free (self->name);
      self->name = g_strdup (id);
      self->variant = rn_comparison_name_variant (id, self->model, &variant);
      return TRUE;
    }
  if (self->binding != NULL || self->variant != NULL || rn_catalog_find (self->name, NULL) == NULL)
    return TRUE;

  model = rn_comparison_find_variant (self->name, other->model, &variant, error);
  if (model == NULL)
    return FALSE;
  rn_model_unref (self->model);
  self->model = model;
  self->variant = rn_comparison_name_variant (self->name, model, &variant);

  return TRUE;
}

static const char *
get_own (const RnSide *self)
{
  const RnCatalogEntry *entry = rn_catalog_find (self->name, NULL);
  const char *own = rn_weights_get_info (rn_binding_get_weights (self->binding))->preprocess;

  return own != NULL || entry == NULL ? own : entry->preprocess;
}

/**
 * rn_side_get_preprocess:
 * @other: the other side, likewise with weights
 * @asked: (nullable): what the command line says
 *
 * Returns: how pixels become input: as asked, else as the weights say, else as those of the other
 * side say, so that the networks are compared and not the rule; else values from 0 to 1
 */
RnPreprocess
rn_side_get_preprocess (const RnSide *self, const RnSide *other, const char *asked)
{
  const char *names[] = { asked, get_own (self), get_own (other) };
  RnPreprocess preprocess;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i] != NULL && rn_preprocess_from_name (names[i], &preprocess, NULL))
      return preprocess;

  return RN_PREPROCESS_UNIT;
}
