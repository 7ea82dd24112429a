#include "engine/kernels/depthwise-conv/depthwise-conv.h"

#include <string.h>

/**
 * rn_depthwise_conv_reference:
 * @input: [batch, in_height, in_width, in_channels]
 * @kernel: [kernel[0], kernel[1], in_channels, multiplier]
 * @bias: (nullable): [in_channels * multiplier]
 * @row: which output row, of all pictures' rows one after another
 * @output_xf: that row alone: [out_width, in_channels * multiplier]
 *
 * Output channel c * multiplier + m is input channel c under the m-th kernel of c.
 */
void
rn_depthwise_conv_reference (const RnConvShape *shape,
                             const float *input,
                             const float *kernel,
                             const float *bias,
                             gint64 row,
                             float *output_xf)
{
  int n_filters = shape->in_channels * shape->multiplier;
  gint64 picture = row / shape->out_height;
  int y = (int) (row % shape->out_height);

  for (int x = 0; x < shape->out_width; x++)
    for (int f = 0; f < n_filters; f++)
      {
        float sum = bias != NULL ? bias[f] : 0;

        for (int ky = 0; ky < shape->kernel[0]; ky++)
          for (int kx = 0; kx < shape->kernel[1]; kx++)
            {
              int in_y = y * shape->stride[0] - shape->pad_top + ky * shape->dilation[0];
              int in_x = x * shape->stride[1] - shape->pad_left + kx * shape->dilation[1];
              gint64 pixel = (picture * shape->in_height + in_y) * shape->in_width + in_x;

              if (in_y >= 0 && in_y < shape->in_height && in_x >= 0 && in_x < shape->in_width)
                sum += input[pixel * shape->in_channels + f / shape->multiplier]
                       * kernel[((gint64) ky * shape->kernel[1] + kx) * n_filters + f];
            }
        output_xf[(gint64) x * n_filters + f] = sum;
      }
}

/* output_f[c * m + j] += input_c[c] * kernel_f[c * m + j] */
static void
add_tap (int n_channels,
         int multiplier,
         const float *input_c,
         const float *kernel_f,
         float *restrict output_f)
{
  if (multiplier == 1)
    for (int c = 0; c < n_channels; c++)
      output_f[c] += input_c[c] * kernel_f[c];
  else
    for (int c = 0; c < n_channels; c++)
      for (int m = 0; m < multiplier; m++)
        output_f[c * multiplier + m] += input_c[c] * kernel_f[c * multiplier + m];
}

/**
 * rn_depthwise_conv:
 *
 * As rn_depthwise_conv_reference(), with channels innermost: input, kernel and output are then read
 * and written one after another, which the compiler turns into vector instructions.
 */
void
rn_depthwise_conv (const RnConvShape *shape,
                   const float *input,
                   const float *kernel,
                   const float *bias,
                   gint64 row,
                   float *output_xf)
{
  int n_filters = shape->in_channels * shape->multiplier;
  const float *input_yxc
    = input + row / shape->out_height * shape->in_height * shape->in_width * shape->in_channels;
  int top = (int) (row % shape->out_height * shape->stride[0] - shape->pad_top);

  for (int x = 0; x < shape->out_width; x++, output_xf += n_filters)
    {
      int left = x * shape->stride[1] - shape->pad_left;

      if (bias != NULL)
        memcpy (output_xf, bias, sizeof (float) * n_filters);
      else
        memset (output_xf, 0, sizeof (float) * n_filters);

      for (int ky = 0; ky < shape->kernel[0]; ky++)
        for (int kx = 0; kx < shape->kernel[1]; kx++)
          {
            int in_y = top + ky * shape->dilation[0], in_x = left + kx * shape->dilation[1];
            gint64 pixel = (gint64) in_y * shape->in_width + in_x;

            if (in_y >= 0 && in_y < shape->in_height && in_x >= 0 && in_x < shape->in_width)
              add_tap (shape->in_channels, shape->multiplier,
                       input_yxc + pixel * shape->in_channels,
                       kernel + ((gint64) ky * shape->kernel[1] + kx) * n_filters, output_xf);
          }
    }
}
