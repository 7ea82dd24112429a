/* Why a difference matters, in a sentence for a student, with its source where it is somebody's. */
#include "engine/model/comparison-private.h"

/* What a trait is called, and why it matters whatever has it. */
static const struct
{
  const char *kind;
  const char *title;
  const char *reason;
} traits[RN_N_TRAITS] = {
  [RN_TRAIT_INPUT] = { "input", "input", "every map that follows has another size" },
  [RN_TRAIT_FILTERS] = { "filters", "number of filters",
                         "the layer and those behind it have other parameters, and weights do not "
                         "fit" },
  [RN_TRAIT_KERNEL] = { "kernel", "kernel size",
                        "each unit sees another part of the map, and weights do not fit" },
  [RN_TRAIT_STRIDE] = { "stride", "stride", "the maps behind it have another size" },
  [RN_TRAIT_DILATION] = { "dilation", "dilation", "the same weights look at pixels further apart" },
  [RN_TRAIT_GROUPS] = { "groups", "number of groups",
                        "each filter sees another share of the channels, and weights do not fit" },
  [RN_TRAIT_POOL] = { "pool", "pooling window", "each unit sums up another part of the map" },
  [RN_TRAIT_BIAS] = { "bias", "bias",
                      "before a batch normalization, which subtracts the mean, a bias has no "
                      "effect but "
                      "its parameters (Ioffe, Szegedy 2015, sec. 3.2); elsewhere the layer cannot "
                      "shift "
                      "its output without one" },
  [RN_TRAIT_EPSILON] = { "epsilon", "epsilon of the batch normalization",
                         "weights that were trained with the other give slightly other numbers, "
                         "most "
                         "where the variance is small (Ioffe, Szegedy 2015, alg. 1)" },
  [RN_TRAIT_SCALE] = { "scale", "scale and offset of the batch normalization",
                       "it can no longer undo its own normalization (Ioffe, Szegedy 2015, sec. "
                       "3)" },
  [RN_TRAIT_ACTIVATION] = { "activation", "activation",
                            "the units answer otherwise to the same input" },
  [RN_TRAIT_UNITS] = { "units", "number of units of the Dense layer",
                       "a classifier has one for each class" },
  [RN_TRAIT_SHAPE] = { "shape", "shape that Reshape makes", "the layers behind it see other axes" },
  [RN_TRAIT_PADDING] = { "padding", "padding",
                         "the map's border is seen otherwise, and maps may have another size" },
};

/* The word for machines, as in RnDifference. */
const char *
rn_trait_get_kind (RnTrait trait)
{
  return traits[trait].kind;
}

const char *
rn_trait_get_title (RnTrait trait)
{
  return traits[trait].title;
}

static gboolean
is_kernel (const RnItem *item, int size)
{
  return item->kind == RN_LAYER_CONV && item->traits[RN_TRAIT_KERNEL][0] == size &&
         item->traits[RN_TRAIT_KERNEL][1] == size;
}

static gboolean
is_strided (const RnItem *item)
{
  return item->traits[RN_TRAIT_STRIDE][0] > 1 || item->traits[RN_TRAIT_STRIDE][1] > 1;
}

static const char *
get_stride_reason (const RnItem *a, const RnItem *b)
{
  if (is_kernel (a, 1) && is_kernel (b, 1))
    return "a 1×1 convolution of stride 2 never sees three quarters of its input (He T. et al. "
           "2019)";
  if (is_kernel (a, 3) && is_kernel (b, 3) && !is_strided (a) && is_strided (b))
    return "a stride on the 3×3 convolution leaves no pixel unseen; in a bottleneck that is "
           "“ResNet "
           "v1.5” (Goyal et al. 2017; torchvision), where the paper has it on the first 1×1";

  return traits[RN_TRAIT_STRIDE].reason;
}

static const char *
get_padding_reason (const RnItem *a, const RnItem *b)
{
  if ((a->form == RN_FORM_SAME) != (b->form == RN_FORM_SAME) && is_strided (a) && is_strided (b) &&
      rn_items_equal (a, b, RN_TRAIT_STRIDE))
    return "with a stride, “same” puts the odd pixel of the border at the bottom and right only "
           "(TensorFlow's rule), so that every window lies a pixel further on; weights trained "
           "with the "
           "one give other numbers with the other";

  return traits[RN_TRAIT_PADDING].reason;
}

