#include "engine/tensor/layer-map.h"

#include <string.h>

#include "engine/tensor/layer-role.h"
#include "engine/tensor/snake-case.h"

/* Indices of the model's layers that have weights, ascending. */
static GArray *
list_model_layers (const RnModel *model)
{
  GArray *layers = g_array_new (FALSE, FALSE, sizeof (int));

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    if (rn_model_get_layer (model, i)->n_weights > 0)
      g_array_append_val (layers, i);

  return layers;
}

static gboolean
is_dense (const RnWeights *weights, int layer)
{
  return rn_weights_get_n_tensors (weights, layer) > 0 &&
         rn_weights_get_tensor (weights, layer, 0, NULL)->rank == 2;
}

/* Indices of the file's layers that have weights; its last Dense layers are left out where the
 * model has no top. */
static GArray *
list_file_layers (const RnModel *model, const RnWeights *weights)
{
  GArray *layers = g_array_new (FALSE, FALSE, sizeof (int));

  for (int i = 0; i < rn_weights_get_n_layers (weights); i++)
    if (rn_weights_get_n_tensors (weights, i) > 0)
      g_array_append_val (layers, i);

  while (!rn_model_has_top (model) && layers->len > 0 &&
         is_dense (weights, g_array_index (layers, int, layers->len - 1)))
    g_array_set_size (layers, layers->len - 1);

  return layers;
}

/* From the names of the file's layers that have weights to their indices and 1. */
static GHashTable *
index_names (const RnWeights *weights)
{
  GHashTable *by_name = g_hash_table_new (g_str_hash, g_str_equal);

  for (int i = 0; i < rn_weights_get_n_layers (weights); i++)
    if (rn_weights_get_n_tensors (weights, i) > 0)
      g_hash_table_insert (by_name, (gpointer) rn_weights_get_layer_name (weights, i),
                           GINT_TO_POINTER (i + 1));

  return by_name;
}

static void
map_by_name (const RnModel *model, const RnWeights *weights, int *source)
{
  g_autoptr (GHashTable) by_name = index_names (weights);

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);

      if (layer->n_weights > 0)
        source[i] = GPOINTER_TO_INT (g_hash_table_lookup (by_name, layer->name)) - 1;
    }
}

static void
map_by_role (const RnModel *model, const RnWeights *weights, int *source)
{
  g_autoptr (GHashTable) by_role = g_hash_table_new (NULL, NULL);
  g_autofree RnLayerRole *roles = rn_layer_roles_for_model (model);

  for (int i = 0; i < rn_weights_get_n_layers (weights); i++)
    {
      RnLayerRole role = rn_layer_role_from_name (rn_weights_get_layer_name (weights, i));

      if (role != RN_LAYER_ROLE_NONE && rn_weights_get_n_tensors (weights, i) > 0)
        g_hash_table_insert (by_role, GUINT_TO_POINTER (role), GINT_TO_POINTER (i + 1));
    }

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    if (rn_model_get_layer (model, i)->n_weights > 0 && roles[i] != RN_LAYER_ROLE_NONE)
      source[i] =
          GPOINTER_TO_INT (g_hash_table_lookup (by_role, GUINT_TO_POINTER (roles[i]))) - 1;
}

/* Keras 3 stores the n-th layer of a class under the class's name and n, the first without. */
static void
map_by_class (const RnModel *model, const RnWeights *weights, int *source)
{
  g_autoptr (GHashTable) by_name = index_names (weights);
  int counts[RN_N_LAYER_KINDS] = { 0 };

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);
      g_autofree char *class_name = NULL;
      g_autofree char *name = NULL;
      int n = counts[layer->kind]++;

      if (layer->n_weights == 0)
        continue;
      class_name = rn_snake_case (rn_layer_kind_get_keras_class (layer->kind));
      name = n > 0 ? g_strdup_printf ("%s_%d", class_name, n) : g_strdup (class_name);
      source[i] = GPOINTER_TO_INT (g_hash_table_lookup (by_name, name)) - 1;
    }
}

