#include <math.h>

#include "engine/model/comparison.h"
#include "engine/model/net.h"

typedef enum
{
  SAME,
  INPUT,
  FILTERS,
  KERNEL,
  STRIDE,
  PADDING,
  DILATION,
  GROUPS,
  BIAS,
  EPSILON,
  SCALE,
  ACTIVATION,
  POOL,
  UNITS,
  RELU6,
  EXTRA_RELU,
  EXTRA_CONV,
  EXTRA_DROPOUT,
  MISSING_RELU,
  MISSING_NORM,
  REPLACED_POOL,
  REPLACED_CONV,
  REPLACED_ADD,
  PRE_ACTIVATION,
  EXTRA_BLOCK,
  MISSING_BLOCK,
  CONNECTION,
  ADD_ORDER,
  SOFTMAX_BEHIND,
  MISSING_SOFTMAX,
  RELU_LAYER,
  ZERO_PADDING,
  EXPLICIT_PADDING,
  POOL_FLATTEN,
  FOLDED,
  OTHER_NAMES,
} Mutation;

typedef struct
{
  RnNet net;
  Mutation mutation;
  int n; /* layers so far: names are their numbers */
  const char *prefix;
} Maker;

static const char *
chain (Maker *maker, RnLayerKind kind, const RnLayerConfig *config, const char *input)
{
  g_autofree char *name = g_strdup_printf ("%s%d", maker->prefix, ++maker->n);

  return rn_model_builder_chain (maker->net.builder, kind, name, config, input);
}

/* A convolution, the one of the second block being the one that mutates. */
static const char *
conv (Maker *maker, int filters, int kernel, int stride, gboolean mutates, const char *input)
{
  Mutation mutation = mutates ? maker->mutation : SAME;
  RnPads border = { 1, 1, 1, 1 };
  RnLayerConfig config = { .conv = { .filters = filters,
                                     .kernel = { kernel, kernel },
                                     .stride = { stride, stride },
                                     .dilation = { 1, 1 },
                                     .groups = 1,
                                     .padding = RN_PADDING_SAME,
                                     .use_bias = TRUE } };
  RnLayerConfig pad = { .zero_padding = border };

  if (mutation == FILTERS)
    config.conv.filters = 24;
  else if (mutation == KERNEL)
    config.conv.kernel[0] = config.conv.kernel[1] = 5;
  else if (mutation == DILATION)
    config.conv.dilation[0] = config.conv.dilation[1] = 2;
  else if (mutation == GROUPS)
    config.conv.groups = 2;
  else if (mutation == BIAS)
    config.conv.use_bias = FALSE;
  else if (mutation == EXPLICIT_PADDING)
    config.conv.padding = RN_PADDING_EXPLICIT, config.conv.pads = border;
  else if (mutation == ZERO_PADDING)
    {
      config.conv.padding = RN_PADDING_VALID;
      input = chain (maker, RN_LAYER_ZERO_PADDING, &pad, input);
    }

  if (mutation == EXTRA_CONV)
    input = chain (maker, RN_LAYER_CONV, &config, input);
  config.conv.depth_multiplier = mutation == REPLACED_CONV;

  return chain (maker, mutation == REPLACED_CONV ? RN_LAYER_DEPTHWISE_CONV : RN_LAYER_CONV, &config,
                input);
}

static const char *
norm (Maker *maker, gboolean mutates, const char *input)
{
  Mutation mutation = mutates ? maker->mutation : SAME;
  RnLayerConfig config = { .batch_norm = { mutation == EPSILON ? 1e-5f : 1e-3f, 0.99f,
                                           mutation != SCALE, TRUE } };

  if (maker->mutation == FOLDED || mutation == MISSING_NORM)
    return input;

  return chain (maker, RN_LAYER_BATCH_NORM, &config, input);
}

static const char *
relu (Maker *maker, gboolean mutates, const char *input)
{
  Mutation mutation = mutates ? maker->mutation : SAME;
  RnLayerConfig config = { .activation = { RN_ACTIVATION_RELU, INFINITY } };

  if (mutation == MISSING_RELU)
    return input;
  if (mutation == ACTIVATION)
    config.activation.function = RN_ACTIVATION_TANH;
  if (mutation == RELU6)
    {
      config.activation.max_value = 6;
      return chain (maker, RN_LAYER_RELU, &config, input);
    }

  return chain (maker, mutation == RELU_LAYER ? RN_LAYER_RELU : RN_LAYER_ACTIVATION, &config,
                input);
}