static const char *
get_activation_reason (const RnItem *a, const RnItem *b)
{
  double x = a->traits[RN_TRAIT_ACTIVATION][0], y = b->traits[RN_TRAIT_ACTIVATION][0];

  if (x == RN_ACTIVATION_RELU && y == RN_ACTIVATION_RELU)
    return "large answers are cut off where the ReLU has an upper bound";
  if (x == RN_ACTIVATION_RELU && (y == RN_ACTIVATION_SIGMOID || y == RN_ACTIVATION_TANH))
    return "it saturates: where its answer is flat, gradients vanish, and deep networks learn "
           "slowly "
           "(Krizhevsky et al. 2012, sec. 3.1)";
  if (x == RN_ACTIVATION_SOFTMAX || y == RN_ACTIVATION_SOFTMAX)
    return "softmax makes probabilities that add up to 1; the others do not";

  return traits[RN_TRAIT_ACTIVATION].reason;
}

static const char *
get_kernel_reason (const RnItem *a, const RnItem *b)
{
  if (is_kernel (a, 7) && is_kernel (b, 3))
    return "a 3×3 stem is usual for small pictures (He et al. 2015, sec. 4.2), the 7×7 one for "
           "ImageNet's (table 1)";
  if (is_kernel (a, 5) || is_kernel (b, 5))
    return "each unit sees another part of the map, and weights do not fit; two 3×3 convolutions "
           "see as "
           "much as one of 5×5, with fewer parameters (Simonyan, Zisserman 2014, sec. 2.3)";

  return traits[RN_TRAIT_KERNEL].reason;
}

/* Why it matters that two items of one kind differ in a trait. */
const char *
rn_trait_get_reason (RnTrait trait, const RnItem *a, const RnItem *b)
{
  switch ((int)trait)
    {
    case RN_TRAIT_STRIDE:
      return get_stride_reason (a, b);
    case RN_TRAIT_PADDING:
      return get_padding_reason (a, b);
    case RN_TRAIT_ACTIVATION:
      return get_activation_reason (a, b);
    case RN_TRAIT_KERNEL:
      return get_kernel_reason (a, b);
    default:
      return traits[trait].reason;
    }
}

/* Why it matters that a layer is there or not. */
const char *
rn_item_get_reason (const RnItem *item)
{
  switch ((int)item->kind)
    {
    case RN_LAYER_BATCH_NORM:
      return "without it the signal's scale drifts from layer to layer, and training takes a "
             "smaller "
             "learning rate (Ioffe, Szegedy 2015)";
    case RN_LAYER_ACTIVATION:
      if (item->traits[RN_TRAIT_ACTIVATION][0] == RN_ACTIVATION_SOFTMAX)
        return "with it the answer is a probability for each class, without it only a score "
               "(logit); "
               "the best class is the same";
      return "without one between them two linear layers are no more than one";
    case RN_LAYER_CONV:
    case RN_LAYER_DEPTHWISE_CONV:
    case RN_LAYER_SEPARABLE_CONV:
      return "the depth and the parameters differ";
    case RN_LAYER_ADD:
      return "this is the shortcut's end: without it the network is a plain one, which degrades as "
             "it "
             "gets deeper (He et al. 2015, fig. 1)";
    case RN_LAYER_SHORTCUT_PADDING:
      return "a shortcut that changes size needs zeros or a projection (He et al. 2015, sec. 3.3)";
    case RN_LAYER_DENSE:
      return "this is the classifier: without it the network gives features, no classes";
    case RN_LAYER_DROPOUT:
      return "it changes how the network learns, and nothing once it has learnt";
    case RN_LAYER_MAX_POOL:
    case RN_LAYER_AVERAGE_POOL:
      return "the maps behind it have another size";
    case RN_LAYER_GLOBAL_AVERAGE_POOL:
    case RN_LAYER_GLOBAL_MAX_POOL:
      return "it makes one number of each map, for the classifier";
    default:
      return "what is computed differs";
    }
}
