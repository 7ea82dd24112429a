#include "engine/kernels/depthwise-conv/depthwise-conv-backward.h"

/* The input pixel under tap (ky, kx) of output pixel @p, or -1 where that is the border. */
static gint64
find_pixel (const RnConvShape *shape, gint64 p, int ky, int kx)
{
  gint64 out_size = (gint64) shape->out_height * shape->out_width;
  int y = (int) (p % out_size / shape->out_width), x = (int) (p % out_size % shape->out_width);
  int in_y = y * shape->stride[0] - shape->pad_top + ky * shape->dilation[0];
  int in_x = x * shape->stride[1] - shape->pad_left + kx * shape->dilation[1];

  if (in_y < 0 || in_y >= shape->in_height || in_x < 0 || in_x >= shape->in_width)
    return -1;

  return (p / out_size * shape->in_height + in_y) * shape->in_width + in_x;
}

/**
 * rn_depthwise_conv_backward_reference:
 * @input: [batch, in_height, in_width, in_channels]
 * @kernel: [kernel[0], kernel[1], in_channels, multiplier]
 * @d_output: [batch, out_height, out_width, in_channels * multiplier]
 * @d_input: as @input; added to
 * @d_kernel: as @kernel; added to
 *
 * Output f is input f / multiplier under kernel[..][f]: each product gives its share of d_output to
 * either factor.
 */
void
rn_depthwise_conv_backward_reference (const RnConvShape *shape,
                                      const double *input,
                                      const double *kernel,
                                      const double *d_output,
                                      double *d_input,
                                      double *d_kernel)
{
  int n_filters = shape->in_channels * shape->multiplier;

  for (gint64 p = 0; p < rn_conv_shape_get_n_pixels (shape); p++)
    for (int t = 0; t < shape->kernel[0] * shape->kernel[1]; t++)
      {
        gint64 pixel = find_pixel (shape, p, t / shape->kernel[1], t % shape->kernel[1]);

        for (int f = 0; pixel >= 0 && f < n_filters; f++)
          {
            gint64 i = pixel * shape->in_channels + f / shape->multiplier;

            d_input[i] += d_output[p * n_filters + f] * kernel[t * n_filters + f];
            d_kernel[t * n_filters + f] += d_output[p * n_filters + f] * input[i];
          }
      }
}

/* One pixel under one tap, a multiplier of 1: all side by side, hence instructions on vectors. */
static void
add_tap (int n_channels,
         const float *restrict input,
         const float *restrict kernel,
         const float *restrict d_output,
         float *restrict d_input,
         float *restrict d_kernel)
{
  for (int c = 0; d_input != NULL && c < n_channels; c++)
    d_input[c] += d_output[c] * kernel[c];
  for (int c = 0; d_kernel != NULL && c < n_channels; c++)
    d_kernel[c] += d_output[c] * input[c];
}

/**
 * rn_depthwise_conv_backward:
 * @d_input: (nullable): added to
 * @d_kernel: (nullable): added to
 *
 * As rn_depthwise_conv_backward_reference(), channels innermost.
 */
void
rn_depthwise_conv_backward (const RnConvShape *shape,
                            const float *input,
                            const float *kernel,
                            const float *d_output,
                            float *d_input,
                            float *d_kernel)
{
  int n_channels = shape->in_channels, n_filters = n_channels * shape->multiplier;

  for (gint64 p = 0; p < rn_conv_shape_get_n_pixels (shape); p++)
    for (int t = 0; t < shape->kernel[0] * shape->kernel[1]; t++)
      {
        gint64 pixel = find_pixel (shape, p, t / shape->kernel[1], t % shape->kernel[1]);
        const float *d_output_f = d_output + p * n_filters;

        if (pixel < 0)
          continue;
        if (shape->multiplier == 1)
          add_tap (n_channels, input + pixel * n_channels, kernel + (gint64) t * n_filters,
                   d_output_f, d_input != NULL ? d_input + pixel * n_channels : NULL,
                   d_kernel != NULL ? d_kernel + (gint64) t * n_filters : NULL);
        else
          for (int f = 0; f < n_filters; f++)
            {
              gint64 i = pixel * n_channels + f / shape->multiplier;

              if (d_input != NULL)
                d_input[i] += d_output_f[f] * kernel[(gint64) t * n_filters + f];
              if (d_kernel != NULL)
                d_kernel[(gint64) t * n_filters + f] += d_output_f[f] * input[i];
            }
      }
}