/* Normalization and ReLU before each convolution: the same layers in another order. */
static const char *
pre_activated_block (Maker *maker, const char *input)
{
  g_autofree char *name = NULL;
  const char *x = input;

  x = conv (maker, 16, 3, 1, TRUE, relu (maker, FALSE, norm (maker, FALSE, x)));
  x = conv (maker, 16, 3, 1, FALSE, relu (maker, FALSE, norm (maker, FALSE, x)));
  name = g_strdup_printf ("%sadd%d", maker->prefix, ++maker->n);

  return rn_net_add (&maker->net, name, x, input);
}

static const char *
block (Maker *maker, gboolean mutates, const char *input, const char *before)
{
  const char *x = input, *shortcut = input;
  RnLayerConfig dropout = { .dropout_rate = 0.5 };
  g_autofree char *name = NULL;

  if (mutates && maker->mutation == PRE_ACTIVATION)
    return pre_activated_block (maker, input);
  x = relu (maker, mutates, norm (maker, mutates, conv (maker, 16, 3, 1, mutates, x)));
  x = norm (maker, FALSE, conv (maker, 16, 3, 1, FALSE, x));
  if (mutates && maker->mutation == EXTRA_DROPOUT)
    x = chain (maker, RN_LAYER_DROPOUT, &dropout, x);
  if (mutates && maker->mutation == EXTRA_RELU)
    x = relu (maker, FALSE, x);
  if (mutates && maker->mutation == CONNECTION)
    shortcut = before;
  name = g_strdup_printf ("%sadd%d", maker->prefix, ++maker->n);
  if (mutates && maker->mutation == REPLACED_ADD)
    x = rn_model_builder_merge (maker->net.builder, RN_LAYER_MULTIPLY, name, x, shortcut);
  else
    x = mutates && maker->mutation == ADD_ORDER ? rn_net_add (&maker->net, name, shortcut, x)
                                                : rn_net_add (&maker->net, name, x, shortcut);

  return relu (maker, FALSE, x);
}

static void
head (Maker *maker, const char *x)
{
  gboolean behind = maker->mutation == SOFTMAX_BEHIND;
  gboolean linear = behind || maker->mutation == MISSING_SOFTMAX;
  RnLayerConfig pool = { .pool = { .pool = { 4, 4 }, .stride = { 4, 4 } } };
  RnLayerConfig dense = { .dense = { maker->mutation == UNITS ? 7 : 10, TRUE,
                                     linear ? RN_ACTIVATION_LINEAR : RN_ACTIVATION_SOFTMAX } };
  RnLayerConfig softmax = { .activation = { RN_ACTIVATION_SOFTMAX, INFINITY } };

  if (maker->mutation == POOL_FLATTEN)
    x = chain (maker, RN_LAYER_FLATTEN, NULL, chain (maker, RN_LAYER_AVERAGE_POOL, &pool, x));
  else
    x = chain (maker, RN_LAYER_GLOBAL_AVERAGE_POOL, NULL, x);
  x = chain (maker, RN_LAYER_DENSE, &dense, x);
  if (behind)
    chain (maker, RN_LAYER_ACTIVATION, &softmax, x);
}

static RnModel *
make (Mutation mutation)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("m", "M");
  Maker maker = { { builder, TRUE, 1e-3f }, mutation, 0, mutation == OTHER_NAMES ? "x" : "layer" };
  RnLayerConfig pool = { .pool = {
                             .pool = { 2, 2 }, .stride = { 2, 2 }, .padding = RN_PADDING_SAME } };
  const char *x = rn_net_input (&maker.net, "input", mutation == INPUT ? 18 : 16, 3);
  const char *before;
  g_autoptr (GError) error = NULL;
  RnModel *model;

  if (mutation == POOL)
    pool.pool.pool[0] = pool.pool.pool[1] = 3;
  if (mutation == PADDING)
    pool.pool.padding = RN_PADDING_VALID, pool.pool.pool[0] = pool.pool.pool[1] = 2;
  x = relu (&maker, FALSE,
            norm (&maker, FALSE, conv (&maker, 16, 3, mutation == STRIDE ? 1 : 2, FALSE, x)));
  if (mutation == PADDING)
    {
      RnLayerConfig valid = { .conv = { .filters = 16,
                                        .kernel = { 3, 3 },
                                        .stride = { 1, 1 },
                                        .dilation = { 1, 1 },
                                        .groups = 1,
                                        .padding = RN_PADDING_VALID,
                                        .use_bias = TRUE } };

      x = chain (&maker, RN_LAYER_CONV, &valid, x);
      pool.pool.padding = RN_PADDING_SAME;
    }
  else
    {
      x = conv (&maker, 16, 3, 1, FALSE, x);
    }
  x = before = chain (&maker, mutation == REPLACED_POOL ? RN_LAYER_AVERAGE_POOL : RN_LAYER_MAX_POOL,
                      &pool, x);
  x = block (&maker, FALSE, x, before);
  x = block (&maker, TRUE, x, before);
  if (mutation != MISSING_BLOCK)
    x = block (&maker, FALSE, x, before);
  if (mutation == EXTRA_BLOCK)
    x = block (&maker, FALSE, x, before);
  head (&maker, x);
  model = rn_model_builder_build (builder, &error);
  g_assert_no_error (error);

  return model;
}

