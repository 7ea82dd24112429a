/* torchvision/models/resnet.py names the layers; torch.nn.Conv2d keeps its weight as [out, in,
 * height, width], torch.nn.Linear as [out, in]. */
#include "engine/formats/torch-weights.h"

#include <string.h>

/* torch.nn.BatchNorm2d's default, which torchvision leaves as it is. */
#define EPSILON 1e-5f

/* Rows and columns that are transposed together, so that both sides stay in the cache. */
#define TILE 32

struct _RnTorchWeights
{
  RnWeights *weights;
  GHashTable *norms;  /* names of layers whose "weight" is a vector: batch norms */
  GPtrArray *biases;  /* layer names, in step with bias_tensors */
  GPtrArray *bias_tensors;
};

RnTorchWeights *
rn_torch_weights_new (void)
{
  RnTorchWeights *self = g_new0 (RnTorchWeights, 1);

  self->weights = rn_weights_new ();
  self->norms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->biases = g_ptr_array_new_with_free_func (g_free);
  self->bias_tensors = g_ptr_array_new_with_free_func ((GDestroyNotify) rn_tensor_unref);

  return self;
}

void
rn_torch_weights_free (RnTorchWeights *self)
{
  g_return_if_fail (self != NULL);

  rn_weights_unref (self->weights);
  g_hash_table_unref (self->norms);
  g_ptr_array_unref (self->biases);
  g_ptr_array_unref (self->bias_tensors);
  g_free (self);
}

/* target [n_columns][n_rows] = source [n_rows][n_columns] transposed; numbers of @size bytes, those
 * of a source column @source_step apart. */
static inline void
transpose (const guint8 *source,
           gint64 row_stride,
           gint64 source_step,
           gint64 n_rows,
           gint64 n_columns,
           guint8 *target,
           size_t size)
{
  for (gint64 r0 = 0; r0 < n_rows; r0 += TILE)
    for (gint64 c0 = 0; c0 < n_columns; c0 += TILE)
      for (gint64 c = c0; c < MIN (c0 + TILE, n_columns); c++)
        for (gint64 r = r0; r < MIN (r0 + TILE, n_rows); r++)
          memcpy (target + (c * n_rows + r) * size,
                  source + (r * row_stride + c * source_step) * size, size);
}

/* [out][in][h][w] to [h][w][in][out]: one transposition for each place in the window. A matrix
 * [out][in] has a window of one. */
static void
to_keras_layout (const RnTensor *source, RnTensor *target)
{
  gint64 n_out = source->dims[0], n_in = source->dims[1];
  gint64 n_window = source->rank == 4 ? source->dims[2] * source->dims[3] : 1;

  for (gint64 k = 0; k < n_window; k++)
    switch (rn_dtype_get_size (source->dtype))
      {
      case 2:
        transpose ((guint8 *) source->data + 2 * k, n_in * n_window, n_window, n_out, n_in,
                   (guint8 *) target->data + 2 * k * n_in * n_out, 2);
        break;
      case 4:
        transpose ((guint8 *) source->data + 4 * k, n_in * n_window, n_window, n_out, n_in,
                   (guint8 *) target->data + 4 * k * n_in * n_out, 4);
        break;
      default:
        transpose ((guint8 *) source->data + 8 * k, n_in * n_window, n_window, n_out, n_in,
                   (guint8 *) target->data + 8 * k * n_in * n_out, 8);
        break;
      }
}

static gboolean
add_kernel (RnTorchWeights *self, const char *layer, RnTensor *tensor, GError **error)
{
  const gint64 *d = tensor->dims;
  gint64 matrix[2] = { d[1], d[0] };
  gint64 window[4] = { d[2], d[3], d[1], d[0] };
  g_autoptr (RnTensor) kernel =
      rn_tensor_new_typed (tensor->dtype, tensor->rank, tensor->rank == 4 ? window : matrix, error);

  if (kernel == NULL)
    return FALSE;
  to_keras_layout (tensor, kernel);

  return rn_weights_add (self->weights, layer, "kernel", kernel, error);
}

/* Where the layer's name ends and the weight's begins, without what wrappers put before. */
static gboolean
split_name (const char *name, char **layer, const char **weight)
{
  const char *dot;

  if (g_str_has_prefix (name, "module."))
    name += strlen ("module.");
  dot = strrchr (name, '.');
  if (dot == NULL || dot == name)
    return FALSE;

  *layer = g_strndup (name, dot - name);
  *weight = dot + 1;
  return TRUE;
}

/**
 * rn_torch_weights_add:
 * @name: a name of a state dictionary, e.g. "layer1.0.conv1.weight"
 * @tensor: (transfer none): its values in PyTorch's layout
 * @error: set to an #RnWeightsError where the name is none of a layer's weights
 *
 * Returns: whether it was taken
 */
gboolean
rn_torch_weights_add (RnTorchWeights *self, const char *name, RnTensor *tensor, GError **error)
{
  g_autofree char *layer = NULL;
  const char *weight;

  g_return_val_if_fail (self != NULL && name != NULL && tensor != NULL, FALSE);

  if (split_name (name, &layer, &weight))
    {
      if (g_str_equal (weight, "weight") && (tensor->rank == 4 || tensor->rank == 2))
        return add_kernel (self, layer, tensor, error);
      if (g_str_equal (weight, "weight") && tensor->rank == 1)
        {
          g_hash_table_add (self->norms, g_strdup (layer));
          return rn_weights_add (self->weights, layer, "gamma", tensor, error);
        }
      if (g_str_equal (weight, "bias") && tensor->rank == 1)
        {
          /* beta or bias: that is known once all have come */
          g_ptr_array_add (self->biases, g_steal_pointer (&layer));
          g_ptr_array_add (self->bias_tensors, rn_tensor_ref (tensor));
          return TRUE;
        }
      if (g_str_equal (weight, "running_mean"))
        return rn_weights_add (self->weights, layer, "moving_mean", tensor, error);
      if (g_str_equal (weight, "running_var"))
        return rn_weights_add (self->weights, layer, "moving_variance", tensor, error);
      if (g_str_equal (weight, "num_batches_tracked"))
        return TRUE;
    }

  g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
               "'%s' is no name of torchvision's ResNets (such as layer1.0.conv1.weight)", name);
  return FALSE;
}

/* torchvision's bottlenecks, unlike Keras', have the stride on the 3x3 convolution ("ResNet v1.5",
 * torchvision/models/resnet.py, class Bottleneck). Nothing in a tensor's shape tells; the names do.
 */
static gboolean
has_bottlenecks (const RnWeights *weights)
{
  return rn_weights_find (weights, "layer1.0.conv3", "kernel") != NULL;
}

/**
 * rn_torch_weights_finish:
 * @error: set to an #RnWeightsError where a layer has a weight twice
 *
 * Returns: (transfer full) (nullable): the weights: layers under PyTorch's names, kernels in Keras'
 *   layout, weights under Keras' names
 */
RnWeights *
rn_torch_weights_finish (RnTorchWeights *self, GError **error)
{
  RnWeightsInfo *info;

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->biases->len; i++)
    {
      const char *layer = self->biases->pdata[i];
      const char *name = g_hash_table_contains (self->norms, layer) ? "beta" : "bias";

      if (!rn_weights_add (self->weights, layer, name, self->bias_tensors->pdata[i], error))
        return NULL;
    }

  info = rn_weights_get_info (self->weights);
  info->preprocess = g_strdup ("torch");
  info->epsilon = EPSILON;
  info->stride_on_3x3 = has_bottlenecks (self->weights);
  return rn_weights_ref (self->weights);
}
