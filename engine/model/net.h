/* Short forms for the layers that residual networks are made of. */
#pragma once

#include "engine/model/model-builder.h"

G_BEGIN_DECLS

/**
 * RnNet:
 * @builder: where the layers go
 * @use_bias: whether convolutions have a bias
 * @epsilon: of every batch norm
 * @momentum: of every batch norm's running statistics; 0 for Keras' 0.99
 *
 * Each function adds one layer behind @input and returns its name, to be the next one's input.
 */
typedef struct
{
  RnModelBuilder *builder;
  gboolean use_bias;
  float epsilon;
  float momentum;
} RnNet;

const char *rn_net_input          (RnNet *net, const char *name, int size, int channels);
const char *rn_net_zero_padding   (RnNet *net, const char *name, int border, const char *input);
const char *rn_net_conv           (RnNet      *net,
                                   const char *name,
                                   int         filters,
                                   int         kernel,
                                   int         stride,
                                   RnPadding   padding,
                                   const char *input);
const char *rn_net_batch_norm     (RnNet *net, const char *name, const char *input);
const char *rn_net_relu           (RnNet *net, const char *name, const char *input);
const char *rn_net_max_pool       (RnNet      *net,
                                   const char *name,
                                   int         pool,
                                   int         stride,
                                   RnPadding   padding,
                                   const char *input);
const char *rn_net_global_average (RnNet *net, const char *name, const char *input);
const char *rn_net_dense          (RnNet        *net,
                                   const char   *name,
                                   int           units,
                                   RnActivation  activation,
                                   const char   *input);
const char *rn_net_add            (RnNet *net, const char *name, const char *a, const char *b);

G_END_DECLS