static const struct
{
  Mutation mutation;
  const char *kind; /* NULL: no difference at all */
  int n_layers;
} cases[] = {
  { SAME, NULL, 0 },
  { OTHER_NAMES, NULL, 0 },
  { INPUT, "input", 1 },
  { FILTERS, "filters", 1 },
  { KERNEL, "kernel", 1 },
  { STRIDE, "stride", 1 },
  { PADDING, "padding", 1 },
  { DILATION, "dilation", 1 },
  { GROUPS, "groups", 1 },
  { BIAS, "bias", 1 },
  { EPSILON, "epsilon", 1 },
  { SCALE, "scale", 1 },
  { ACTIVATION, "activation", 1 },
  { POOL, "pool", 1 },
  { UNITS, "units", 1 },
  { RELU6, "activation", 1 },
  { EXTRA_RELU, "extra", 1 },
  { EXTRA_CONV, "extra", 1 },
  { EXTRA_DROPOUT, "extra", 1 },
  { MISSING_RELU, "missing", 1 },
  { MISSING_NORM, "missing", 1 },
  { MISSING_SOFTMAX, "missing", 1 },
  { REPLACED_POOL, "replaced", 1 },
  { REPLACED_CONV, "replaced", 1 },
  { REPLACED_ADD, "replaced", 1 },
  { PRE_ACTIVATION, "order", 1 },
  { EXTRA_BLOCK, "extra", 1 },
  { MISSING_BLOCK, "missing", 1 },
  { CONNECTION, "connection", 1 },
  { ADD_ORDER, "equivalent", 1 },
  { SOFTMAX_BEHIND, "equivalent", 1 },
  { RELU_LAYER, "equivalent", 1 },
  { ZERO_PADDING, "equivalent", 1 },
  { EXPLICIT_PADDING, "equivalent", 1 },
  { POOL_FLATTEN, "equivalent", 1 },
  { FOLDED, "equivalent", 7 },
};

static gint64
count_parameters (const RnModel *model)
{
  gint64 n = 0;

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    n += rn_layer_get_n_parameters (rn_model_get_layer (model, i));

  return n;
}

static void
test_mutations (void)
{
  g_autoptr (RnModel) base = make (SAME);

  g_test_summary ("A network with one mutation is reported with that one and nothing else");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RnModel) mutant = make (cases[i].mutation);
      g_autoptr (RnComparison) comparison = rn_comparison_new (base, mutant);
      gboolean same = cases[i].kind == NULL || g_str_equal (cases[i].kind, "equivalent");

      for (int k = 0; k < rn_comparison_get_n (comparison); k++)
        g_test_message ("%u: %s: %s", i, rn_comparison_get (comparison, k)->kind,
                        rn_comparison_get (comparison, k)->text);
      g_assert_cmpint (rn_comparison_get_n (comparison), ==, cases[i].kind != NULL);
      g_assert_cmpint (rn_comparison_is_same (comparison), ==, same);
      if (cases[i].kind == NULL)
        continue;
      g_assert_cmpstr (rn_comparison_get (comparison, 0)->kind, ==, cases[i].kind);
      g_assert_cmpint (rn_comparison_get (comparison, 0)->n_layers, ==, cases[i].n_layers);
      if (g_str_equal (cases[i].kind, "missing"))
        g_assert_cmpint (rn_comparison_get (comparison, 0)->parameters_a
                             - rn_comparison_get (comparison, 0)->parameters_b,
                         ==, count_parameters (base) - count_parameters (mutant));
    }
}

