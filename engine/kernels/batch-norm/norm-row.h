/* What the inner loops of batch norm's training work on: sixteen channels of a row of pixels. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RnNormRow:
 * @input: [n_pixels][16], what batch norm was given
 * @d_output: [n_pixels][16], the derivative by what it (and ReLU) put out
 * @output: (nullable): [n_pixels][16]: where ReLU followed an addition: d_output counts where this is
 *   above 0, and is set to 0 elsewhere
 * @scale: (nullable): [16]: where ReLU follows directly: d_output counts where input * scale + shift
 *   is above 0
 * @shift: (nullable): [16]
 * @center: [16], what is subtracted from the input: the mean, or a guess of it
 * @a: [16], so are @b and @c: d_input = a d_output + b input + c
 * @d_input: [n_pixels][16]; may be @d_output
 * @first: [16], sums that are added to: of input - center, or of d_output
 * @second: [16], of (input - center)², or of d_output (input - center)
 */
typedef struct
{
  const float *input;
  float *d_output;
  const float *output;
  const float *scale, *shift;
  const float *center;
  const float *a, *b, *c;
  gboolean accumulate;
  float *d_input;
  float *first, *second;
  int n_pixels;
} RnNormRow;

G_END_DECLS