/* The last layer of @kind on a path of a block, or -1. */
static int
find_last (const RnModel *model, const int *layers, int n_layers, RnLayerKind kind)
{
  for (int i = n_layers - 1; i >= 0; i--)
    if (rn_model_get_layer (model, layers[i])->kind == kind)
      return layers[i];

  return -1;
}

static void
swap_values (GArray *order, int a, int b)
{
  for (guint i = 0; i < order->len; i++)
    {
      int *value = &g_array_index (order, int, i);

      if (*value == a)
        *value = b;
      else if (*value == b)
        *value = a;
    }
}

/* The projection and the end of the branch lie equally deep: which of the two Keras lists first
 * depends on the order of the Add's inputs, which its generations do not share. */
static void
swap_projections (const RnModel *model, GArray *order)
{
  static const RnLayerKind kinds[] = { RN_LAYER_CONV, RN_LAYER_BATCH_NORM };
  const RnStructure *structure = rn_model_get_structure (model);

  for (int i = 0; i < structure->n_blocks; i++)
    for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
      {
        const RnBlock *block = &structure->blocks[i];
        int branch = find_last (model, block->branch, block->n_branch, kinds[k]);
        int shortcut = find_last (model, block->shortcut, block->n_shortcut, kinds[k]);

        if (branch >= 0 && shortcut >= 0)
          swap_values (order, branch, shortcut);
      }
}

static void
map_by_order (const RnModel *model, const RnWeights *weights, gboolean swapped, int *source)
{
  g_autoptr (GArray) ours = list_model_layers (model);
  g_autoptr (GArray) theirs = list_file_layers (model, weights);

  if (ours->len != theirs->len)
    return;

  if (swapped)
    swap_projections (model, ours);
  for (guint i = 0; i < ours->len; i++)
    source[g_array_index (ours, int, i)] = g_array_index (theirs, int, i);
}

static gboolean
has_shape (const RnTensor *tensor, const RnWeightSpec *spec)
{
  if (tensor->rank != spec->rank)
    return FALSE;
  for (int i = 0; i < spec->rank; i++)
    if (tensor->dims[i] != spec->dims[i])
      return FALSE;

  return TRUE;
}

/* A depthwise kernel that PyTorch keeps as [in * multiplier][1][h][w] (torch.nn.Conv2d, groups = in)
 * arrives as [h][w][1][in * multiplier]: the numbers lie as in Keras' [h][w][in][multiplier], outputs
 * of one input beside each other. */
static gboolean
is_torch_depthwise (const RnTensor *tensor, const RnWeightSpec *spec)
{
  return g_str_equal (spec->name, "depthwise_kernel") && tensor->rank == 4
         && tensor->dims[0] == spec->dims[0] && tensor->dims[1] == spec->dims[1]
         && tensor->dims[2] == 1 && tensor->dims[3] == (gint64) spec->dims[2] * spec->dims[3];
}

/* Returns: (transfer full) (nullable): the tensor in the shape that is wanted, if it has it */
static RnTensor *
take_tensor (RnTensor *tensor, const RnWeightSpec *spec)
{
  const gint64 dims[] = { spec->dims[0], spec->dims[1], spec->dims[2], spec->dims[3] };

  if (has_shape (tensor, spec))
    return rn_tensor_ref (tensor);
  if (!is_torch_depthwise (tensor, spec))
    return NULL;

  return rn_tensor_new_for_data (tensor->dtype, spec->rank, dims, tensor->data,
                                 rn_tensor_ref (tensor), (GDestroyNotify) rn_tensor_unref);
}

