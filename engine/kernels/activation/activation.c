#include "engine/kernels/activation/activation.h"

#include <math.h>
#include <string.h>

/* exp (x_c) / sum of exp (x_c), over the channels; subtracting the largest first keeps exp from
 * overflowing and changes nothing else. */
static void
softmax (const float *input_c, int n_channels, float *output_c)
{
  float largest = -INFINITY;
  double sum = 0;

  for (int c = 0; c < n_channels; c++)
    largest = MAX (largest, input_c[c]);
  for (int c = 0; c < n_channels; c++)
    {
      output_c[c] = expf (input_c[c] - largest);
      sum += output_c[c];
    }
  for (int c = 0; c < n_channels; c++)
    output_c[c] = output_c[c] / sum;
}

static void
relu (const float *input, gint64 n, float max_value, float *output)
{
  for (gint64 i = 0; i < n; i++)
    {
      float positive = input[i] > 0 ? input[i] : 0;

      output[i] = positive < max_value ? positive : max_value;
    }
}

/**
 * rn_activation:
 * @max_value: where a ReLU is cut off; INFINITY for the plain one; other functions pass over it
 * @input: [n_pixels, n_channels]
 * @output: likewise; may be @input itself
 */
void
rn_activation (RnActivation function,
               float max_value,
               const float *input,
               gint64 n_pixels,
               int n_channels,
               float *output)
{
  gint64 n = n_pixels * n_channels;

  switch (function)
    {
    case RN_ACTIVATION_LINEAR:
      if (output != input)
        memcpy (output, input, sizeof (float) * n);
      break;
    case RN_ACTIVATION_RELU:
      relu (input, n, max_value, output);
      break;
    case RN_ACTIVATION_SOFTMAX:
      for (gint64 p = 0; p < n_pixels; p++)
        softmax (input + p * n_channels, n_channels, output + p * n_channels);
      break;
    case RN_ACTIVATION_SIGMOID:
      for (gint64 i = 0; i < n; i++)
        output[i] = 1 / (1 + expf (-input[i]));
      break;
    case RN_ACTIVATION_TANH:
      for (gint64 i = 0; i < n; i++)
        output[i] = tanhf (input[i]);
      break;
    case RN_ACTIVATION_SWISH: /* x * sigmoid (x): Ramachandran, Zoph and Le 2017 */
      for (gint64 i = 0; i < n; i++)
        output[i] = input[i] / (1 + expf (-input[i]));
      break;
    default:
      g_return_if_reached ();
    }
}
