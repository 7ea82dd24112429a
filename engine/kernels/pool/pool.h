/* The largest, or the mean, of a window of each channel. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RnPoolShape:
 * @window: [vertical, horizontal]; so is @stride
 * @pad_top: rows above the input that belong to no pixel; @pad_left likewise
 * @count_padding: a mean divides by the whole window, not by the pixels inside the input
 *
 * Tensors are NHWC: [batch, height, width, channels].
 */
typedef struct
{
  int batch;
  int in_height, in_width;
  int out_height, out_width;
  int channels;
  int window[2];
  int stride[2];
  int pad_top, pad_left;
  gboolean count_padding;
} RnPoolShape;

void rn_max_pool            (const RnPoolShape *shape,
                             const float       *input,
                             gint64             row,
                             float             *output);
void rn_average_pool        (const RnPoolShape *shape,
                             const float       *input,
                             gint64             row,
                             float             *output);
void rn_global_max_pool     (const float       *input,
                             gint64             n_pixels,
                             int                stride,
                             int                n_channels,
                             float             *output);
void rn_global_average_pool (const float       *input,
                             gint64             n_pixels,
                             int                stride,
                             int                n_channels,
                             float             *output);

G_END_DECLS
