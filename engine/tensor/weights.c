#include "engine/tensor/weights.h"

#define MAX_LAYERS 100000
#define MAX_TENSORS_PER_LAYER 4096

typedef struct
{
  char *name;
  RnTensor *tensor;
} NamedTensor;

typedef struct
{
  char *name;
  GArray *tensors; /* of NamedTensor */
} WeightLayer;

struct _RnWeights
{
  gint ref_count;
  RnWeightsInfo info;
  GPtrArray *layers;       /* of WeightLayer, in the order of the file */
  GHashTable *index_of;    /* name (borrowed from its layer) to index + 1 */
};

G_DEFINE_QUARK (rn-weights-error-quark, rn_weights_error)

static void
named_tensor_clear (gpointer data)
{
  NamedTensor *entry = data;

  g_free (entry->name);
  rn_tensor_unref (entry->tensor);
}

static void
weights_info_clear (RnWeightsInfo *info)
{
  g_free (info->name);
  g_free (info->origin);
  g_free (info->license);
  g_free (info->preprocess);
  g_strfreev (info->classes);
  g_strfreev (info->labels);
}

static void
weight_layer_free (gpointer data)
{
  WeightLayer *layer = data;

  g_free (layer->name);
  g_array_unref (layer->tensors);
  g_free (layer);
}

/**
 * rn_weights_new:
 *
 * Returns: (transfer full): an empty set, of trained weights as far as its info says
 */
RnWeights *
rn_weights_new (void)
{
  RnWeights *self = g_new0 (RnWeights, 1);

  self->ref_count = 1;
  self->info.trained = TRUE;
  self->layers = g_ptr_array_new_with_free_func (weight_layer_free);
  self->index_of = g_hash_table_new (g_str_hash, g_str_equal);

  return self;
}

RnWeights *
rn_weights_ref (RnWeights *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
rn_weights_unref (RnWeights *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_hash_table_unref (self->index_of);
  g_ptr_array_unref (self->layers);
  weights_info_clear (&self->info);
  g_free (self);
}

/**
 * rn_weights_info_copy:
 * @from: stays as it is
 * @to: gets copies of everything; what it held is freed
 */
void
rn_weights_info_copy (const RnWeightsInfo *from, RnWeightsInfo *to)
{
  g_return_if_fail (from != NULL && to != NULL && from != to);

  weights_info_clear (to);
  *to = *from;
  to->name = g_strdup (from->name);
  to->origin = g_strdup (from->origin);
  to->license = g_strdup (from->license);
  to->preprocess = g_strdup (from->preprocess);
  to->classes = g_strdupv (from->classes);
  to->labels = g_strdupv (from->labels);
}

/**
 * rn_weights_get_info:
 *
 * Returns: (transfer none): what is known of the weights; a reader fills it before it shares them.
 *   Strings in it are freed with g_free() and g_strfreev().
 */
RnWeightsInfo *
rn_weights_get_info (RnWeights *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->info;
}

static WeightLayer *
find_layer (const RnWeights *self, const char *layer)
{
  guint index = GPOINTER_TO_UINT (g_hash_table_lookup (self->index_of, layer));

  return index > 0 ? g_ptr_array_index (self->layers, index - 1) : NULL;
}

/**
 * rn_weights_add_layer:
 * @layer: a layer's name; nothing happens where it is there already
 *
 * Keeps a layer's place in the order of the file, even if it has no weights.
 */
void
rn_weights_add_layer (RnWeights *self, const char *layer)
{
  WeightLayer *entry;

  g_return_if_fail (self != NULL && layer != NULL);

  if (find_layer (self, layer) != NULL)
    return;

  entry = g_new0 (WeightLayer, 1);
  entry->name = g_strdup (layer);
  entry->tensors = g_array_new (FALSE, TRUE, sizeof (NamedTensor));
  g_array_set_clear_func (entry->tensors, named_tensor_clear);
  g_ptr_array_add (self->layers, entry);
  g_hash_table_insert (self->index_of, entry->name, GUINT_TO_POINTER (self->layers->len));
}

/**
 * rn_weights_add:
 * @layer: the layer's name; added to the end where it is new
 * @weight: the weight's name within the layer, e.g. "kernel"
 * @tensor: (transfer none): its values
 * @error: set to an #RnWeightsError where the name is taken or there are too many
 *
 * Returns: whether the tensor was added
 */
gboolean
rn_weights_add (RnWeights *self,
                const char *layer,
                const char *weight,
                RnTensor *tensor,
                GError **error)
{
  WeightLayer *entry;
  NamedTensor added;

  g_return_val_if_fail (self != NULL && layer != NULL && weight != NULL && tensor != NULL, FALSE);

  if (rn_weights_find (self, layer, weight) != NULL)
    {
      g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
                   "layer '%s' has two weights named '%s': each name may stand once", layer,
                   weight);
      return FALSE;
    }

  rn_weights_add_layer (self, layer);
  entry = find_layer (self, layer);
  if (self->layers->len > MAX_LAYERS || entry->tensors->len >= MAX_TENSORS_PER_LAYER)
    {
      g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_LIMIT,
                   "too many weights at layer '%s': at most %d layers of %d weights are taken",
                   layer, MAX_LAYERS, MAX_TENSORS_PER_LAYER);
      return FALSE;
    }

  added.name = g_strdup (weight);
  added.tensor = rn_tensor_ref (tensor);
  g_array_append_val (entry->tensors, added);
  return TRUE;
}

