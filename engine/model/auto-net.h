/* Short forms for layers that Keras names by counting: conv2d_1, batch_normalization_1, … */
#pragma once

#include "engine/model/net.h"

G_BEGIN_DECLS

/**
 * RnAutoNet:
 * @net: where the layers go
 * @tensorflow: count as tf.keras of TensorFlow 2 does (conv2d, conv2d_1, …), not from 1 on
 * @counts: how many of each kind have been named
 *
 * Each function adds one layer behind @input and returns its name, to be the next one's input.
 */
typedef struct
{
  RnNet net;
  gboolean tensorflow;
  int counts[RN_N_LAYER_KINDS];
} RnAutoNet;

char       *rn_auto_net_next_name      (RnAutoNet *self, RnLayerKind kind);

const char *rn_auto_net_input          (RnAutoNet *self, int size, int channels);
const char *rn_auto_net_zero_padding   (RnAutoNet *self, int border, const char *input);
const char *rn_auto_net_conv           (RnAutoNet  *self,
                                        int         filters,
                                        int         kernel,
                                        int         stride,
                                        RnPadding   padding,
                                        const char *input);
const char *rn_auto_net_batch_norm     (RnAutoNet *self, const char *input);
const char *rn_auto_net_relu           (RnAutoNet *self, const char *input);
const char *rn_auto_net_max_pool       (RnAutoNet  *self,
                                        int         pool,
                                        int         stride,
                                        RnPadding   padding,
                                        const char *input);
const char *rn_auto_net_average_pool   (RnAutoNet *self, int pool, const char *input);
const char *rn_auto_net_global_average (RnAutoNet *self, const char *input);
const char *rn_auto_net_flatten        (RnAutoNet *self, const char *input);
const char *rn_auto_net_dense          (RnAutoNet   *self,
                                        int          units,
                                        RnActivation activation,
                                        const char  *input);
const char *rn_auto_net_add            (RnAutoNet *self, const char *a, const char *b);

G_END_DECLS
