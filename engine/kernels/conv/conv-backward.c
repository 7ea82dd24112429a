/* The derivatives follow from output[p][f] = sum over taps t, channels c of
 * input[p * stride + t][c] * kernel[t][c][f] + bias[f]: each product gives its share of d_output to
 * either factor. As matrices, with the windows of the input written out as rows (im2col): d_kernel
 * = windowsᵀ d_output, d_windows = d_output kernelᵀ, and d_input is what d_windows adds up to where
 * windows overlap. */
#include "engine/kernels/conv/conv-backward.h"

#include <cblas.h>
#include <string.h>

#include "engine/kernels/conv/conv-gemm.h"

#define TILE_FLOATS (64 << 10) /* of window rows: 256 KiB */

static void
reference_pixel (const RnConvShape *shape,
                 gint64 in_pixel,
                 gint64 tap,
                 const double *input,
                 const double *kernel,
                 const double *d_output_f,
                 double *d_input,
                 double *d_kernel)
{
  int n_channels = shape->in_channels / shape->groups;
  int n_filters = shape->out_channels / shape->groups;

  for (int f = 0; f < shape->out_channels; f++)
    for (int c = 0; c < n_channels; c++)
      {
        gint64 i = in_pixel * shape->in_channels + (gint64) (f / n_filters) * n_channels + c;
        gint64 k = (tap * n_channels + c) * shape->out_channels + f;

        if (d_input != NULL)
          d_input[i] += d_output_f[f] * kernel[k];
        if (d_kernel != NULL)
          d_kernel[k] += d_output_f[f] * input[i];
      }
}

/**
 * rn_conv_backward_reference:
 * @input: [batch, in_height, in_width, in_channels]
 * @kernel: [kernel[0], kernel[1], in_channels / groups, out_channels]
 * @d_output: the loss's derivative by the output: [batch, out_height, out_width, out_channels]
 * @d_input: (nullable): as @input; added to
 * @d_kernel: (nullable): as @kernel; added to
 * @d_bias: (nullable): [out_channels]; added to
 *
 * The textbook's loops in double precision: what the fast ways are compared with.
 */
void
rn_conv_backward_reference (const RnConvShape *shape,
                            const double *input,
                            const double *kernel,
                            const double *d_output,
                            double *d_input,
                            double *d_kernel,
                            double *d_bias)
{
  gint64 out_size = (gint64) shape->out_height * shape->out_width;

  for (gint64 p = 0; p < rn_conv_shape_get_n_pixels (shape); p++)
    {
      const double *d_output_f = d_output + p * shape->out_channels;
      int y = (int) (p % out_size / shape->out_width), x = (int) (p % out_size % shape->out_width);

      for (int f = 0; d_bias != NULL && f < shape->out_channels; f++)
        d_bias[f] += d_output_f[f];
      for (int ky = 0; ky < shape->kernel[0]; ky++)
        for (int kx = 0; kx < shape->kernel[1]; kx++)
          {
            int in_y = y * shape->stride[0] - shape->pad_top + ky * shape->dilation[0];
            int in_x = x * shape->stride[1] - shape->pad_left + kx * shape->dilation[1];
            gint64 row = p / out_size * shape->in_height + in_y;

            if (in_y >= 0 && in_y < shape->in_height && in_x >= 0 && in_x < shape->in_width)
              reference_pixel (shape, row * shape->in_width + in_x, ky * shape->kernel[1] + kx,
                               input, kernel, d_output_f, d_input, d_kernel);
          }
    }
}

static gint64
window_size (const RnConvShape *shape)
{
  return (gint64) shape->kernel[0] * shape->kernel[1] * (shape->in_channels / shape->groups);
}

static gint64
tile_pixels (const RnConvShape *shape)
{
  gint64 n_pixels = rn_conv_shape_get_n_pixels (shape);

  return CLAMP (TILE_FLOATS / window_size (shape), 1, n_pixels);
}

/**
 * rn_conv_backward_get_scratch:
 *
 * Returns: floats of scratch that rn_conv_backward_input() and rn_conv_backward_kernel() need
 */
gsize
rn_conv_backward_get_scratch (const RnConvShape *shape)
{
  return tile_pixels (shape) * window_size (shape);
}

