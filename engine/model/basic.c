/* ResNet-18 and 34 for ImageNet (He et al. 2015, table 1): basic blocks of two 3x3 convolutions, a 1x1
 * projection with batch norm where a stage begins (option B), no bias before a batch norm. Names in
 * the manner of Keras 3. A 3x3 convolution of stride 2 is padded by one pixel on every side, which
 * Keras can only say with a ZeroPadding2D before it ('same' would pad below and right alone). */
#include "engine/model/net.h"
#include "engine/model/resnet.h"

#define N_STAGES 4
#define EPSILON 1e-5f

/* He et al. 2015, table 1. */
static const int blocks_of_18[N_STAGES] = { 2, 2, 2, 2 };
static const int blocks_of_34[N_STAGES] = { 3, 4, 6, 3 };

static const char *
conv3_bn (RnNet *net, const char *block, int part, int filters, int stride, const char *input)
{
  g_autofree char *pad = g_strdup_printf ("%s_%d_pad", block, part);
  g_autofree char *conv = g_strdup_printf ("%s_%d_conv", block, part);
  g_autofree char *norm = g_strdup_printf ("%s_%d_bn", block, part);
  RnPadding padding = stride == 1 ? RN_PADDING_SAME : RN_PADDING_VALID;
  const char *x = input;

  if (stride > 1)
    x = rn_net_zero_padding (net, pad, 1, x);
  x = rn_net_conv (net, conv, filters, 3, stride, padding, x);

  return rn_net_batch_norm (net, norm, x);
}

static const char *
projection_bn (RnNet *net, const char *block, int filters, int stride, const char *input)
{
  g_autofree char *conv = g_strconcat (block, "_0_conv", NULL);
  g_autofree char *norm = g_strconcat (block, "_0_bn", NULL);
  const char *x = rn_net_conv (net, conv, filters, 1, stride, RN_PADDING_VALID, input);

  return rn_net_batch_norm (net, norm, x);
}

static const char *
basic_block (RnNet *net, int stage, int position, const char *input)
{
  g_autofree char *block = g_strdup_printf ("conv%d_block%d", stage, position + 1);
  g_autofree char *relu = g_strconcat (block, "_1_relu", NULL);
  g_autofree char *add = g_strconcat (block, "_add", NULL);
  g_autofree char *out = g_strconcat (block, "_out", NULL);
  int filters = 64 << (stage - 2);
  int stride = position == 0 && stage > 2 ? 2 : 1;
  const char *x = input, *shortcut = input;

  if (stride > 1)
    shortcut = projection_bn (net, block, filters, stride, input);
  x = conv3_bn (net, block, 1, filters, stride, x);
  x = rn_net_relu (net, relu, x);
  x = conv3_bn (net, block, 2, filters, 1, x);
  x = rn_net_add (net, add, shortcut, x);

  return rn_net_relu (net, out, x);
}

/* Builds resnet18 and resnet34; see rn_catalog_build(). */
RnModel *
rn_basic_build (const RnRecipe *recipe, GError **error)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new (recipe->id, recipe->title);
  const int *n_blocks = recipe->depth == 34 ? blocks_of_34 : blocks_of_18;
  RnNet net = { builder, FALSE, EPSILON };
  const char *x = rn_net_input (&net, "input_layer", recipe->input_size, 3);

  x = rn_net_zero_padding (&net, "conv1_pad", 3, x);
  x = rn_net_conv (&net, "conv1_conv", 64, 7, 2, RN_PADDING_VALID, x);
  x = rn_net_batch_norm (&net, "conv1_bn", x);
  x = rn_net_relu (&net, "conv1_relu", x);
  x = rn_net_zero_padding (&net, "pool1_pad", 1, x);
  x = rn_net_max_pool (&net, "pool1_pool", 3, 2, RN_PADDING_VALID, x);
  for (int s = 0; s < N_STAGES; s++)
    for (int b = 0; b < n_blocks[s]; b++)
      x = basic_block (&net, s + 2, b, x);

  if (recipe->top)
    {
      x = rn_net_global_average (&net, "avg_pool", x);
      rn_net_dense (&net, "predictions", recipe->classes, RN_ACTIVATION_SOFTMAX, x);
    }

  return rn_model_builder_build (builder, error);
}
