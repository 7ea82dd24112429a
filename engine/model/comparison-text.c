/* Words for items and their traits. */
#include "engine/model/comparison-private.h"

static char *
pair_to_string (const double *values)
{
  return values[0] == values[1] ? g_strdup_printf ("%g×%g", values[0], values[0])
                                : g_strdup_printf ("%g×%g (height×width)", values[0], values[1]);
}

static char *
shape_to_string (const double *values)
{
  RnShape shape = { values[3] > 0 ? (int)values[3] : 1,
                    { (int) values[0], (int) values[1], (int) values[2] } };

  return rn_shape_to_string (&shape);
}

static char *
padding_to_string (const RnItem *item)
{
  const double *pads = item->traits[RN_TRAIT_PADDING];

  if (item->form == RN_FORM_SAME)
    return g_strdup ("same");
  if (pads[0] == 0 && pads[1] == 0 && pads[2] == 0 && pads[3] == 0)
    return g_strdup ("valid");
  if (pads[0] == pads[1] && pads[0] == pads[2] && pads[0] == pads[3])
    return g_strdup_printf ("%g pixel%s on each side", pads[0], pads[0] == 1 ? "" : "s");

  return g_strdup_printf ("%g, %g, %g, %g pixels (top, bottom, left, right)", pads[0], pads[1],
                          pads[2], pads[3]);
}

/* What an item has of a trait, e.g. "2×2" of a stride; free with g_free(). */
char *
rn_item_to_string (const RnItem *item, RnTrait trait)
{
  const double *values = item->traits[trait];

  switch (trait)
    {
    case RN_TRAIT_INPUT:
    case RN_TRAIT_SHAPE:
      return shape_to_string (values);
    case RN_TRAIT_KERNEL:
    case RN_TRAIT_STRIDE:
    case RN_TRAIT_DILATION:
    case RN_TRAIT_POOL:
      return pair_to_string (values);
    case RN_TRAIT_BIAS:
      return g_strdup (values[0] != 0 ? "a bias" : "no bias");
    case RN_TRAIT_SCALE:
      return g_strdup_printf ("%s, %s", values[0] != 0 ? "gamma" : "no gamma",
                              values[1] != 0 ? "beta" : "no beta");
    case RN_TRAIT_ACTIVATION:
      if (values[1] > 0)
        return g_strdup_printf ("%s up to %g", rn_activation_get_keras_name (values[0]), values[1]);
      return g_strdup (rn_activation_get_keras_name (values[0]));
    case RN_TRAIT_PADDING:
      return padding_to_string (item);
    case RN_TRAIT_FILTERS:
      if (values[0] > 0 && values[1] > 0)
        return g_strdup_printf ("%g, %g", values[0], values[1]);
      return g_strdup_printf ("%g", MAX (values[0], values[1]));
    case RN_TRAIT_EPSILON:
    case RN_TRAIT_GROUPS:
    case RN_TRAIT_UNITS:
    case RN_N_TRAITS:
    default:
      return g_strdup_printf ("%g", values[0]);
    }
}

/* What an item is, for a sentence: "ReLU", "3×3 convolution", "batch normalization". */
char *
rn_item_get_title (const RnModel *model, const RnItem *item)
{
  const RnLayer *layer = rn_model_get_layer (model, item->layer);
  g_autofree char *kernel = NULL;

  switch ((int)item->kind)
    {
    case RN_LAYER_CONV:
      kernel = pair_to_string (item->traits[RN_TRAIT_KERNEL]);
      return g_strdup_printf ("%s convolution", kernel);
    case RN_LAYER_BATCH_NORM:
      return g_strdup ("batch normalization");
    case RN_LAYER_ACTIVATION:
      if (item->traits[RN_TRAIT_ACTIVATION][0] == RN_ACTIVATION_RELU)
        return g_strdup ("ReLU");
      return rn_item_to_string (item, RN_TRAIT_ACTIVATION);
    case RN_LAYER_ADD:
      return g_strdup ("addition (Add)");
    case RN_LAYER_SHORTCUT_PADDING:
      return g_strdup ("shortcut with channels of zeros (option A)");
    case RN_LAYER_GLOBAL_AVERAGE_POOL:
      return g_strdup ("global average pooling");
    case RN_LAYER_GLOBAL_MAX_POOL:
      return g_strdup ("global max pooling");
    default:
      return g_strdup (layer->keras_class);
    }
}
