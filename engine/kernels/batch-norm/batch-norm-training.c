/* Ioffe and Szegedy 2015, algorithm 1 and section 3: with x' = (x - mean) / s, s = sqrt (variance +
 * epsilon), output = gamma x' + beta; d_beta = sum of d_output, d_gamma = sum of d_output x', and
 * d_input = gamma / s (d_output - d_beta / n - x' d_gamma / n), which is a d_output + b x + c with
 * coefficients of the channel alone. */
#include "engine/kernels/batch-norm/batch-norm-training.h"

#include <math.h>

/**
 * rn_batch_norm_training_reference:
 * @input: [n_pixels, n_channels], the pixels of the whole batch
 * @mean: (out): [n_channels]
 * @variance: (out): [n_channels], over n, not n - 1
 * @output: as @input
 */
void
rn_batch_norm_training_reference (const double *input,
                                  gint64 n_pixels,
                                  int n_channels,
                                  const double *gamma,
                                  const double *beta,
                                  double epsilon,
                                  double *mean,
                                  double *variance,
                                  double *output)
{
  for (int c = 0; c < n_channels; c++)
    {
      mean[c] = variance[c] = 0;
      for (gint64 p = 0; p < n_pixels; p++)
        mean[c] += input[p * n_channels + c] / n_pixels;
      for (gint64 p = 0; p < n_pixels; p++)
        variance[c] += pow (input[p * n_channels + c] - mean[c], 2) / n_pixels;
      for (gint64 p = 0; p < n_pixels; p++)
        output[p * n_channels + c] = gamma[c] * (input[p * n_channels + c] - mean[c]) /
                                       sqrt (variance[c] + epsilon) + beta[c];
    }
}

/**
 * rn_batch_norm_backward_reference:
 * @mean: of the batch; so is @variance
 * @d_input: as @input; overwritten, as are @d_gamma and @d_beta
 */
void
rn_batch_norm_backward_reference (const double *input,
                                  const double *d_output,
                                  gint64 n_pixels,
                                  int n_channels,
                                  const double *gamma,
                                  const double *mean,
                                  const double *variance,
                                  double epsilon,
                                  double *d_input,
                                  double *d_gamma,
                                  double *d_beta)
{
  for (int c = 0; c < n_channels; c++)
    {
      double s = sqrt (variance[c] + epsilon);

      d_gamma[c] = d_beta[c] = 0;
      for (gint64 i = c; i < n_pixels * n_channels; i += n_channels)
        {
          d_beta[c] += d_output[i];
          d_gamma[c] += d_output[i] * (input[i] - mean[c]) / s;
        }
      for (gint64 i = c; i < n_pixels * n_channels; i += n_channels)
        d_input[i] = gamma[c] / s * (d_output[i] - d_beta[c] / n_pixels -
                                     (input[i] - mean[c]) / s * d_gamma[c] / n_pixels);
    }
}

/**
 * rn_batch_norm_sum:
 * @input: [n_pixels, n_channels]
 * @pivot: [n_channels], a guess of the means: the nearer, the less is lost in rounding
 * @sum: [n_channels], of input - pivot; added to
 * @sum_of_squares: likewise, of its square
 */
void
rn_batch_norm_sum (const float *input,
                   gint64 n_pixels,
                   int n_channels,
                   const float *pivot,
                   double *sum,
                   double *sum_of_squares)
{
  for (gint64 p = 0; p < n_pixels; p++)
    for (int c = 0; c < n_channels; c++)
      {
        double x = input[p * n_channels + c] - pivot[c];

        sum[c] += x;
        sum_of_squares[c] += x * x;
      }
}

/**
 * rn_batch_norm_backward_sum:
 * @sum: [n_channels], of d_output; added to
 * @sum_of_products: [n_channels], of d_output (input - mean); added to
 */
void
rn_batch_norm_backward_sum (const float *input,
                            const float *d_output,
                            gint64 n_pixels,
                            int n_channels,
                            const float *mean,
                            double *sum,
                            double *sum_of_products)
{
  for (gint64 p = 0; p < n_pixels; p++)
    for (int c = 0; c < n_channels; c++)
      {
        gint64 i = p * n_channels + c;

        sum[c] += d_output[i];
        sum_of_products[c] += (double) d_output[i] * (input[i] - mean[c]);
      }
}

/**
 * rn_batch_norm_backward_input:
 * @a: [n_channels]; so are @b and @c
 * @d_input: a d_output + b input + c; may be @d_output where nothing is added to it
 */
void
rn_batch_norm_backward_input (const float *input,
                              const float *d_output,
                              gint64 n_pixels,
                              int n_channels,
                              const float *a,
                              const float *b,
                              const float *c,
                              gboolean accumulate,
                              float *d_input)
{
  for (gint64 p = 0; p < n_pixels; p++)
    for (int k = 0; k < n_channels; k++)
      {
        gint64 i = p * n_channels + k;
        float d = a[k] * d_output[i] + b[k] * input[i] + c[k];

        d_input[i] = accumulate ? d_input[i] + d : d;
      }
}
