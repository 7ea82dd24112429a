#include "random-net.h"

#include "engine/model/model-builder.h"

#include <math.h>

/* A network as it grows: the last layers of each rank, to be connected at random. */
typedef struct
{
  RnModelBuilder *builder;
  int n_layers;
  char *last;     /* name of the layer to go on from */
  char *previous; /* the one before it */
} Net;

static RnPadding
pick_padding (RnPads *pads, int window)
{
  int most = MIN (window - 1, 3);

  *pads = (RnPads) { pick (0, most), pick (0, most), pick (0, most), pick (0, most) };

  return pick (0, 2);
}

static RnConvConfig
pick_conv (void)
{
  RnConvConfig conv = {
    .filters = 4 * pick (1, 9),
    .kernel = { pick (1, 4), pick (1, 4) },
    .stride = { pick (1, 3), pick (1, 3) },
    .dilation = { 1, 1 },
    .groups = pick (0, 2) == 0 ? 1 << pick (0, 2) : 1,
    .depth_multiplier = pick (1, 3),
    .use_bias = pick (0, 1),
    .activation = pick (0, 1) ? pick (0, RN_N_ACTIVATIONS - 1) : RN_ACTIVATION_LINEAR,
  };

  if (pick (0, 1)) /* what residual networks have */
    {
      conv.kernel[0] = conv.kernel[1] = pick (0, 1) ? 3 : 1;
      conv.stride[0] = conv.stride[1] = pick (1, 2);
    }
  if (conv.stride[0] == 1 && conv.stride[1] == 1 && pick (0, 2) == 0)
    conv.dilation[0] = pick (1, 3), conv.dilation[1] = pick (1, 3);
  conv.padding = pick_padding (&conv.pads, MIN (conv.kernel[0], conv.kernel[1]));

  return conv;
}

static RnPoolConfig
pick_pool (void)
{
  RnPoolConfig pool = { .pool = { pick (1, 3), pick (1, 3) },
                        .stride = { pick (1, 3), pick (1, 3) },
                        .count_padding = pick (0, 1) };

  pool.padding = pick_padding (&pool.pads, MIN (pool.pool[0], pool.pool[1]));

  return pool;
}

static RnLayerConfig
pick_config (RnLayerKind kind)
{
  switch (kind)
    {
    case RN_LAYER_ZERO_PADDING:
      return (RnLayerConfig) { .zero_padding = { pick (0, 2), pick (0, 2), pick (0, 2),
                                                 pick (0, 2) } };
    case RN_LAYER_CONV:
    case RN_LAYER_DEPTHWISE_CONV:
    case RN_LAYER_SEPARABLE_CONV:
      return (RnLayerConfig) { .conv = pick_conv () };
    case RN_LAYER_BATCH_NORM:
      return (RnLayerConfig) { .batch_norm = { 1e-3f, 0.99f, pick (0, 1), pick (0, 1) } };
    case RN_LAYER_ACTIVATION:
      return (RnLayerConfig) { .activation = { pick (0, RN_N_ACTIVATIONS - 1), INFINITY } };
    case RN_LAYER_RELU:
      return (RnLayerConfig) { .activation = { RN_ACTIVATION_RELU, pick (0, 1) ? 0.5f : INFINITY } };
    case RN_LAYER_MAX_POOL:
    case RN_LAYER_AVERAGE_POOL:
      return (RnLayerConfig) { .pool = pick_pool () };
    case RN_LAYER_DENSE:
      return (RnLayerConfig) { .dense = { pick (1, 150), pick (0, 1),
                                          pick (0, RN_N_ACTIVATIONS - 1) } };
    case RN_LAYER_SHORTCUT_PADDING:
      return (RnLayerConfig) { .shortcut_padding = { pick (1, 2), pick (0, 4), pick (0, 4) } };
    default:
      return (RnLayerConfig) { .dropout_rate = 0.5f };
    }
}

static void
add_layer (Net *net, RnLayerKind kind, const RnLayerConfig *config, const char *second)
{
  const char *inputs[] = { net->last, second, NULL };
  char *name = g_strdup_printf ("layer_%d", net->n_layers++);

  rn_model_builder_add (net->builder, kind, name, config, kind == RN_LAYER_INPUT ? NULL : inputs);
  g_free (net->previous);
  net->previous = net->last;
  net->last = name;
}

