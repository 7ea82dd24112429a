#include "engine/training/parameters.h"

#include <string.h>

#include "engine/tensor/memory.h"

/* Each weight begins a line of the cache of its own. */
static gint64
round_up (gint64 n)
{
  return (n + RN_PARAMETERS_ALIGNMENT - 1) / RN_PARAMETERS_ALIGNMENT * RN_PARAMETERS_ALIGNMENT;
}

static gboolean
copy_weights (RnParameters *self, RnBinding *binding, GError **error)
{
  for (int l = 0; l < rn_model_get_n_layers (self->model); l++)
    {
      const RnLayer *layer = rn_model_get_layer (self->model, l);

      for (int i = 0; i < layer->n_weights; i++)
        {
          g_autoptr (RnTensor) tensor =
              rn_tensor_to_f32 (rn_binding_get_tensor (binding, l, i), error);

          if (tensor == NULL)
            return FALSE;
          memcpy (self->values + self->offsets[l][i], rn_tensor_f32 (tensor),
                  rn_tensor_get_n_bytes (tensor));
        }
    }

  return TRUE;
}

/**
 * rn_parameters_new:
 * @binding: the model and the weights to start from; copied
 * @error: set where there is no memory
 *
 * Returns: (transfer full) (nullable): the weights, gradient zero
 */
RnParameters *
rn_parameters_new (RnBinding *binding, GError **error)
{
  g_autoptr (RnParameters) self = g_new0 (RnParameters, 1);
  int n_layers;

  self->model = rn_model_ref (rn_binding_get_model (binding));
  n_layers = rn_model_get_n_layers (self->model);
  self->offsets = g_malloc_n (n_layers, sizeof *self->offsets);
  for (int l = 0; l < n_layers; l++)
    {
      const RnLayer *layer = rn_model_get_layer (self->model, l);

      for (int i = 0; i < RN_LAYER_MAX_WEIGHTS; i++)
        {
          self->offsets[l][i] = i < layer->n_weights ? self->n : -1;
          if (i < layer->n_weights)
            self->n += round_up (rn_weight_spec_get_n_elements (&layer->weights[i]));
        }
    }
  self->values = rn_memory_alloc0 (MAX (self->n, 1) * sizeof (float), error);
  self->gradient = self->values != NULL
                       ? rn_memory_alloc0 (MAX (self->n, 1) * sizeof (float), error)
                       : NULL;
  if (self->gradient == NULL || !copy_weights (self, binding, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
rn_parameters_free (RnParameters *self)
{
  if (self == NULL)
    return;

  rn_memory_free (self->values);
  rn_memory_free (self->gradient);
  g_free (self->offsets);
  rn_model_unref (self->model);
  g_free (self);
}

/**
 * rn_parameters_find:
 * @weight: Keras' name of one of the layer's weights
 *
 * Returns: where it begins in the values, or -1 where the layer has none of this name
 */
gint64
rn_parameters_find (const RnParameters *self, int layer, const char *weight)
{
  const RnLayer *l = rn_model_get_layer (self->model, layer);

  for (int i = 0; i < l->n_weights; i++)
    if (g_str_equal (l->weights[i].name, weight))
      return self->offsets[layer][i];

  return -1;
}

/**
 * rn_parameters_to_weights:
 * @info: what to say of them
 * @error: set where there is no memory
 *
 * Returns: (transfer full) (nullable): a copy under the model's own names, to be bound and saved
 */
RnWeights *
rn_parameters_to_weights (const RnParameters *self, const RnWeightsInfo *info, GError **error)
{
  g_autoptr (RnWeights) weights = rn_weights_new ();

  rn_weights_info_copy (info, rn_weights_get_info (weights));
  for (int l = 0; l < rn_model_get_n_layers (self->model); l++)
    {
      const RnLayer *layer = rn_model_get_layer (self->model, l);

      for (int i = 0; i < layer->n_weights; i++)
        {
          const RnWeightSpec *spec = &layer->weights[i];
          gint64 dims[RN_TENSOR_MAX_RANK] = { 0 };
          g_autoptr (RnTensor) tensor = NULL;

          for (int d = 0; d < spec->rank; d++)
            dims[d] = spec->dims[d];
          tensor = rn_tensor_new (spec->rank, dims, error);
          if (tensor == NULL)
            return NULL;
          memcpy (rn_tensor_f32 (tensor), self->values + self->offsets[l][i],
                  rn_tensor_get_n_bytes (tensor));
          if (!rn_weights_add (weights, layer->name, spec->name, tensor, error))
            return NULL;
        }
    }

  return g_steal_pointer (&weights);
}
