/* ResNet-50, 101 and 152 as Keras builds them: bottleneck blocks, a bias on every convolution, stride 2 on the
 * first 1x1 convolution and on the projection of stages 3 to 5 (He et al. 2015, table 1, and
 * keras_applications/resnet50.py, resnet_common.py). The two generations of Keras name the layers of
 * ResNet-50 differently, set another epsilon, and give the Add its inputs in another order; the deeper
 * ones came with the second and have its names only. torchvision has the stride on the 3x3 convolution
 * instead, padded by one pixel on every side ("v1.5", torchvision/models/resnet.py). */
#include "engine/model/net.h"
#include "engine/model/resnet.h"

#define N_STAGES 4

/* He et al. 2015, table 1. */
static const int blocks_of_50[N_STAGES] = { 3, 4, 6, 3 };
static const int blocks_of_101[N_STAGES] = { 3, 4, 23, 3 };
static const int blocks_of_152[N_STAGES] = { 3, 8, 36, 3 };

#define KERAS2_EPSILON 1e-3f
#define KERAS3_EPSILON 1.001e-5f

/* Layers that Keras 2 names by counting. */
typedef struct
{
  int activation;
  int add;
} Counters;

/* Where a block has its stride. */
typedef struct
{
  int first;      /* on the first 1x1 convolution */
  int second;     /* on the 3x3 convolution */
  int projection; /* on the shortcut */
} Strides;

static Strides
get_strides (const RnRecipe *recipe, int stage, int position)
{
  int stride = position == 0 && stage > 2 ? 2 : 1;

  if (recipe->stride_on_3x3)
    return (Strides) { 1, stride, stride };

  return (Strides) { stride, 1, stride };
}

static const char *
keras2_relu (RnNet *net, Counters *counters, const char *input)
{
  g_autofree char *name = g_strdup_printf ("activation_%d", ++counters->activation);

  return rn_net_relu (net, name, input);
}

/* A convolution and its batch norm: res3b_branch2a, bn3b_branch2a. */
static const char *
keras2_conv_bn (RnNet *net,
                int stage,
                char block,
                const char *branch,
                int filters,
                int kernel,
                int stride,
                const char *input)
{
  g_autofree char *conv = g_strdup_printf ("res%d%c_branch%s", stage, block, branch);
  g_autofree char *norm = g_strdup_printf ("bn%d%c_branch%s", stage, block, branch);
  g_autofree char *pad = g_strdup_printf ("pad%d%c_branch%s", stage, block, branch);
  RnPadding padding = kernel == 3 && stride == 1 ? RN_PADDING_SAME : RN_PADDING_VALID;
  const char *x = input;

  if (kernel == 3 && stride > 1)
    x = rn_net_zero_padding (net, pad, 1, x);
  x = rn_net_conv (net, conv, filters, kernel, stride, padding, x);

  return rn_net_batch_norm (net, norm, x);
}

static const char *
keras2_block (RnNet *net,
              const RnRecipe *recipe,
              Counters *counters,
              int stage,
              int position,
              const char *input)
{
  char letter = (char) ('a' + position);
  int filters = 64 << (stage - 2);
  Strides strides = get_strides (recipe, stage, position);
  g_autofree char *add = g_strdup_printf ("add_%d", ++counters->add);
  const char *x = input, *shortcut = input;

  x = keras2_conv_bn (net, stage, letter, "2a", filters, 1, strides.first, x);
  x = keras2_relu (net, counters, x);
  x = keras2_conv_bn (net, stage, letter, "2b", filters, 3, strides.second, x);
  x = keras2_relu (net, counters, x);
  x = keras2_conv_bn (net, stage, letter, "2c", 4 * filters, 1, 1, x);
  if (position == 0)
    shortcut = keras2_conv_bn (net, stage, letter, "1", 4 * filters, 1, strides.projection, input);
  x = rn_net_add (net, add, x, shortcut);

  return keras2_relu (net, counters, x);
}

static const char *
keras2_body (RnNet *net, const RnRecipe *recipe, const int *n_blocks)
{
  Counters counters = { 0 };
  const char *x = rn_net_input (net, "input_1", recipe->input_size, 3);

  x = rn_net_zero_padding (net, "conv1_pad", 3, x);
  x = rn_net_conv (net, "conv1", 64, 7, 2, RN_PADDING_VALID, x);
  x = rn_net_batch_norm (net, "bn_conv1", x);
  x = keras2_relu (net, &counters, x);
  x = rn_net_zero_padding (net, "pool1_pad", 1, x);
  x = rn_net_max_pool (net, "max_pooling2d_1", 3, 2, RN_PADDING_VALID, x);
  for (int s = 0; s < N_STAGES; s++)
    for (int b = 0; b < n_blocks[s]; b++)
      x = keras2_block (net, recipe, &counters, s + 2, b, x);

  return x;
}

