/* What the innermost loop of a kernel's gradient works on. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RnConvGradient:
 * @input: the input pixel under this tap for output pixel (0, 0), at a block's first channel
 * @in_row: floats between the input pixels of two output rows
 * @in_step: floats between those of two output pixels side by side
 * @d_output: output pixel (0, 0), sixteen channels; the next one follows
 * @out_row: floats from an output row to the next
 * @height: output rows; @width: pixels a row
 * @n_channels: input channels, from 1 to 16
 * @gradient: [n_channels] rows of sixteen, @gradient_row floats apart, aligned to 64; added to
 *
 * gradient[c][f] += sum over output pixels of input[c] * d_output[f].
 */
typedef struct
{
  const float *input;
  gint64 in_row, in_step;
  const float *d_output;
  gint64 out_row;
  int height, width;
  int n_channels;
  float *gradient;
  gint64 gradient_row;
} RnConvGradient;

G_END_DECLS
