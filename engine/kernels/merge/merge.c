#include "engine/kernels/merge/merge.h"

#include <string.h>

/* output[i] = a[i] + b[i]; @output may be one of them. */
void
rn_add (const float *a, const float *b, gint64 n, float *output)
{
  for (gint64 i = 0; i < n; i++)
    output[i] = a[i] + b[i];
}

/* output[i] = a[i] * b[i]; @output may be one of them. */
void
rn_multiply (const float *a, const float *b, gint64 n, float *output)
{
  for (gint64 i = 0; i < n; i++)
    output[i] = a[i] * b[i];
}

/* output[p][c] = input[p][c] * factor[c], as squeeze-and-excitation scales channels (Hu et al. 2018,
 * eq. 4); @output may be @input. */
void
rn_multiply_channels (const float *input,
                      const float *factor,
                      gint64 n_pixels,
                      int n_channels,
                      float *output)
{
  for (gint64 p = 0; p < n_pixels; p++, input += n_channels, output += n_channels)
    for (int c = 0; c < n_channels; c++)
      output[c] = input[c] * factor[c];
}

/* Copies @n_channels of every pixel into pixels of @output_stride channels. */
void
rn_copy_channels (const float *input,
                  gint64 n_pixels,
                  int n_channels,
                  int output_stride,
                  float *output)
{
  for (gint64 p = 0; p < n_pixels; p++)
    memcpy (output + p * output_stride, input + p * n_channels, sizeof (float) * n_channels);
}
