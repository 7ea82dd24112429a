#include "engine/kernels/conv/conv-reference.h"

/* Adds to one output pixel what one input pixel under the window gives to the filters of a group:
 * output_f[f] += sum over c of input_c[c] * kernel_cf[c][f]. */
static void
add_tap (const RnConvShape *shape, const float *input_c, const float *kernel_cf, float *output_f)
{
  int n_channels = shape->in_channels / shape->groups;
  int n_filters = shape->out_channels / shape->groups;

  for (int c = 0; c < n_channels; c++)
    for (int f = 0; f < n_filters; f++)
      output_f[f] += input_c[c] * kernel_cf[(gint64)c * shape->out_channels + f];
}

static void
compute_pixel (const RnConvShape *shape,
               const float *input_yxc,
               const float *kernel,
               const float *bias,
               int y,
               int x,
               float *output_f)
{
  int n_channels = shape->in_channels / shape->groups;
  int n_filters = shape->out_channels / shape->groups;

  for (int f = 0; f < shape->out_channels; f++)
    output_f[f] = bias != NULL ? bias[f] : 0;

  for (int ky = 0; ky < shape->kernel[0]; ky++)
    for (int kx = 0; kx < shape->kernel[1]; kx++)
      {
        int in_y = y * shape->stride[0] - shape->pad_top + ky * shape->dilation[0];
        int in_x = x * shape->stride[1] - shape->pad_left + kx * shape->dilation[1];
        gint64 pixel = (gint64)in_y * shape->in_width + in_x;
        gint64 tap = ((gint64)ky * shape->kernel[1] + kx) * n_channels * shape->out_channels;

        if (in_y < 0 || in_y >= shape->in_height || in_x < 0 || in_x >= shape->in_width)
          continue; /* a border of zeros */
        for (int g = 0; g < shape->groups; g++)
          add_tap (shape, input_yxc + pixel * shape->in_channels + (gint64) g * n_channels,
                   kernel + tap + (gint64) g * n_filters, output_f + (gint64) g * n_filters);
      }
}

/**
 * rn_conv_reference:
 * @input: [batch, in_height, in_width, in_channels]
 * @kernel: [kernel[0], kernel[1], in_channels / groups, out_channels]
 * @bias: (nullable): [out_channels]
 * @first_pixel: the first output pixel to compute, of all pictures' rows one after another
 * @n_pixels: how many
 * @output: [batch, out_height, out_width, out_channels], the whole of it
 *
 * Six loops and no tricks: what every faster way is compared with.
 */
void
rn_conv_reference (const RnConvShape *shape,
                   const float *input,
                   const float *kernel,
                   const float *bias,
                   gint64 first_pixel,
                   gint64 n_pixels,
                   float *output)
{
  gint64 in_size = (gint64)shape->in_height * shape->in_width * shape->in_channels;
  gint64 out_size = (gint64)shape->out_height * shape->out_width;

  for (gint64 p = first_pixel; p < first_pixel + n_pixels; p++)
    {
      gint64 picture = p / out_size;
      int y = (int) (p % out_size / shape->out_width);
      int x = (int) (p % out_size % shape->out_width);

      compute_pixel (shape, input + picture * in_size, kernel, bias, y, x,
                     output + p * shape->out_channels);
    }
}