/* A block with a shortcut, as the fast planner looks for: [pad] conv norm relu … add relu. */
static void
add_residual_block (Net *net, int channels)
{
  g_autofree char *input = g_strdup (net->last);
  RnLayerConfig conv = { .conv = pick_conv () };
  RnLayerConfig norm = { .batch_norm = { 1e-3f, 0.99f, TRUE, TRUE } };
  RnLayerConfig relu = { .activation = { RN_ACTIVATION_RELU, INFINITY } };

  conv.conv.stride[0] = conv.conv.stride[1] = 1;
  conv.conv.padding = RN_PADDING_SAME;
  conv.conv.groups = 1;
  conv.conv.activation = RN_ACTIVATION_LINEAR;
  for (int i = 0; i < 2; i++)
    {
      conv.conv.filters = i == 0 ? 4 * pick (1, 8) : channels;
      add_layer (net, RN_LAYER_CONV, &conv, NULL);
      if (pick (0, 3) > 0)
        add_layer (net, RN_LAYER_BATCH_NORM, &norm, NULL);
      if (i == 0)
        add_layer (net, RN_LAYER_ACTIVATION, &relu, NULL);
    }
  add_layer (net, RN_LAYER_ADD, NULL, input);
  if (pick (0, 3) > 0)
    add_layer (net, RN_LAYER_ACTIVATION, &relu, NULL);
}

/* Gates channels as squeeze-and-excitation does, or by a tensor of the same shape. */
static void
add_gate (Net *net, int channels)
{
  g_autofree char *input = g_strdup (net->last);
  RnLayerConfig conv
    = { .conv = { .filters = channels, .kernel = { 1, 1 }, .stride = { 1, 1 }, .dilation = { 1, 1 },
                  .groups = 1, .activation = RN_ACTIVATION_SIGMOID } };

  if (pick (0, 1))
    {
      RnLayerConfig reshape = { .reshape = rn_shape_image (1, 1, channels) };

      add_layer (net, RN_LAYER_GLOBAL_AVERAGE_POOL, NULL, NULL);
      add_layer (net, RN_LAYER_RESHAPE, &reshape, NULL);
    }
  add_layer (net, RN_LAYER_CONV, &conv, NULL);
  add_layer (net, RN_LAYER_MULTIPLY, NULL, input);
}

/* Returns: (transfer full) (nullable): a small network; %NULL where chance chose shapes that do not
 * fit */
RnModel *
random_net_build (GError **error)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("random", "Random");
  Net net = { builder };
  int channels = pick (1, 20);
  RnLayerConfig input = { .input = rn_shape_image (pick (1, 24), pick (1, 24), channels) };
  RnLayerConfig widen = { .conv = { .filters = 4 * pick (1, 8), .kernel = { 1, 1 },
                                    .stride = { 1, 1 }, .dilation = { 1, 1 }, .groups = 1 } };
  int n = pick (1, 6);
  RnModel *model;

  add_layer (&net, RN_LAYER_INPUT, &input, NULL);
  add_layer (&net, RN_LAYER_CONV, &widen, NULL);
  channels = widen.conv.filters;
  if (pick (0, 1))
    add_residual_block (&net, channels);
  if (pick (0, 3) == 0)
    add_gate (&net, channels);

  for (int i = 0; i < n; i++)
    {
      RnLayerKind kind = pick (RN_LAYER_ZERO_PADDING, RN_LAYER_UNSUPPORTED - 1);
      RnLayerConfig config = pick_config (kind);
      gboolean merges = kind == RN_LAYER_ADD || kind == RN_LAYER_CONCATENATE
                        || kind == RN_LAYER_MULTIPLY;

      if (kind != RN_LAYER_RESHAPE)
        add_layer (&net, kind, &config, merges ? net.previous : NULL);
    }
  model = rn_model_builder_build (builder, error);
  g_free (net.last);
  g_free (net.previous);

  return model;
}
