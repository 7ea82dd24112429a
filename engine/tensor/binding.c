#include "engine/tensor/weights.h"

#include "engine/tensor/layer-map.h"

/* So many names are listed of each fault; the rest is counted. */
#define N_LISTED 4

struct _RnBinding
{
  gint ref_count;
  RnModel *model;
  RnWeights *weights;
  RnLayerMap *map;
};

static void
append_faults (GString *text, const GPtrArray *faults, const char *what)
{
  if (faults->len == 0)
    return;

  g_string_append_printf (text, "%s%u %s (", text->len > 0 ? "; " : "", faults->len, what);
  for (guint i = 0; i < MIN (faults->len, N_LISTED); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", (char *) faults->pdata[i]);
  if (faults->len > N_LISTED)
    g_string_append_printf (text, ", … %u more", faults->len - N_LISTED);
  g_string_append_c (text, ')');
}

static void
set_mismatch (const RnModel *model, RnWeights *weights, const RnLayerMap *map, GError **error)
{
  const char *name = rn_weights_get_info (weights)->name;
  GString *text = g_string_new (NULL);

  append_faults (text, map->missing, "missing");
  append_faults (text, map->extra, "not in the model");
  append_faults (text, map->misshapen, "of another shape");
  g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_MISMATCH,
               "%s: these weights do not fit %s: %s", name != NULL ? name : "weights",
               rn_model_get_name (model), text->str);
  g_string_free (text, TRUE);
}

/* Whether a bottleneck of the model has its stride on the first 1x1 convolution. */
static gboolean
has_stride_on_1x1 (const RnModel *model)
{
  const RnStructure *structure = rn_model_get_structure (model);

  for (int i = 0; i < structure->n_blocks; i++)
    for (int k = 0; k < structure->blocks[i].n_branch; k++)
      {
        const RnLayer *layer = rn_model_get_layer (model, structure->blocks[i].branch[k]);

        if (layer->kind == RN_LAYER_CONV && layer->config.conv.kernel[0] == 1 &&
            layer->config.conv.stride[0] > 1)
          return TRUE;
      }

  return FALSE;
}

/* Shapes do not tell where the strides are: what is known of the weights must. */
static gboolean
check_strides (const RnModel *model, RnWeights *weights, GError **error)
{
  const RnWeightsInfo *info = rn_weights_get_info (weights);

  if (!info->stride_on_3x3 || !has_stride_on_1x1 (model))
    return TRUE;

  g_set_error (
      error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_MISMATCH,
      "%s: these weights are for strides on the 3x3 convolutions (ResNet v1.5), %s has them "
      "on the 1x1: take the model's v1.5",
      info->name != NULL ? info->name : "weights", rn_model_get_name (model));
  return FALSE;
}

/**
 * rn_binding_new:
 * @model: (transfer none): a network
 * @weights: (transfer none): weights
 * @error: set to %RN_WEIGHTS_ERROR_MISMATCH where they do not fit, with a line that says what is
 *   missing, too much, or of another shape; to %RN_MODEL_ERROR_UNSUPPORTED where the model has a
 *   layer that nothing here computes
 *
 * Layers are found by name; where that fails by their place in the residual structure (Keras 2's,
 * Keras 3's and torchvision's names stand for each other), then by their order. Whichever it is,
 * every weight must be there and have its shape, and nothing may be left over, with two exceptions:
 * a model without a top passes over a classifier, and a file in which no convolution has a bias
 * stands for biases of zero.
 *
 * Returns: (transfer full) (nullable): the binding
 */
RnBinding *
rn_binding_new (RnModel *model, RnWeights *weights, GError **error)
{
  g_autoptr (RnLayerMap) best = NULL;
  RnBinding *self;

  g_return_val_if_fail (model != NULL && weights != NULL, NULL);

  if (!rn_model_check_runnable (model, error))
    return NULL;

  for (int kind = 0; kind < RN_N_LAYER_MAPS; kind++)
    {
      g_autoptr (RnLayerMap) map = rn_layer_map_new (model, weights, kind, error);

      if (map == NULL)
        return NULL;
      if (best == NULL || rn_layer_map_get_n_faults (map) < rn_layer_map_get_n_faults (best))
        {
          g_clear_pointer (&best, rn_layer_map_free);
          best = g_steal_pointer (&map);
        }
      if (rn_layer_map_get_n_faults (best) == 0)
        break;
    }

  if (rn_layer_map_get_n_faults (best) > 0)
    {
      set_mismatch (model, weights, best, error);
      return NULL;
    }
  if (!check_strides (model, weights, error))
    return NULL;

  self = g_new0 (RnBinding, 1);
  self->ref_count = 1;
  self->model = rn_model_ref (model);
  self->weights = rn_weights_ref (weights);
  self->map = g_steal_pointer (&best);
  return self;
}

