/* The networks of Keras' example cifar10_resnet.py (keras 2.x, examples/), names as Keras 2 counts
 * them. Version 1 is He et al. 2015, sec. 4.2, with projections (option B) instead of zero padding;
 * version 2 is He et al. 2016, with bottlenecks and full pre-activation. */
#include "engine/model/auto-net.h"
#include "engine/model/resnet.h"

#define KERAS2_EPSILON 1e-3f
#define N_STACKS 3
#define FIRST_FILTERS 16

/* resnet_layer() with conv_first: a convolution, its batch norm, its activation. */
static const char *
conv_first (RnAutoNet *net, int filters, int stride, gboolean activation, const char *input)
{
  const char *x = rn_auto_net_conv (net, filters, 3, stride, RN_PADDING_SAME, input);

  x = rn_auto_net_batch_norm (net, x);

  return activation ? rn_auto_net_relu (net, x) : x;
}

/* resnet_layer() without: batch norm and activation (where @pre_activation) come first. */
static const char *
conv_last (RnAutoNet *net,
           int filters,
           int kernel,
           int stride,
           gboolean pre_activation,
           const char *input)
{
  const char *x = input;

  if (pre_activation)
    {
      x = rn_auto_net_batch_norm (net, x);
      x = rn_auto_net_relu (net, x);
    }

  return rn_auto_net_conv (net, filters, kernel, stride, RN_PADDING_SAME, x);
}

static const char *
block_v1 (RnAutoNet *net, int filters, gboolean widens, const char *input)
{
  int stride = widens ? 2 : 1;
  const char *y = conv_first (net, filters, stride, TRUE, input);
  const char *x = input;

  y = conv_first (net, filters, 1, FALSE, y);
  if (widens)
    x = rn_auto_net_conv (net, filters, 1, stride, RN_PADDING_SAME, x);
  x = rn_auto_net_add (net, x, y);

  return rn_auto_net_relu (net, x);
}

static const char *
block_v2 (RnAutoNet *net, int in, int out, int stack, int block, const char *input)
{
  int stride = stack > 0 && block == 0 ? 2 : 1;
  const char *y = conv_last (net, in, 1, stride, stack > 0 || block > 0, input);
  const char *x = input;

  y = conv_last (net, in, 3, 1, TRUE, y);
  y = conv_last (net, out, 1, 1, TRUE, y);
  if (block == 0)
    x = conv_last (net, out, 1, stride, FALSE, x);

  return rn_auto_net_add (net, x, y);
}

static void
classifier (RnAutoNet *net, const RnRecipe *recipe, const char *input)
{
  const char *x = rn_auto_net_average_pool (net, 8, input);

  x = rn_auto_net_flatten (net, x);
  rn_auto_net_dense (net, recipe->classes, RN_ACTIVATION_SOFTMAX, x);
}

/* Builds resnet20, 32, 44, 56 and 110, of depth 6n + 2; see rn_catalog_build(). */
RnModel *
rn_cifar10_resnet_v1_build (const RnRecipe *recipe, GError **error)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("model_1", recipe->title);
  RnAutoNet net = { .net = { builder, TRUE, KERAS2_EPSILON } };
  int n_blocks = (recipe->depth - 2) / 6;
  const char *x = rn_auto_net_input (&net, recipe->input_size, 3);

  x = conv_first (&net, FIRST_FILTERS, 1, TRUE, x);
  for (int s = 0; s < N_STACKS; s++)
    for (int b = 0; b < n_blocks; b++)
      x = block_v1 (&net, FIRST_FILTERS << s, s > 0 && b == 0, x);
  if (recipe->top)
    classifier (&net, recipe, x);

  return rn_model_builder_build (builder, error);
}

/* Builds resnet20v2, 29v2, 56v2 and 110v2, of depth 9n + 2; see rn_catalog_build(). */
RnModel *
rn_cifar10_resnet_v2_build (const RnRecipe *recipe, GError **error)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("model_1", recipe->title);
  RnAutoNet net = { .net = { builder, TRUE, KERAS2_EPSILON } };
  int n_blocks = (recipe->depth - 2) / 9;
  int in = FIRST_FILTERS;
  const char *x = rn_auto_net_input (&net, recipe->input_size, 3);

  x = conv_first (&net, FIRST_FILTERS, 1, TRUE, x);
  for (int s = 0; s < N_STACKS; s++)
    {
      int out = s == 0 ? 4 * in : 2 * in;

      for (int b = 0; b < n_blocks; b++)
        x = block_v2 (&net, in, out, s, b, x);
      in = out;
    }
  x = rn_auto_net_batch_norm (&net, x);
  x = rn_auto_net_relu (&net, x);
  if (recipe->top)
    classifier (&net, recipe, x);

  return rn_model_builder_build (builder, error);
}
