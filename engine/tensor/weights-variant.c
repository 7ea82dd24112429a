#include "engine/tensor/weights-variant.h"

/* The number of features that a classifier of this model would get. */
static int
get_n_features (const char *id, GError **error)
{
  RnVariant variant = RN_VARIANT_DEFAULT;
  g_autoptr (RnModel) model = NULL;

  variant.top = FALSE;
  model = rn_catalog_build (id, &variant, error);
  if (model == NULL)
    return 0;

  return rn_shape_get_channels (&rn_model_get_output (model, 0)->output_shape);
}

/**
 * rn_weights_get_variant:
 * @weights: as a file gave them
 * @id: a built-in model
 * @variant: (out): its variant that these weights are for
 *
 * With or without the classifier and for how many classes is told by the last matrix that takes the
 * model's features; the generation of names by the first convolution's. The input's size is the
 * model's own. That the weights fit is not said by this: rn_binding_new() checks it.
 *
 * Returns: %FALSE with %RN_MODEL_ERROR if there is no such model
 */
gboolean
rn_weights_get_variant (RnWeights *weights, const char *id, RnVariant *variant, GError **error)
{
  int n_features;

  g_return_val_if_fail (weights != NULL && id != NULL && variant != NULL, FALSE);

  n_features = get_n_features (id, error);
  if (n_features == 0)
    return FALSE;

  *variant = RN_VARIANT_DEFAULT;
  variant->top = FALSE;
  variant->stride_on_3x3 = rn_weights_get_info (weights)->stride_on_3x3;
  for (int i = 0; i < rn_weights_get_n_layers (weights); i++)
    {
      if (g_str_equal (rn_weights_get_layer_name (weights, i), "conv1_conv"))
        variant->names = RN_NAMES_KERAS3;

      for (int j = 0; j < rn_weights_get_n_tensors (weights, i); j++)
        {
          const char *name;
          const RnTensor *tensor = rn_weights_get_tensor (weights, i, j, &name);

          if (tensor->rank == 2 && tensor->dims[0] == n_features && tensor->dims[1] > 0
              && tensor->dims[1] <= RN_MAX_DIMENSION)
            {
              variant->top = TRUE;
              variant->classes = (int) tensor->dims[1];
            }
        }
    }

  return TRUE;
}
