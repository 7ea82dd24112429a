#include "engine/model/auto-net.h"

/* Keras' to_snake_case() of the class; of an InputLayer Keras 2 says "input". */
static const char *const prefixes[RN_N_LAYER_KINDS] = {
  [RN_LAYER_INPUT] = "input",
  [RN_LAYER_ZERO_PADDING] = "zero_padding2d",
  [RN_LAYER_CONV] = "conv2d",
  [RN_LAYER_BATCH_NORM] = "batch_normalization",
  [RN_LAYER_ACTIVATION] = "activation",
  [RN_LAYER_MAX_POOL] = "max_pooling2d",
  [RN_LAYER_AVERAGE_POOL] = "average_pooling2d",
  [RN_LAYER_GLOBAL_AVERAGE_POOL] = "global_average_pooling2d",
  [RN_LAYER_ADD] = "add",
  [RN_LAYER_FLATTEN] = "flatten",
  [RN_LAYER_DENSE] = "dense",
};

/**
 * rn_auto_net_next_name:
 * @kind: of the layer to be named
 *
 * Returns: (transfer full): the name that Keras gives to the next layer of this kind. Inputs are
 *   counted from 1 by either.
 */
char *
rn_auto_net_next_name (RnAutoNet *self, RnLayerKind kind)
{
  int count = self->counts[kind]++;

  g_assert (prefixes[kind] != NULL);

  if (!self->tensorflow || kind == RN_LAYER_INPUT)
    return g_strdup_printf ("%s_%d", prefixes[kind], count + 1);

  return count > 0 ? g_strdup_printf ("%s_%d", prefixes[kind], count) : g_strdup (prefixes[kind]);
}

const char *
rn_auto_net_input (RnAutoNet *self, int size, int channels)
{
  g_autofree char *name = rn_auto_net_next_name (self, RN_LAYER_INPUT);

  return rn_net_input (&self->net, name, size, channels);
}

const char *
rn_auto_net_zero_padding (RnAutoNet *self, int border, const char *input)
{
  g_autofree char *name = rn_auto_net_next_name (self, RN_LAYER_ZERO_PADDING);

  return rn_net_zero_padding (&self->net, name, border, input);
}

const char *
rn_auto_net_conv (RnAutoNet *self,
                  int filters,
                  int kernel,
                  int stride,
                  RnPadding padding,
                  const char *input)
{
  g_autofree char *name = rn_auto_net_next_name (self, RN_LAYER_CONV);

  return rn_net_conv (&self->net, name, filters, kernel, stride, padding, input);
}

const char *
rn_auto_net_batch_norm (RnAutoNet *self, const char *input)
{
  g_autofree char *name = rn_auto_net_next_name (self, RN_LAYER_BATCH_NORM);

  return rn_net_batch_norm (&self->net, name, input);
}

const char *
rn_auto_net_relu (RnAutoNet *self, const char *input)
{
  g_autofree char *name = rn_auto_net_next_name (self, RN_LAYER_ACTIVATION);

  return rn_net_relu (&self->net, name, input);
}

const char *
rn_auto_net_max_pool (RnAutoNet *self, int pool, int stride, RnPadding padding, const char *input)
{
  g_autofree char *name = rn_auto_net_next_name (self, RN_LAYER_MAX_POOL);

  return rn_net_max_pool (&self->net, name, pool, stride, padding, input);
}

/* Keras' AveragePooling2D(pool_size=pool): the stride is the pool, no padding. */
const char *
rn_auto_net_average_pool (RnAutoNet *self, int pool, const char *input)
{
  g_autofree char *name = rn_auto_net_next_name (self, RN_LAYER_AVERAGE_POOL);
  RnLayerConfig config = { .pool = { .pool = { pool, pool },
                                     .stride = { pool, pool },
                                     .padding = RN_PADDING_VALID } };

  return rn_model_builder_chain (self->net.builder, RN_LAYER_AVERAGE_POOL, name, &config, input);
}

const char *
rn_auto_net_global_average (RnAutoNet *self, const char *input)
{
  g_autofree char *name = rn_auto_net_next_name (self, RN_LAYER_GLOBAL_AVERAGE_POOL);

  return rn_net_global_average (&self->net, name, input);
}

const char *
rn_auto_net_flatten (RnAutoNet *self, const char *input)
{
  g_autofree char *name = rn_auto_net_next_name (self, RN_LAYER_FLATTEN);

  return rn_model_builder_chain (self->net.builder, RN_LAYER_FLATTEN, name, NULL, input);
}

const char *
rn_auto_net_dense (RnAutoNet *self, int units, RnActivation activation, const char *input)
{
  g_autofree char *name = rn_auto_net_next_name (self, RN_LAYER_DENSE);

  return rn_net_dense (&self->net, name, units, activation, input);
}

const char *
rn_auto_net_add (RnAutoNet *self, const char *a, const char *b)
{
  g_autofree char *name = rn_auto_net_next_name (self, RN_LAYER_ADD);

  return rn_net_add (&self->net, name, a, b);
}