static void
add_misshapen (RnLayerMap *self,
               const char *layer,
               const RnTensor *tensor,
               const RnWeightSpec *spec)
{
  g_autofree char *is = rn_tensor_dims_to_string (tensor);
  GString *wanted = g_string_new (NULL);

  for (int i = 0; i < spec->rank; i++)
    g_string_append_printf (wanted, "%s%d", i > 0 ? "×" : "", spec->dims[i]);
  g_ptr_array_add (self->misshapen,
                   g_strdup_printf ("%s/%s is %s, must be %s", layer, spec->name, is, wanted->str));
  g_string_free (wanted, TRUE);
}

static RnTensor *
new_zeros (const RnWeightSpec *spec, GError **error)
{
  gint64 dims[RN_TENSOR_MAX_RANK];
  RnTensor *tensor;

  for (int i = 0; i < spec->rank; i++)
    dims[i] = spec->dims[i];
  tensor = rn_tensor_new (spec->rank, dims, error);
  if (tensor != NULL)
    memset (tensor->data, 0, rn_tensor_get_n_bytes (tensor));

  return tensor;
}

/* A file in which no convolution has a bias says that biases are zero: torchvision leaves out what
 * the batch norm behind would take away again. */
static gboolean
has_conv_biases (const RnWeights *weights)
{
  for (int i = 0; i < rn_weights_get_n_layers (weights); i++)
    for (int j = 0; j < rn_weights_get_n_tensors (weights, i); j++)
      {
        const char *name;
        RnTensor *tensor = rn_weights_get_tensor (weights, i, 0, NULL);

        rn_weights_get_tensor (weights, i, j, &name);
        if (tensor->rank == 4 && g_str_equal (name, "bias"))
          return TRUE;
      }

  return FALSE;
}

/* Where the names of weights are not ours but their number is, Keras' order of weights says which
 * is which. Keras 3 calls the kernel of a depthwise convolution a kernel, Keras 2 a depthwise one.
 */
static RnTensor *
find_tensor (const RnWeights *weights, int source, const RnLayer *layer, int j)
{
  const RnWeightSpec *spec = &layer->weights[j];
  const char *source_name = rn_weights_get_layer_name (weights, source);
  int known = 0;
  RnTensor *tensor = rn_weights_find (weights, source_name, spec->name);

  if (tensor == NULL && g_str_equal (spec->name, "depthwise_kernel"))
    tensor = rn_weights_find (weights, source_name, "kernel");
  if (tensor != NULL || rn_weights_get_n_tensors (weights, source) != layer->n_weights)
    return tensor;

  for (int k = 0; k < layer->n_weights; k++)
    known += rn_weights_find (weights, source_name, layer->weights[k].name) != NULL;
  if (known > 0)
    return NULL;

  return rn_weights_get_tensor (weights, source, j, NULL);
}

/* Fills the tensors of one layer; returns how many of the file's it took, or -1 without memory. */
static int
take_layer (RnLayerMap *self,
            const RnWeights *weights,
            const RnLayer *layer,
            gboolean zero_biases,
            GError **error)
{
  int source = self->source[layer->index];
  int n_taken = 0;

  for (int j = 0; j < layer->n_weights; j++)
    {
      const RnWeightSpec *spec = &layer->weights[j];
      RnTensor *tensor = source >= 0 ? find_tensor (weights, source, layer, j) : NULL;

      if (tensor != NULL)
        {
          n_taken++;
          self->tensors[layer->index][j] = take_tensor (tensor, spec);
          if (self->tensors[layer->index][j] == NULL)
            add_misshapen (self, layer->name, tensor, spec);
        }
      else if (source >= 0 && zero_biases && layer->kind == RN_LAYER_CONV &&
               g_str_equal (spec->name, "bias"))
        {
          self->tensors[layer->index][j] = new_zeros (spec, error);
          if (self->tensors[layer->index][j] == NULL)
            return -1;
        }
      else if (source >= 0)
        g_ptr_array_add (self->missing, g_strdup_printf ("%s/%s", layer->name, spec->name));
    }

  if (source < 0)
    g_ptr_array_add (self->missing, g_strdup (layer->name));

  return n_taken;
}

