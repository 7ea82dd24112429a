#include "engine/kernels/batch-norm/batch-norm.h"

#include <math.h>

/**
 * rn_batch_norm_fold:
 * @gamma: (nullable): [n_channels]; %NULL for ones
 * @beta: (nullable): [n_channels]; %NULL for zeros
 * @mean: [n_channels]; so is @variance
 * @scale: (out caller-allocates): [n_channels]; so is @shift
 *
 * gamma * (x - mean) / sqrt (variance + epsilon) + beta = scale * x + shift, in double precision
 * since the two parts of the shift may cancel.
 */
void
rn_batch_norm_fold (int n_channels,
                    const float *gamma,
                    const float *beta,
                    const float *mean,
                    const float *variance,
                    float epsilon,
                    float *scale,
                    float *shift)
{
  for (int c = 0; c < n_channels; c++)
    {
      double factor = (gamma != NULL ? gamma[c] : 1) / sqrt ((double) variance[c] + epsilon);

      scale[c] = factor;
      shift[c] = (beta != NULL ? beta[c] : 0) - mean[c] * factor;
    }
}

/**
 * rn_batch_norm:
 * @input: [n_pixels, n_channels]; so is @output
 * @scale: [n_channels]; so is @shift
 */
void
rn_batch_norm (const float *input,
               gint64 n_pixels,
               int n_channels,
               const float *scale,
               const float *shift,
               float *output)
{
  for (gint64 p = 0; p < n_pixels; p++, input += n_channels, output += n_channels)
    for (int c = 0; c < n_channels; c++)
      output[c] = input[c] * scale[c] + shift[c];
}
