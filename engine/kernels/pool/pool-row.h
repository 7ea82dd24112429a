/* What the inner loops of pooling and of element-wise layers work on: sixteen channels of a row. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RnPoolRow:
 * @input: the top left pixel of output 0's window
 * @row: floats from a pixel to the one below
 * @window_height: rows of the window that are inside the input
 * @window_width: likewise; the same for all outputs of this call
 * @step: floats from an output's window to the next one's
 * @output: sixteen channels a pixel
 * @n_outputs: pixels side by side
 */
typedef struct
{
  const float *input;
  gint64 row;
  int window_height;
  int window_width;
  gint64 step;
  float *output;
  int n_outputs;
} RnPoolRow;

/**
 * RnAffineRow:
 * @input: [n_pixels][16]
 * @scale: [16]
 * @shift: [16]
 * @residual: (nullable): [n_pixels][16]
 * @relu: whether max (0, x) follows
 * @output: [n_pixels][16]; may be @input or @residual
 * @n_pixels: pixels side by side
 */
typedef struct
{
  const float *input;
  const float *scale;
  const float *shift;
  const float *residual;
  gboolean relu;
  float *output;
  int n_pixels;
} RnAffineRow;

G_END_DECLS