RnBinding *
rn_binding_ref (RnBinding *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
rn_binding_unref (RnBinding *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  rn_layer_map_free (self->map);
  rn_model_unref (self->model);
  rn_weights_unref (self->weights);
  g_free (self);
}

/**
 * rn_binding_get_model:
 *
 * Returns: (transfer none): the model
 */
RnModel *
rn_binding_get_model (RnBinding *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->model;
}

/**
 * rn_binding_get_weights:
 *
 * Returns: (transfer none): the weights
 */
RnWeights *
rn_binding_get_weights (RnBinding *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->weights;
}

/**
 * rn_binding_get_tensor:
 * @layer: index of a layer of the model
 * @i: index of one of its weight specs
 *
 * Returns: (transfer none): that weight, of the spec's shape and of any #RnDtype
 */
RnTensor *
rn_binding_get_tensor (const RnBinding *self, int layer, int i)
{
  g_return_val_if_fail (self != NULL && layer >= 0 && layer < self->map->n_layers, NULL);
  g_return_val_if_fail (i >= 0 && i < rn_model_get_layer (self->model, layer)->n_weights, NULL);

  return self->map->tensors[layer][i];
}

/**
 * rn_binding_get_epsilon:
 * @layer: index of a batch norm layer of the model
 *
 * Returns: the epsilon to compute with: the one the weights were trained with where that is known,
 *   otherwise the model's
 */
float
rn_binding_get_epsilon (const RnBinding *self, int layer)
{
  const RnLayer *config;

  g_return_val_if_fail (self != NULL && layer >= 0 && layer < self->map->n_layers, 0);
  config = rn_model_get_layer (self->model, layer);
  g_return_val_if_fail (config->kind == RN_LAYER_BATCH_NORM, 0);

  if (rn_weights_get_info (self->weights)->epsilon > 0)
    return rn_weights_get_info (self->weights)->epsilon;

  return config->config.batch_norm.epsilon;
}

/**
 * rn_binding_get_source:
 * @layer: index of a layer of the model
 *
 * Returns: (transfer none) (nullable): the name of the layer of the file that feeds it; %NULL for a
 *   layer without weights
 */
const char *
rn_binding_get_source (const RnBinding *self, int layer)
{
  g_return_val_if_fail (self != NULL && layer >= 0 && layer < self->map->n_layers, NULL);

  if (self->map->source[layer] < 0)
    return NULL;

  return rn_weights_get_layer_name (self->weights, self->map->source[layer]);
}

/**
 * rn_binding_is_identity:
 *
 * Returns: whether every layer has its weights from the file's layer of the same name
 */
gboolean
rn_binding_is_identity (const RnBinding *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (int i = 0; i < self->map->n_layers; i++)
    {
      const char *source = rn_binding_get_source (self, i);

      if (source != NULL && !g_str_equal (source, rn_model_get_layer (self->model, i)->name))
        return FALSE;
    }

  return TRUE;
}

/**
 * rn_binding_get_n_unused:
 *
 * Returns: how many layers of the file a model without a top passes over
 */
int
rn_binding_get_n_unused (const RnBinding *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return (int) self->map->unused->len;
}

/**
 * rn_binding_get_unused:
 *
 * Returns: (transfer none): the name of one of them
 */
const char *
rn_binding_get_unused (const RnBinding *self, int i)
{
  g_return_val_if_fail (self != NULL && i >= 0 && i < rn_binding_get_n_unused (self), NULL);

  return rn_weights_get_layer_name (self->weights, g_array_index (self->map->unused, int, i));
}

/**
 * rn_binding_count_unused_classes:
 *
 * Returns: the classes of a classifier that the weights have and the model passes over; 0 where
 *   there is none
 */
int
rn_binding_count_unused_classes (const RnBinding *self)
{
  g_return_val_if_fail (self != NULL, 0);

  for (int i = 0; i < rn_binding_get_n_unused (self); i++)
    {
      const RnTensor *kernel =
          rn_weights_find (self->weights, rn_binding_get_unused (self, i), "kernel");

      if (kernel != NULL && kernel->rank == 2 && kernel->dims[1] > 0
          && kernel->dims[1] <= RN_MAX_DIMENSION)
        return (int) kernel->dims[1];
    }

  return 0;
}
