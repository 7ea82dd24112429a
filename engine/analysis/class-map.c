#include "engine/analysis/class-map.h"

static gboolean
is_whole_average (const RnModel *model, const RnLayer *layer)
{
  const RnPoolConfig *pool = &layer->config.pool;
  RnShape input;

  if (layer->kind == RN_LAYER_GLOBAL_AVERAGE_POOL)
    return TRUE;
  if (layer->kind != RN_LAYER_AVERAGE_POOL)
    return FALSE;

  input = rn_model_get_input_shape (model, layer->index, 0);
  return pool->pool[0] == input.dims[0] && pool->pool[1] == input.dims[1]
         && layer->output_shape.dims[0] == 1 && layer->output_shape.dims[1] == 1;
}

/* What stands between the average and the Dense without changing a number. */
static gboolean
passes_on (const RnLayer *layer)
{
  return layer->kind == RN_LAYER_FLATTEN || layer->kind == RN_LAYER_DROPOUT
         || (layer->kind == RN_LAYER_RESHAPE && layer->output_shape.rank == 1);
}

/**
 * rn_class_head_find:
 * @head: (out): where the features and the classifier are
 *
 * Returns: %FALSE with @error set where the model does not end in an average over the whole map and
 *   one Dense layer
 */
gboolean
rn_class_head_find (const RnModel *model, RnClassHead *head, GError **error)
{
  const RnLayer *layer = rn_model_get_output (model, 0);

  if (layer->kind == RN_LAYER_ACTIVATION && layer->n_inputs == 1)
    layer = rn_model_get_layer (model, layer->inputs[0]);
  if (layer->kind == RN_LAYER_DENSE)
    {
      head->dense = layer->index;
      layer = rn_model_get_layer (model, layer->inputs[0]);
      while (passes_on (layer))
        layer = rn_model_get_layer (model, layer->inputs[0]);
      if (is_whole_average (model, layer))
        {
          head->features = layer->inputs[0];
          return TRUE;
        }
    }
  g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_UNSUPPORTED,
               "%s does not end in a global average and a Dense layer, which a class activation map "
               "needs; an occlusion map works for every network",
               rn_model_get_name (model));

  return FALSE;
}

/**
 * rn_class_map_new:
 * @head: of the binding's model
 * @features: F32 [1, H, W, C], the activation of @head's features
 * @class_index: which of the classifier's outputs
 * @bias: (out) (optional): the class' own bias
 *
 * The map of Zhou, Khosla, Lapedriza, Oliva and Torralba 2016 ("Learning Deep Features for
 * Discriminative Localization", arXiv:1512.04150): at each place the sum over the channels of
 * feature times the class' weight. Its mean and the bias add up to the class' score before softmax,
 * so nothing about it is an approximation.
 *
 * Returns: (transfer full) (nullable): F32 [1, H, W, 1], or %NULL where there is no memory
 */
RnTensor *
rn_class_map_new (RnBinding *binding,
                  const RnClassHead *head,
                  const RnTensor *features,
                  int class_index,
                  double *bias,
                  GError **error)
{
  const RnLayer *dense = rn_model_get_layer (rn_binding_get_model (binding), head->dense);
  g_autoptr (RnTensor) kernel = NULL;
  g_autoptr (RnTensor) offset = NULL;
  int n_channels, n_classes = dense->config.dense.units;
  gint64 dims[4] = { 1, 0, 0, 1 };
  RnTensor *map;

  g_return_val_if_fail (features != NULL && features->rank == 4, NULL);
  g_return_val_if_fail (class_index >= 0 && class_index < n_classes, NULL);

  n_channels = (int) features->dims[3];
  dims[1] = features->dims[1];
  dims[2] = features->dims[2];
  kernel = rn_tensor_to_f32 (rn_binding_get_tensor (binding, head->dense, 0), error);
  map = kernel != NULL ? rn_tensor_new (4, dims, error) : NULL;
  if (map == NULL)
    return NULL;

  for (gint64 i = 0; i < dims[1] * dims[2]; i++)
    {
      const float *feature = rn_tensor_f32 (features) + i * n_channels;
      double sum = 0;

      for (int c = 0; c < n_channels; c++)
        sum += (double) feature[c] * rn_tensor_f32 (kernel)[(gint64) c * n_classes + class_index];
      rn_tensor_f32 (map)[i] = sum;
    }
  if (bias != NULL)
    *bias = 0;
  if (bias != NULL && dense->config.dense.use_bias)
    {
      offset = rn_tensor_to_f32 (rn_binding_get_tensor (binding, head->dense, 1), NULL);
      *bias = offset != NULL ? rn_tensor_f32 (offset)[class_index] : 0;
    }

  return map;
}
