/* Networks are made: of built-in models and their variants, of models from files. */
#include "ui/document/network-private.h"

#include "engine/tensor/weights-variant.h"

/* The seed of the weights of a model that has none, so that all see the same. */
#define RANDOM_SEED 1

/* Of files that do not say: what most tutorials do. */
#define DEFAULT_PREPROCESS "unit"

static gboolean
choose_preprocess (RnNetwork *self, GError **error)
{
  const RnWeightsInfo *info = rn_network_get_weights (self);
  const char *usual = self->entry != NULL ? self->entry->preprocess : DEFAULT_PREPROCESS;

  return rn_preprocess_from_name (info->preprocess != NULL ? info->preprocess : usual,
                                  &self->preprocess, error);
}

static RnNetwork *
new_network (const char *id, RnWeights *source)
{
  RnNetwork *self = g_new0 (RnNetwork, 1);

  g_mutex_init (&self->lock);
  g_mutex_init (&self->range_lock);
  self->ref_count = 1;
  self->edits = g_new0 (char *, 1);
  self->id = g_strdup (id);
  self->source = source != NULL ? rn_weights_ref (source) : NULL;

  return self;
}

/* Binds model and weights; random ones where there are none. */
static gboolean
make_runnable (RnNetwork *self, GError **error)
{
  if (self->weights == NULL)
    self->weights = rn_weights_new_random (self->model, RANDOM_SEED, error);
  if (self->weights == NULL)
    return FALSE;
  self->binding = rn_binding_new (self->model, self->weights, error);
  if (self->binding == NULL || !choose_preprocess (self, error))
    return FALSE;
  self->session = rn_session_new (self->binding, NULL, error);

  return self->session != NULL;
}

/* What is wanted of the variant that the weights are for. Returns: whether they are of use to it. */
static gboolean
adapt_variant (RnVariant *variant, const RnVariant *wanted, gboolean has_weights)
{
  RnVariant own = *variant;

  variant->names = wanted->names;
  variant->top = wanted->top;
  variant->input_size = wanted->input_size;
  if (!wanted->top)
    return has_weights;
  if (wanted->classes > 0)
    variant->classes = wanted->classes;

  return has_weights && own.top && (wanted->classes == 0 || wanted->classes == own.classes);
}

static gboolean
build_variant (RnNetwork *self, const RnVariant *wanted, GError **error)
{
  gboolean fit = self->source != NULL;

  self->variant = RN_VARIANT_DEFAULT;
  if (fit && !rn_weights_get_variant (self->source, self->id, &self->variant, error))
    return FALSE;
  if (wanted != NULL)
    fit = adapt_variant (&self->variant, wanted, fit);
  self->model = rn_catalog_build (self->id, &self->variant, error);
  self->weights = fit ? rn_weights_ref (self->source) : NULL;

  return self->model != NULL;
}

/**
 * rn_network_new:
 * @id: a built-in model
 * @weights: (nullable): its weights, which say its variant too; %NULL for random ones
 *
 * Returns: (transfer full) (nullable): the network, or %NULL where the weights do not fit
 */
RnNetwork *
rn_network_new (const char *id, RnWeights *weights, GError **error)
{
  return rn_network_new_variant (id, weights, NULL, error);
}

/**
 * rn_network_new_variant:
 * @variant: (nullable): names, classifier, classes and input size; where @weights cannot be used
 *   for it, as for another number of classes, they are random
 */
RnNetwork *
rn_network_new_variant (const char *id, RnWeights *weights, const RnVariant *variant, GError **error)
{
  g_autoptr (RnNetwork) self = new_network (id, weights);

  self->entry = rn_catalog_find (id, error);
  if (self->entry == NULL || !build_variant (self, variant, error) || !make_runnable (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * rn_network_new_opened:
 * @id: what to know it by, no built-in model's
 * @model: as a file gave it
 * @weights: (nullable): its weights; %NULL for random ones
 *
 * A model with a layer that is not supported becomes a network that is shown but not run;
 * rn_network_get_trouble() says why.
 *
 * Returns: (transfer full) (nullable): the network, or %NULL where the weights do not fit
 */
RnNetwork *
rn_network_new_opened (const char *id, RnModel *model, RnWeights *weights, GError **error)
{
  g_autoptr (RnNetwork) self = new_network (id, weights);
  g_autoptr (GError) trouble = NULL;

  self->variant = RN_VARIANT_DEFAULT;
  self->model = rn_model_ref (model);
  if (!rn_model_check_runnable (model, &trouble))
    {
      self->trouble = g_strdup (trouble->message);
      self->weights = weights != NULL ? rn_weights_ref (weights) : rn_weights_new ();
      return g_steal_pointer (&self);
    }
  self->weights = weights != NULL ? rn_weights_ref (weights) : NULL;
  if (!make_runnable (self, error))
    return NULL;

  return g_steal_pointer (&self);
}
