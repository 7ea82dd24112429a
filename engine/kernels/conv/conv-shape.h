/* The sizes of a two-dimensional convolution, whichever way it is computed. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RnConvShape:
 * @batch: pictures
 * @kernel: window, [vertical, horizontal]; so are @stride and @dilation
 * @pad_top: rows of zeros above the input; those below follow from the output's height
 * @pad_left: columns of zeros to its left
 * @groups: channels fall into so many independent convolutions
 * @multiplier: of a depthwise convolution: outputs a channel; else 0
 *
 * Tensors are NHWC: input [batch, in_height, in_width, in_channels], output alike. Kernels are HWIO:
 * [kernel[0], kernel[1], in_channels / groups, out_channels]; a depthwise convolution's
 * [kernel[0], kernel[1], in_channels, multiplier].
 */
typedef struct
{
  int batch;
  int in_height, in_width, in_channels;
  int out_height, out_width, out_channels;
  int kernel[2];
  int stride[2];
  int dilation[2];
  int pad_top, pad_left;
  int groups;
  int multiplier;
} RnConvShape;

static inline gint64
rn_conv_shape_get_n_pixels (const RnConvShape *shape)
{
  return (gint64) shape->batch * shape->out_height * shape->out_width;
}

G_END_DECLS
