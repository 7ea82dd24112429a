#include "reference-net.h"

#include "engine/model/model-builder.h"
#include "engine/runtime/session.h"

#include <math.h>

#define N_NETS 200
#define MAX_NETS (20 * N_NETS)
#define TOLERANCE 1e-4

/* A network as it grows: the last layers of each rank, to be connected at random. */
typedef struct
{
  RnModelBuilder *builder;
  int n_layers;
  char *last;     /* name of the layer to go on from */
  char *previous; /* the one before it */
} Net;

static int
pick (int first, int last)
{
  return g_test_rand_int_range (first, last + 1);
}

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

static RnModel *
build_random_net (GError **error)
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

/* What is wrong, in a line a layer. */
static void
describe (RnModel *model, int wrong)
{
  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);
      g_autofree char *shape = rn_shape_to_string (&layer->output_shape);

      g_test_message ("%s%d: %s %s of %d, %d", i == wrong ? "WRONG " : "", i,
                      rn_layer_kind_get_keras_class (layer->kind), shape,
                      layer->n_inputs > 0 ? layer->inputs[0] : -1,
                      layer->n_inputs > 1 ? layer->inputs[1] : -1);
    }
}

static void
check_net (RnModel *model, int *seen)
{
  g_autoptr (RnWeights) weights = reference_weights_new_random (model);
  g_autoptr (RnBinding) binding = rn_binding_new (model, weights, NULL);
  g_autoptr (RnTensor) input = reference_input_new_random (model, pick (1, 3));
  g_autoptr (ReferenceNet) reference = reference_net_new (binding, input);
  RnSessionOptions options = { pick (1, 4) };
  g_autoptr (RnSession) session = rn_session_new (binding, &options, NULL);
  g_autoptr (GError) error = NULL;

  rn_session_run (session, input, NULL, &error);
  g_assert_no_error (error);
  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);
      g_autoptr (RnTensor) activation = rn_session_get_activation (session, i, &error);
      double distance;

      g_assert_no_error (error);
      distance = reference_net_get_error (reference, i, activation);
      if (!(distance <= TOLERANCE))
        describe (model, i);
      g_assert_cmpfloat (distance, <=, TOLERANCE);
      seen[layer->kind]++;
    }
}

static gboolean
saw_all (const int *seen)
{
  for (int kind = 0; kind < RN_LAYER_UNSUPPORTED; kind++)
    if (seen[kind] == 0)
      return FALSE;

  return TRUE;
}

static void
test_random_nets (void)
{
  int seen[RN_N_LAYER_KINDS] = { 0 };
  int n = 0;

  g_test_summary ("Every kind of layer, in random networks with random configurations, equals the "
                  "double-precision reference.");
  /* As many as it takes for every kind to have its turn, in reason. */
  while (n < N_NETS || (n < MAX_NETS && !saw_all (seen)))
    {
      g_autoptr (RnModel) model = build_random_net (NULL);

      if (model == NULL) /* shapes that do not fit: as random as the rest */
        continue;
      check_net (model, seen);
      n++;
    }
  for (int kind = 0; kind < RN_LAYER_UNSUPPORTED; kind++)
    {
      if (seen[kind] == 0)
        g_test_message ("no %s was tried", rn_layer_kind_get_keras_class (kind));
      g_assert_cmpint (seen[kind], >, 0);
    }
}

static void
test_random_nets_reference (void)
{
  g_test_summary ("So do the textbook's loops, which RN_ISA=reference asks for.");
  if (g_test_subprocess ())
    {
      g_setenv ("RN_ISA", "reference", TRUE);
      test_random_nets ();
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/random-nets/default", test_random_nets);
  g_test_add_func ("/random-nets/reference", test_random_nets_reference);

  return g_test_run ();
}
