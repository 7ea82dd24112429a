/* The tutorial's own reproduction of ResNet-50, as its code builds it: part_1 is the stem, part_2 a
 * block with a projection, part_3 a block with the identity. part_3 has a ReLU more than Keras: behind
 * the last batch norm of the branch, before the addition. The code ends with the last block; its
 * author names a classifier as work to be done, so one is there only where classes are asked for. */
#include "engine/model/auto-net.h"
#include "engine/model/resnet.h"

#define KERAS2_EPSILON 1e-3f
#define N_STAGES 4

static const int n_blocks[N_STAGES] = { 3, 4, 6, 3 };

static const char *
part_1 (RnAutoNet *net, int input_size)
{
  const char *x = rn_auto_net_input (net, input_size, 3);

  x = rn_auto_net_zero_padding (net, 3, x);
  x = rn_auto_net_conv (net, 64, 7, 2, RN_PADDING_VALID, x);
  x = rn_auto_net_batch_norm (net, x);
  x = rn_auto_net_relu (net, x);
  x = rn_auto_net_zero_padding (net, 1, x);

  return rn_auto_net_max_pool (net, 3, 2, RN_PADDING_VALID, x);
}

/* What part_2 and part_3 have in common: the branch up to its last batch norm. */
static const char *
branch (RnAutoNet *net, int filters, int stride, const char *input)
{
  const char *x = rn_auto_net_conv (net, filters, 1, stride, RN_PADDING_VALID, input);

  x = rn_auto_net_batch_norm (net, x);
  x = rn_auto_net_relu (net, x);
  x = rn_auto_net_conv (net, filters, 3, 1, RN_PADDING_SAME, x);
  x = rn_auto_net_batch_norm (net, x);
  x = rn_auto_net_relu (net, x);
  x = rn_auto_net_conv (net, 4 * filters, 1, 1, RN_PADDING_SAME, x);

  return rn_auto_net_batch_norm (net, x);
}

static const char *
part_2 (RnAutoNet *net, int filters, int stride, const char *input)
{
  RnPadding padding = stride == 2 ? RN_PADDING_SAME : RN_PADDING_VALID;
  const char *x = branch (net, filters, stride, input);
  const char *shortcut = rn_auto_net_conv (net, 4 * filters, 1, stride, padding, input);

  shortcut = rn_auto_net_batch_norm (net, shortcut);
  x = rn_auto_net_add (net, x, shortcut);

  return rn_auto_net_relu (net, x);
}

static const char *
part_3 (RnAutoNet *net, int filters, const char *input)
{
  const char *x = branch (net, filters, 1, input);

  x = rn_auto_net_relu (net, x);
  x = rn_auto_net_add (net, x, input);

  return rn_auto_net_relu (net, x);
}

/* Builds resnet50-rebuilt; see rn_catalog_build(). */
RnModel *
rn_resnet50_rebuilt_build (const RnRecipe *recipe, GError **error)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("model_1", recipe->title);
  RnAutoNet net = { .net = { builder, TRUE, KERAS2_EPSILON } };
  const char *x = part_1 (&net, recipe->input_size);

  for (int s = 0; s < N_STAGES; s++)
    {
      x = part_2 (&net, 64 << s, s > 0 ? 2 : 1, x);
      for (int b = 1; b < n_blocks[s]; b++)
        x = part_3 (&net, 64 << s, x);
    }
  if (recipe->top && recipe->classes > 0)
    {
      x = rn_auto_net_global_average (&net, x);
      rn_auto_net_dense (&net, recipe->classes, RN_ACTIVATION_SOFTMAX, x);
    }

  return rn_model_builder_build (builder, error);
}