static void
test_rebuilt (void)
{
  g_autoptr (RnModel) rebuilt = rn_catalog_build ("resnet50-rebuilt", &RN_VARIANT_DEFAULT, NULL);
  RnVariant variant;
  g_autoptr (RnModel) nearest = rn_comparison_find_variant ("resnet50", rebuilt, &variant, NULL);
  g_autoptr (RnComparison) comparison = rn_comparison_new (nearest, rebuilt);
  const RnDifference *difference;

  g_test_summary (
      "The tutorial's network differs by its twelve ReLUs alone from the nearest variant");

  g_assert_false (variant.top);
  g_assert_cmpint (variant.names, ==, RN_NAMES_KERAS2);
  g_assert_cmpint (rn_comparison_get_n (comparison), ==, 1);
  difference = rn_comparison_get (comparison, 0);
  g_assert_cmpstr (difference->kind, ==, "extra");
  g_assert_cmpint (difference->n_layers, ==, 12);
  g_assert_nonnull (
      strstr (difference->text, "an extra ReLU before the addition in 12 identity blocks"));
}

/* input, Conv2D, a layer of a class that is not supported, Flatten, Reshape */
static RnModel *
make_foreign (const char *keras_class, int height)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("m", "M");
  RnNet net = { builder, TRUE, 1e-3f };
  RnShape shape = rn_shape_image (8, 8, 4);
  RnLayerConfig reshape = { .reshape = rn_shape_image (height, 4, -1) };
  const char *inputs[] = { "conv", NULL };
  const char *x = rn_net_input (&net, "input", 8, 3);
  RnModel *model;

  rn_net_conv (&net, "conv", 4, 3, 1, RN_PADDING_SAME, x);
  rn_model_builder_add_unsupported (builder, keras_class, "foreign", &shape, inputs);
  x = rn_model_builder_chain (builder, RN_LAYER_FLATTEN, "flatten", NULL, "foreign");
  rn_model_builder_chain (builder, RN_LAYER_RESHAPE, "reshape", &reshape, x);
  model = rn_model_builder_build (builder, NULL);
  g_assert_nonnull (model);

  return model;
}

static void
test_foreign (void)
{
  static const struct
  {
    const char *keras_class;
    int height;
    const char *kind;
  } mutants[] = {
    { "LayerNormalization", 8, NULL },
    { "GroupNormalization", 8, "replaced" },
    { "LayerNormalization", 4, "shape" },
  };
  g_autoptr (RnModel) base = make_foreign ("LayerNormalization", 8);

  g_test_summary ("Layers that are not supported are told apart by class; another Reshape is named");

  for (guint i = 0; i < G_N_ELEMENTS (mutants); i++)
    {
      g_autoptr (RnModel) mutant = make_foreign (mutants[i].keras_class, mutants[i].height);
      g_autoptr (RnComparison) comparison = rn_comparison_new (base, mutant);

      g_assert_cmpint (rn_comparison_get_n (comparison), ==, mutants[i].kind != NULL);
      if (mutants[i].kind != NULL)
        g_assert_cmpstr (rn_comparison_get (comparison, 0)->kind, ==, mutants[i].kind);
    }
}

/* Every built-in model is itself, whatever its generation of names. */
static void
test_itself (void)
{
  int n;
  const RnCatalogEntry *entries = rn_catalog_list (&n);

  g_test_summary ("Every built-in model is the same as itself");

  for (int i = 0; i < n; i++)
    {
      g_autoptr (RnModel) a = rn_catalog_build (entries[i].id, &RN_VARIANT_DEFAULT, NULL);
      g_autoptr (RnModel) b = rn_comparison_find_variant (entries[i].id, a, NULL, NULL);
      g_autoptr (RnComparison) comparison = rn_comparison_new (a, b);

      g_assert_cmpint (rn_comparison_get_n (comparison), ==, 0);
    }
}

static void
test_large (void)
{
  g_autoptr (RnModel) a = rn_catalog_build ("resnet110v2", &RN_VARIANT_DEFAULT, NULL);
  g_autoptr (RnModel) b = rn_catalog_build ("resnet152", &RN_VARIANT_DEFAULT, NULL);
  g_autoptr (RnComparison) comparison = rn_comparison_new (a, b);

  g_test_summary ("Networks of hundreds of layers that have little in common come to an end");

  g_assert_false (rn_comparison_is_same (comparison));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/comparison/mutations", test_mutations);
  g_test_add_func ("/comparison/foreign", test_foreign);
  g_test_add_func ("/comparison/rebuilt", test_rebuilt);
  g_test_add_func ("/comparison/itself", test_itself);
  g_test_add_func ("/comparison/large", test_large);

  return g_test_run ();
}
