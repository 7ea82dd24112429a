#include "engine/kernels/activation/activation-backward.h"

#include <math.h>

/* d_input[c] = y[c] (d_output[c] - sum over k of d_output[k] y[k]), y the softmax. */
static void
softmax_reference (const double *input, const double *d_output, int n, double *d_input)
{
  double largest = -INFINITY, total = 0, mean = 0;

  for (int c = 0; c < n; c++)
    largest = MAX (largest, input[c]);
  for (int c = 0; c < n; c++)
    total += exp (input[c] - largest);
  for (int c = 0; c < n; c++)
    mean += d_output[c] * exp (input[c] - largest) / total;
  for (int c = 0; c < n; c++)
    d_input[c] = exp (input[c] - largest) / total * (d_output[c] - mean);
}

static double
slope_reference (RnActivation function, double max_value, double x)
{
  double s = 1 / (1 + exp (-x));

  switch (function)
    {
    case RN_ACTIVATION_RELU:
      return x > 0 && x < max_value ? 1 : 0;
    case RN_ACTIVATION_SIGMOID:
      return s * (1 - s);
    case RN_ACTIVATION_TANH:
      return 1 - tanh (x) * tanh (x);
    case RN_ACTIVATION_SWISH:
      return s * (1 + x * (1 - s));
    default:
      return 1;
    }
}

/**
 * rn_activation_backward_reference:
 * @input: [n_pixels, n_channels]
 * @d_output: likewise
 * @d_input: likewise; overwritten
 *
 * The derivative of rn_activation() times @d_output. ReLU's at 0 is taken as 0.
 */
void
rn_activation_backward_reference (RnActivation function,
                                  double max_value,
                                  const double *input,
                                  const double *d_output,
                                  gint64 n_pixels,
                                  int n_channels,
                                  double *d_input)
{
  for (gint64 p = 0; p < n_pixels; p++)
    if (function == RN_ACTIVATION_SOFTMAX)
      softmax_reference (input + p * n_channels, d_output + p * n_channels, n_channels,
                         d_input + p * n_channels);
    else
      for (gint64 i = p * n_channels; i < (p + 1) * n_channels; i++)
        d_input[i] = d_output[i] * slope_reference (function, max_value, input[i]);
}

static void
softmax_backward (const float *output, const float *d_output, int n, float old, float *d_input)
{
  double mean = 0;

  for (int c = 0; c < n; c++)
    mean += (double) d_output[c] * output[c];
  for (int c = 0; c < n; c++)
    d_input[c] = old * d_input[c] + output[c] * (d_output[c] - (float) mean);
}

/* The slope from what was put in and what came out. */
static float
slope (RnActivation function, float max_value, float x, float y)
{
  float s;

  switch (function)
    {
    case RN_ACTIVATION_SIGMOID:
      return y * (1 - y);
    case RN_ACTIVATION_TANH:
      return 1 - y * y;
    case RN_ACTIVATION_SWISH:
      s = 1 / (1 + expf (-x));
      return s * (1 + x * (1 - s));
    case RN_ACTIVATION_RELU:
      return x > 0 && x < max_value ? 1 : 0;
    default:
      return 1;
    }
}

/**
 * rn_activation_backward:
 * @input: [n_pixels, n_channels]
 * @output: what rn_activation() made of it
 * @accumulate: whether @d_input is added to; otherwise it is overwritten
 * @d_input: may be @d_output itself where nothing is added to it
 *
 * As rn_activation_backward_reference(); reuses @output where that saves an exponential.
 */
void
rn_activation_backward (RnActivation function,
                        float max_value,
                        const float *input,
                        const float *output,
                        const float *d_output,
                        gint64 n_pixels,
                        int n_channels,
                        gboolean accumulate,
                        float *d_input)
{
  gint64 n = n_pixels * n_channels;

  if (function == RN_ACTIVATION_SOFTMAX)
    {
      if (!accumulate && d_input != d_output)
        for (gint64 i = 0; i < n; i++)
          d_input[i] = 0;
      for (gint64 p = 0; p < n; p += n_channels)
        softmax_backward (output + p, d_output + p, n_channels, accumulate ? 1 : 0, d_input + p);
    }
  else if (function == RN_ACTIVATION_RELU && !accumulate)
    for (gint64 i = 0; i < n; i++)
      d_input[i] = input[i] > 0 && input[i] < max_value ? d_output[i] : 0;
  else
    for (gint64 i = 0; i < n; i++)
      d_input[i] = (accumulate ? d_input[i] : 0) +
                   d_output[i] * slope (function, max_value, input[i], output[i]);
}