/* Adds window rows to the pixels that they were written out from. */
static void
add_windows (const RnConvShape *shape,
             gint64 first_pixel,
             gint64 n_pixels,
             const float *rows,
             float *d_input)
{
  int n_channels = shape->in_channels / shape->groups;
  gint64 out_size = (gint64) shape->out_height * shape->out_width;

  for (gint64 p = first_pixel; p < first_pixel + n_pixels; p++)
    {
      int y = (int) (p % out_size / shape->out_width), x = (int) (p % out_size % shape->out_width);

      for (int ky = 0; ky < shape->kernel[0]; ky++)
        for (int kx = 0; kx < shape->kernel[1]; kx++, rows += n_channels)
          {
            int in_y = y * shape->stride[0] - shape->pad_top + ky * shape->dilation[0];
            int in_x = x * shape->stride[1] - shape->pad_left + kx * shape->dilation[1];
            gint64 row = p / out_size * shape->in_height + in_y;
            float *d_input_c = d_input + (row * shape->in_width + in_x) * shape->in_channels;

            if (in_y >= 0 && in_y < shape->in_height && in_x >= 0 && in_x < shape->in_width)
              for (int c = 0; c < n_channels; c++)
                d_input_c[c] += rows[c];
          }
    }
}

/**
 * rn_conv_backward_input:
 * @accumulate: whether @d_input is added to; otherwise it is overwritten
 * @scratch: rn_conv_backward_get_scratch() floats
 *
 * The part of rn_conv_backward_reference() that gives @d_input, as matrix products.
 */
void
rn_conv_backward_input (const RnConvShape *shape,
                        const float *kernel,
                        const float *d_output,
                        gboolean accumulate,
                        float *scratch,
                        float *d_input)
{
  gint64 n_pixels = rn_conv_shape_get_n_pixels (shape), window = window_size (shape);
  gint64 tile = tile_pixels (shape);
  int n_channels = shape->in_channels / shape->groups;
  int n_filters = shape->out_channels / shape->groups;

  if (!accumulate)
    memset (d_input, 0, sizeof (float) * shape->batch * shape->in_height * shape->in_width *
                            shape->in_channels);
  for (gint64 first = 0; first < n_pixels; first += tile)
    for (int g = 0; g < shape->groups; g++)
      {
        gint64 n = MIN (tile, n_pixels - first), filter = (gint64) g * n_filters;

        cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (blasint) n, (blasint) window,
                     n_filters, 1, d_output + first * shape->out_channels + filter,
                     shape->out_channels, kernel + filter, shape->out_channels, 0, scratch,
                     (blasint) window);
        add_windows (shape, first, n, scratch, d_input + (gint64) g * n_channels);
      }
}

/**
 * rn_conv_backward_kernel:
 * @scratch: rn_conv_backward_get_scratch() floats
 * @d_kernel: added to
 *
 * The part of rn_conv_backward_reference() that gives @d_kernel, as matrix products.
 */
void
rn_conv_backward_kernel (const RnConvShape *shape,
                         const float *input,
                         const float *d_output,
                         float *scratch,
                         float *d_kernel)
{
  gint64 n_pixels = rn_conv_shape_get_n_pixels (shape), window = window_size (shape);
  gint64 tile = tile_pixels (shape);
  int n_channels = shape->in_channels / shape->groups;
  int n_filters = shape->out_channels / shape->groups;

  for (gint64 first = 0; first < n_pixels; first += tile)
    for (int g = 0; g < shape->groups; g++)
      {
        gint64 n = MIN (tile, n_pixels - first), filter = (gint64) g * n_filters;

        rn_conv_write_windows (shape, input + (gint64) g * n_channels, first, n, scratch);
        cblas_sgemm (CblasRowMajor, CblasTrans, CblasNoTrans, (blasint) window, n_filters,
                     (blasint) n, 1, scratch, (blasint) window,
                     d_output + first * shape->out_channels + filter, shape->out_channels, 1,
                     d_kernel + filter, shape->out_channels);
      }
}

/**
 * rn_conv_backward_bias:
 * @d_output: [n_pixels, n_filters]
 * @d_bias: [n_filters]; added to
 */
void
rn_conv_backward_bias (const float *d_output, gint64 n_pixels, int n_filters, float *d_bias)
{
  for (gint64 p = 0; p < n_pixels; p++)
    for (int f = 0; f < n_filters; f++)
      d_bias[f] += d_output[p * n_filters + f];
}