static void
note_extra (RnLayerMap *self, const RnModel *model, const RnWeights *weights, const int *n_taken)
{
  for (int i = 0; i < rn_weights_get_n_layers (weights); i++)
    {
      const char *name = rn_weights_get_layer_name (weights, i);
      int n_extra = rn_weights_get_n_tensors (weights, i) - n_taken[i];

      if (n_extra == 0)
        continue;
      if (n_taken[i] == 0 && !rn_model_has_top (model) && is_dense (weights, i))
        g_array_append_val (self->unused, i);
      else if (n_taken[i] == 0)
        g_ptr_array_add (self->extra, g_strdup (name));
      else
        g_ptr_array_add (self->extra, g_strdup_printf ("%d more at %s", n_extra, name));
    }
}

/**
 * rn_layer_map_new:
 * @kind: how to find the file's layer
 * @error: set where there is no memory; what does not fit is no error here
 *
 * Returns: (transfer full) (nullable): the map and what is wrong with it
 */
RnLayerMap *
rn_layer_map_new (const RnModel *model, RnWeights *weights, RnLayerMapKind kind, GError **error)
{
  g_autoptr (RnLayerMap) self = g_new0 (RnLayerMap, 1);
  g_autofree int *n_taken = g_new0 (int, rn_weights_get_n_layers (weights) + 1);
  gboolean zero_biases = !has_conv_biases (weights);

  self->kind = kind;
  self->n_layers = rn_model_get_n_layers (model);
  self->source = g_new (int, self->n_layers);
  self->tensors = g_malloc0_n (self->n_layers, sizeof *self->tensors);
  self->unused = g_array_new (FALSE, FALSE, sizeof (int));
  self->missing = g_ptr_array_new_with_free_func (g_free);
  self->extra = g_ptr_array_new_with_free_func (g_free);
  self->misshapen = g_ptr_array_new_with_free_func (g_free);
  for (int i = 0; i < self->n_layers; i++)
    self->source[i] = -1;

  if (kind == RN_LAYER_MAP_NAME)
    map_by_name (model, weights, self->source);
  else if (kind == RN_LAYER_MAP_ROLE)
    map_by_role (model, weights, self->source);
  else if (kind == RN_LAYER_MAP_CLASS)
    map_by_class (model, weights, self->source);
  else
    map_by_order (model, weights, kind == RN_LAYER_MAP_ORDER_SWAPPED, self->source);

  for (int i = 0; i < self->n_layers; i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);
      int n = layer->n_weights > 0 ? take_layer (self, weights, layer, zero_biases, error) : 0;

      if (n < 0)
        return NULL;
      if (self->source[i] >= 0)
        n_taken[self->source[i]] += n;
    }
  note_extra (self, model, weights, n_taken);

  return g_steal_pointer (&self);
}

void
rn_layer_map_free (RnLayerMap *self)
{
  g_return_if_fail (self != NULL);

  for (int i = 0; self->tensors != NULL && i < self->n_layers; i++)
    for (int j = 0; j < RN_LAYER_MAX_WEIGHTS; j++)
      g_clear_pointer (&self->tensors[i][j], rn_tensor_unref);
  g_free (self->tensors);
  g_free (self->source);
  g_clear_pointer (&self->unused, g_array_unref);
  g_clear_pointer (&self->missing, g_ptr_array_unref);
  g_clear_pointer (&self->extra, g_ptr_array_unref);
  g_clear_pointer (&self->misshapen, g_ptr_array_unref);
  g_free (self);
}

/**
 * rn_layer_map_get_n_faults:
 *
 * Returns: in how many places file and model differ; 0 where the weights fit
 */
guint
rn_layer_map_get_n_faults (const RnLayerMap *self)
{
  return self->missing->len + self->extra->len + self->misshapen->len;
}