/* A convolution and its batch norm: conv3_block2_1_conv, conv3_block2_1_bn. */
static const char *
keras3_conv_bn (RnNet *net,
                const char *block,
                int part,
                int filters,
                int kernel,
                int stride,
                const char *input)
{
  g_autofree char *conv = g_strdup_printf ("%s_%d_conv", block, part);
  g_autofree char *norm = g_strdup_printf ("%s_%d_bn", block, part);
  g_autofree char *pad = g_strdup_printf ("%s_%d_pad", block, part);
  RnPadding padding = kernel == 3 && stride == 1 ? RN_PADDING_SAME : RN_PADDING_VALID;
  const char *x = input;

  if (kernel == 3 && stride > 1)
    x = rn_net_zero_padding (net, pad, 1, x);
  x = rn_net_conv (net, conv, filters, kernel, stride, padding, x);

  return rn_net_batch_norm (net, norm, x);
}

static const char *
keras3_block (RnNet *net, const RnRecipe *recipe, int stage, int position, const char *input)
{
  g_autofree char *block = g_strdup_printf ("conv%d_block%d", stage, position + 1);
  g_autofree char *relu_1 = g_strconcat (block, "_1_relu", NULL);
  g_autofree char *relu_2 = g_strconcat (block, "_2_relu", NULL);
  g_autofree char *add = g_strconcat (block, "_add", NULL);
  g_autofree char *out = g_strconcat (block, "_out", NULL);
  int filters = 64 << (stage - 2);
  Strides strides = get_strides (recipe, stage, position);
  const char *x = input, *shortcut = input;

  if (position == 0)
    shortcut = keras3_conv_bn (net, block, 0, 4 * filters, 1, strides.projection, input);
  x = keras3_conv_bn (net, block, 1, filters, 1, strides.first, x);
  x = rn_net_relu (net, relu_1, x);
  x = keras3_conv_bn (net, block, 2, filters, 3, strides.second, x);
  x = rn_net_relu (net, relu_2, x);
  x = keras3_conv_bn (net, block, 3, 4 * filters, 1, 1, x);
  x = rn_net_add (net, add, shortcut, x);

  return rn_net_relu (net, out, x);
}

static const char *
keras3_body (RnNet *net, const RnRecipe *recipe, const int *n_blocks)
{
  const char *x = rn_net_input (net, "input_layer", recipe->input_size, 3);

  x = rn_net_zero_padding (net, "conv1_pad", 3, x);
  x = rn_net_conv (net, "conv1_conv", 64, 7, 2, RN_PADDING_VALID, x);
  x = rn_net_batch_norm (net, "conv1_bn", x);
  x = rn_net_relu (net, "conv1_relu", x);
  x = rn_net_zero_padding (net, "pool1_pad", 1, x);
  x = rn_net_max_pool (net, "pool1_pool", 3, 2, RN_PADDING_VALID, x);
  for (int s = 0; s < N_STAGES; s++)
    for (int b = 0; b < n_blocks[s]; b++)
      x = keras3_block (net, recipe, s + 2, b, x);

  return x;
}

static const int *
get_blocks (int depth)
{
  if (depth == 101)
    return blocks_of_101;

  return depth == 152 ? blocks_of_152 : blocks_of_50;
}

/* Builds resnet50, resnet101 and resnet152; see rn_catalog_build(). */
RnModel *
rn_bottleneck_build (const RnRecipe *recipe, GError **error)
{
  g_autofree char *title =
      g_strconcat (recipe->title, recipe->stride_on_3x3 ? " v1.5" : NULL, NULL);
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new (recipe->id, title);
  gboolean keras2 = recipe->names == RN_NAMES_KERAS2 && recipe->depth == 50;
  RnNet net = { builder, TRUE, keras2 ? KERAS2_EPSILON : KERAS3_EPSILON };
  const int *n_blocks = get_blocks (recipe->depth);
  const char *x = keras2 ? keras2_body (&net, recipe, n_blocks)
                         : keras3_body (&net, recipe, n_blocks);

  if (recipe->top)
    {
      x = rn_net_global_average (&net, "avg_pool", x);
      rn_net_dense (&net, keras2 ? "fc1000" : "predictions", recipe->classes,
                    RN_ACTIVATION_SOFTMAX, x);
    }

  return rn_model_builder_build (builder, error);
}