int
rn_weights_get_n_layers (const RnWeights *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return (int) self->layers->len;
}

const char *
rn_weights_get_layer_name (const RnWeights *self, int i)
{
  g_return_val_if_fail (self != NULL && i >= 0 && i < (int) self->layers->len, NULL);

  return ((WeightLayer *) g_ptr_array_index (self->layers, i))->name;
}

/**
 * rn_weights_get_n_tensors:
 * @i: index of a layer
 *
 * Returns: how many weights it has
 */
int
rn_weights_get_n_tensors (const RnWeights *self, int i)
{
  g_return_val_if_fail (self != NULL && i >= 0 && i < (int) self->layers->len, 0);

  return (int) ((WeightLayer *) g_ptr_array_index (self->layers, i))->tensors->len;
}

/**
 * rn_weights_get_tensor:
 * @i: index of a layer
 * @j: index of one of its weights, in the order of the file
 * @weight_name: (out) (optional) (transfer none): the weight's name
 *
 * Returns: (transfer none): the weight
 */
RnTensor *
rn_weights_get_tensor (const RnWeights *self, int i, int j, const char **weight_name)
{
  WeightLayer *layer;
  NamedTensor *entry;

  g_return_val_if_fail (self != NULL && i >= 0 && i < (int) self->layers->len, NULL);
  layer = g_ptr_array_index (self->layers, i);
  g_return_val_if_fail (j >= 0 && j < (int) layer->tensors->len, NULL);

  entry = &g_array_index (layer->tensors, NamedTensor, j);
  if (weight_name != NULL)
    *weight_name = entry->name;

  return entry->tensor;
}

/**
 * rn_weights_find:
 *
 * Returns: (transfer none) (nullable): the weight of that name, %NULL where there is none
 */
RnTensor *
rn_weights_find (const RnWeights *self, const char *layer, const char *weight)
{
  WeightLayer *entry;

  g_return_val_if_fail (self != NULL && layer != NULL && weight != NULL, NULL);

  entry = find_layer (self, layer);
  for (guint j = 0; entry != NULL && j < entry->tensors->len; j++)
    if (g_str_equal (g_array_index (entry->tensors, NamedTensor, j).name, weight))
      return g_array_index (entry->tensors, NamedTensor, j).tensor;

  return NULL;
}
