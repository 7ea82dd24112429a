/* The CIFAR networks of the paper itself (He et al. 2015, sec. 4.2): 6n + 2 layers, 3x3 convolutions
 * of 16, 32 and 64 filters on maps of 32, 16 and 8 pixels, identity shortcuts everywhere, with zeros
 * for the channels that a stage adds (option A); and the same without shortcuts, its "plain" nets.
 * No bias before a batch norm, borders of one pixel; names in the manner of Keras 3. */
#include "engine/model/net.h"
#include "engine/model/resnet.h"

#define EPSILON 1e-5f
#define N_STAGES 3
#define FIRST_FILTERS 16

/* Convolution and batch norm. With a stride Keras can only say the border of one pixel with a layer of
 * its own. */
static const char *
conv3_bn (RnNet *net, const char *prefix, int filters, int stride, const char *input)
{
  g_autofree char *pad = g_strconcat (prefix, "_pad", NULL);
  g_autofree char *conv = g_strconcat (prefix, "_conv", NULL);
  g_autofree char *norm = g_strconcat (prefix, "_bn", NULL);
  RnPadding padding = stride == 1 ? RN_PADDING_SAME : RN_PADDING_VALID;
  const char *x = input;

  if (stride > 1)
    x = rn_net_zero_padding (net, pad, 1, x);
  x = rn_net_conv (net, conv, filters, 3, stride, padding, x);

  return rn_net_batch_norm (net, norm, x);
}

static const char *
conv3_bn_relu (RnNet *net, const char *prefix, int filters, int stride, const char *input)
{
  g_autofree char *relu = g_strconcat (prefix, "_relu", NULL);
  const char *x = conv3_bn (net, prefix, filters, stride, input);

  return rn_net_relu (net, relu, x);
}

static const char *
residual_block (RnNet *net, int stage, int block, const char *input)
{
  g_autofree char *first = g_strdup_printf ("conv%d_block%d_1", stage + 2, block + 1);
  g_autofree char *second = g_strdup_printf ("conv%d_block%d_2", stage + 2, block + 1);
  g_autofree char *zeros = g_strdup_printf ("conv%d_block%d_0_zeros", stage + 2, block + 1);
  g_autofree char *add = g_strdup_printf ("conv%d_block%d_add", stage + 2, block + 1);
  g_autofree char *out = g_strdup_printf ("conv%d_block%d_out", stage + 2, block + 1);
  int filters = FIRST_FILTERS << stage;
  int stride = stage > 0 && block == 0 ? 2 : 1;
  RnLayerConfig config = { .shortcut_padding = { stride, 0, filters / 2 } };
  const char *x = input, *shortcut = input;

  if (stride > 1)
    shortcut =
        rn_model_builder_chain (net->builder, RN_LAYER_SHORTCUT_PADDING, zeros, &config, input);
  x = conv3_bn_relu (net, first, filters, stride, x);
  x = conv3_bn (net, second, filters, 1, x);
  x = rn_net_add (net, add, shortcut, x);

  return rn_net_relu (net, out, x);
}

static RnModel *
build (const RnRecipe *recipe, gboolean residual, GError **error)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new (recipe->id, recipe->title);
  RnNet net = { builder, FALSE, EPSILON };
  int n_blocks = (recipe->depth - 2) / 6;
  const char *x = rn_net_input (&net, "input_layer", recipe->input_size, 3);

  x = conv3_bn_relu (&net, "conv1", FIRST_FILTERS, 1, x);
  for (int s = 0; s < N_STAGES; s++)
    for (int b = 0; residual && b < n_blocks; b++)
      x = residual_block (&net, s, b, x);
  for (int s = 0; s < N_STAGES; s++)
    for (int i = 0; !residual && i < 2 * n_blocks; i++)
      {
        g_autofree char *prefix = g_strdup_printf ("conv%d_%d", s + 2, i + 1);

        x = conv3_bn_relu (&net, prefix, FIRST_FILTERS << s, s > 0 && i == 0 ? 2 : 1, x);
      }
  if (recipe->top)
    {
      x = rn_net_global_average (&net, "avg_pool", x);
      rn_net_dense (&net, "predictions", recipe->classes, RN_ACTIVATION_SOFTMAX, x);
    }

  return rn_model_builder_build (builder, error);
}

/* Builds resnet20-paper and resnet56-paper; see rn_catalog_build(). */
RnModel *
rn_cifar_paper_build (const RnRecipe *recipe, GError **error)
{
  return build (recipe, TRUE, error);
}

/* Builds plain20 and plain56; see rn_catalog_build(). */
RnModel *
rn_cifar_plain_build (const RnRecipe *recipe, GError **error)
{
  return build (recipe, FALSE, error);
}
