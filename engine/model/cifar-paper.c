/* The CIFAR networks of the paper itself (He et al. 2015, sec. 4.2): 6n + 2 layers, 3x3
 * convolutions of 16, 32 and 64 filters on maps of 32, 16 and 8 pixels, identity shortcuts
 * everywhere, with zeros for the channels that a stage adds (option A); and the same without
 * shortcuts, its "plain" nets. No bias before a batch norm, borders of one pixel; names in the
 * manner of Keras 3. What RnCifarNet can change about them is no part of the paper's nets of this
 * size, but of its other experiments (projections), of those before it (no batch norm) and of the
 * tutorial (the extra ReLU). */
#include "engine/model/cifar-net.h"
#include "engine/model/net.h"
#include "engine/model/resnet.h"

#define EPSILON 1e-5f
/* As in PyTorch's layer (1 - 0.1), by which these nets are usually trained again: running statistics
 * are there after some twenty steps, so that a validation after a short epoch means something. */
#define MOMENTUM 0.9f
#define N_STAGES 3
#define FIRST_FILTERS 16

/* What a network is made with. */
typedef struct
{
  RnNet net;
  RnCifarNet kind;
} Maker;

/* A batch norm, where the network has any. */
static const char *
norm (Maker *maker, const char *prefix, const char *input)
{
  g_autofree char *name = g_strconcat (prefix, "_bn", NULL);

  return maker->kind.no_batch_norm ? input : rn_net_batch_norm (&maker->net, name, input);
}

/* Convolution and batch norm. With a stride Keras can only say the border of one pixel with a layer
 * of its own. */
static const char *
conv3_bn (Maker *maker, const char *prefix, int filters, int stride, const char *input)
{
  g_autofree char *pad = g_strconcat (prefix, "_pad", NULL);
  g_autofree char *conv = g_strconcat (prefix, "_conv", NULL);
  RnPadding padding = stride == 1 ? RN_PADDING_SAME : RN_PADDING_VALID;
  const char *x = input;

  if (stride > 1)
    x = rn_net_zero_padding (&maker->net, pad, 1, x);
  x = rn_net_conv (&maker->net, conv, filters, 3, stride, padding, x);

  return norm (maker, prefix, x);
}

static const char *
conv3_bn_relu (Maker *maker, const char *prefix, int filters, int stride, const char *input)
{
  g_autofree char *relu = g_strconcat (prefix, "_relu", NULL);
  const char *x = conv3_bn (maker, prefix, filters, stride, input);

  return rn_net_relu (&maker->net, relu, x);
}

static const char *
shortcut (Maker *maker, const char *block, int filters, int stride, const char *input)
{
  g_autofree char *zeros = g_strconcat (block, "_0_zeros", NULL);
  g_autofree char *prefix = g_strconcat (block, "_0", NULL);
  g_autofree char *conv = g_strconcat (block, "_0_conv", NULL);
  RnLayerConfig config = { .shortcut_padding = { stride, 0, filters / 2 } };

  if (maker->kind.option == RN_CIFAR_ALL_PROJECTIONS ||
      (maker->kind.option == RN_CIFAR_PROJECTIONS && stride > 1))
    return norm (maker, prefix,
                 rn_net_conv (&maker->net, conv, filters, 1, stride, RN_PADDING_VALID, input));
  if (stride > 1)
    return rn_model_builder_chain (maker->net.builder, RN_LAYER_SHORTCUT_PADDING, zeros, &config,
                                   input);

  return input;
}

static const char *
residual_block (Maker *maker, int stage, int number, const char *input)
{
  g_autofree char *block = g_strdup_printf ("conv%d_block%d", stage + 2, number + 1);
  g_autofree char *first = g_strconcat (block, "_1", NULL);
  g_autofree char *second = g_strconcat (block, "_2", NULL);
  g_autofree char *add = g_strconcat (block, "_add", NULL);
  g_autofree char *out = g_strconcat (block, "_out", NULL);
  int filters = FIRST_FILTERS << stage, stride = stage > 0 && number == 0 ? 2 : 1;
  const char *around = shortcut (maker, block, filters, stride, input), *x = input;

  x = conv3_bn_relu (maker, first, filters, stride, x);
  x = maker->kind.extra_relu ? conv3_bn_relu (maker, second, filters, 1, x)
                             : conv3_bn (maker, second, filters, 1, x);
  x = rn_net_add (&maker->net, add, around, x);

  return rn_net_relu (&maker->net, out, x);
}

/* Two convolutions, what a block has without its shortcut. */
static const char *
plain_pair (Maker *maker, int stage, int number, const char *input)
{
  const char *x = input;

  for (int i = 2 * number; i < 2 * number + 2; i++)
    {
      g_autofree char *prefix = g_strdup_printf ("conv%d_%d", stage + 2, i + 1);

      x = conv3_bn_relu (maker, prefix, FIRST_FILTERS << stage, stage > 0 && i == 0 ? 2 : 1, x);
    }

  return x;
}

/* Builds all networks that RnCifarNet names; see rn_catalog_build(). */
RnModel *
rn_cifar_paper_build (const RnRecipe *recipe, GError **error)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new (recipe->id, recipe->title);
  Maker maker = { .net = { builder, FALSE, EPSILON, MOMENTUM } };
  int n_blocks = (recipe->depth - 2) / 6;
  const char *x;

  g_return_val_if_fail (rn_cifar_net_parse (recipe->id, &maker.kind), NULL);

  maker.net.use_bias = maker.kind.no_batch_norm;
  x = rn_net_input (&maker.net, "input_layer", recipe->input_size, 3);
  x = conv3_bn_relu (&maker, "conv1", FIRST_FILTERS, 1, x);
  for (int s = 0; s < N_STAGES; s++)
    for (int b = 0; b < n_blocks; b++)
      x = maker.kind.plain ? plain_pair (&maker, s, b, x) : residual_block (&maker, s, b, x);
  if (recipe->top)
    {
      x = rn_net_global_average (&maker.net, "avg_pool", x);
      rn_net_dense (&maker.net, "predictions", recipe->classes, RN_ACTIVATION_SOFTMAX, x);
    }

  return rn_model_builder_build (builder, error);
}
