#include "engine/model/net.h"

#include <math.h>

const char *
rn_net_input (RnNet *net, const char *name, int size, int channels)
{
  RnLayerConfig config = { .input = rn_shape_image (size, size, channels) };

  rn_model_builder_add (net->builder, RN_LAYER_INPUT, name, &config, NULL);

  return rn_model_builder_get_last (net->builder);
}

const char *
rn_net_zero_padding (RnNet *net, const char *name, int border, const char *input)
{
  RnLayerConfig config = { .zero_padding = { border, border, border, border } };

  return rn_model_builder_chain (net->builder, RN_LAYER_ZERO_PADDING, name, &config, input);
}

const char *
rn_net_conv (RnNet *net,
             const char *name,
             int filters,
             int kernel,
             int stride,
             RnPadding padding,
             const char *input)
{
  RnLayerConfig config = { .conv = {
                               .filters = filters,
                               .kernel = { kernel, kernel },
                               .stride = { stride, stride },
                               .dilation = { 1, 1 },
                               .groups = 1,
                               .padding = padding,
                               .use_bias = net->use_bias,
                               .activation = RN_ACTIVATION_LINEAR,
                           } };

  return rn_model_builder_chain (net->builder, RN_LAYER_CONV, name, &config, input);
}

const char *
rn_net_batch_norm (RnNet *net, const char *name, const char *input)
{
  float momentum = net->momentum > 0 ? net->momentum : 0.99f;
  RnLayerConfig config = { .batch_norm = { net->epsilon, momentum, TRUE, TRUE } };

  return rn_model_builder_chain (net->builder, RN_LAYER_BATCH_NORM, name, &config, input);
}

const char *
rn_net_relu (RnNet *net, const char *name, const char *input)
{
  RnLayerConfig config = { .activation = { RN_ACTIVATION_RELU, INFINITY } };

  return rn_model_builder_chain (net->builder, RN_LAYER_ACTIVATION, name, &config, input);
}

const char *
rn_net_max_pool (RnNet *net,
                 const char *name,
                 int pool,
                 int stride,
                 RnPadding padding,
                 const char *input)
{
  RnLayerConfig config = { .pool = { .pool = { pool, pool },
                                     .stride = { stride, stride },
                                     .padding = padding } };

  return rn_model_builder_chain (net->builder, RN_LAYER_MAX_POOL, name, &config, input);
}

const char *
rn_net_global_average (RnNet *net, const char *name, const char *input)
{
  return rn_model_builder_chain (net->builder, RN_LAYER_GLOBAL_AVERAGE_POOL, name, NULL, input);
}

const char *
rn_net_dense (RnNet *net, const char *name, int units, RnActivation activation, const char *input)
{
  RnLayerConfig config = { .dense = { units, TRUE, activation } };

  return rn_model_builder_chain (net->builder, RN_LAYER_DENSE, name, &config, input);
}

const char *
rn_net_add (RnNet *net, const char *name, const char *a, const char *b)
{
  return rn_model_builder_merge (net->builder, RN_LAYER_ADD, name, a, b);
}
