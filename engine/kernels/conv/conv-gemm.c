/* Im2col: each output pixel's window is written out as a row of kernel[0] * kernel[1] * channels
 * numbers, and the convolution becomes one matrix product with the kernel as it lies in memory
 * (HWIO is already [window, filters]). Chellapilla, Puri and Simard, "High performance
 * convolutional neural networks for document processing", 2006. The rows are written for a tile of
 * pixels at a time, so that they stay in the second-level cache and memory stays small. A 1x1
 * convolution of stride 1 reads its rows from the input itself. */
#include "engine/kernels/conv/conv-gemm.h"

#include <cblas.h>
#include <string.h>

#define TILE_FLOATS (256 << 10) /* of window rows: 1 MiB, what second-level caches hold */
#define MIN_PIXELS 48            /* fewer, and BLAS spends its time rearranging the kernel */
#define MAX_PIXELS 1024
#define MIN_FILTERS 64
#define UNIT_MACS (16 << 20) /* below a millisecond, so that a cancel is prompt */

static gint64
window_size (const RnConvShape *shape)
{
  return (gint64)shape->kernel[0] * shape->kernel[1] * (shape->in_channels / shape->groups);
}

/* Whether the rows of windows are the input as it lies there. */
static gboolean
is_pointwise (const RnConvShape *shape)
{
  return shape->kernel[0] == 1 && shape->kernel[1] == 1 && shape->stride[0] == 1 &&
         shape->stride[1] == 1 && shape->pad_top == 0 && shape->pad_left == 0 &&
         shape->in_height == shape->out_height && shape->in_width == shape->out_width;
}

RnConvTiling
rn_conv_gemm_get_tiling (const RnConvShape *shape)
{
  gint64 window = window_size (shape), n_pixels = rn_conv_shape_get_n_pixels (shape);
  int n_filters = shape->out_channels / shape->groups;
  RnConvTiling tiling;

  tiling.pixels = CLAMP (TILE_FLOATS / window, 1, MAX_PIXELS);
  if (tiling.pixels < MIN_PIXELS && window * MIN_PIXELS <= 4 * (gint64) TILE_FLOATS)
    tiling.pixels = MIN_PIXELS;
  tiling.pixels = MIN (tiling.pixels, n_pixels);
  tiling.filters = MIN (MAX (UNIT_MACS / (tiling.pixels * window), MIN_FILTERS), n_filters);

  tiling.n_units = (n_pixels + tiling.pixels - 1) / tiling.pixels *
                   ((n_filters + tiling.filters - 1) / tiling.filters) * shape->groups;
  tiling.scratch = is_pointwise (shape) ? 0 : tiling.pixels * window;

  return tiling;
}

/* Writes out row ky of the window of one output pixel: kernel[1] pixels of n_channels. */
static void
write_window_row (const RnConvShape *shape, const float *input_xc, int x, float *row)
{
  int n_channels = shape->in_channels / shape->groups;
  int first = x * shape->stride[1] - shape->pad_left;
  int last = first + (shape->kernel[1] - 1) * shape->dilation[1];

  if (shape->dilation[1] == 1 && shape->groups == 1 && first >= 0 && last < shape->in_width)
    {
      memcpy (row, input_xc + (gint64)first * n_channels,
              sizeof (float) * shape->kernel[1] * n_channels);
      return;
    }

  for (int kx = 0; kx < shape->kernel[1]; kx++, row += n_channels)
    {
      int in_x = first + kx * shape->dilation[1];

      if (in_x >= 0 && in_x < shape->in_width)
        memcpy (row, input_xc + (gint64)in_x * shape->in_channels, sizeof (float) * n_channels);
      else
        memset (row, 0, sizeof (float) * n_channels);
    }
}

/**
 * rn_conv_write_windows:
 * @input: [batch, in_height, in_width, in_channels], at the group's first channel
 * @scratch: [n_pixels][window]
 *
 * Writes out the windows of @n_pixels output pixels from @first_pixel on.
 */
void
rn_conv_write_windows (const RnConvShape *shape,
                       const float *input,
                       gint64 first_pixel,
                       gint64 n_pixels,
                       float *scratch)
{
  gint64 row_size = (gint64)shape->in_width * shape->in_channels;
  gint64 out_size = (gint64)shape->out_height * shape->out_width;
  int n_floats = shape->kernel[1] * (shape->in_channels / shape->groups);

  for (gint64 p = first_pixel; p < first_pixel + n_pixels; p++)
    {
      const float *input_yxc = input + p / out_size * shape->in_height * row_size;
      int y = (int) (p % out_size / shape->out_width);
      int x = (int) (p % out_size % shape->out_width);

      for (int ky = 0; ky < shape->kernel[0]; ky++, scratch += n_floats)
        {
          int in_y = y * shape->stride[0] - shape->pad_top + ky * shape->dilation[0];

          if (in_y >= 0 && in_y < shape->in_height)
            write_window_row (shape, input_yxc + in_y * row_size, x, scratch);
          else
            memset (scratch, 0, sizeof (float) * n_floats);
        }
    }
}

static void
write_bias (const float *bias, int n_filters, gint64 n_pixels, int stride, float *output)
{
  for (gint64 p = 0; p < n_pixels; p++)
    memcpy (output + p * stride, bias, sizeof (float) * n_filters);
}

/**
 * rn_conv_gemm:
 * @input: [batch, in_height, in_width, in_channels]
 * @kernel: [kernel[0], kernel[1], in_channels / groups, out_channels]
 * @bias: (nullable): [out_channels]
 * @unit: which unit of @tiling to compute
 * @scratch: @tiling's scratch floats, this thread's own
 * @output: [batch, out_height, out_width, out_channels], the whole of it
 */
void
rn_conv_gemm (const RnConvShape *shape,
              const RnConvTiling *tiling,
              const float *input,
              const float *kernel,
              const float *bias,
              gint64 unit,
              float *scratch,
              float *output)
{
  int n_channels = shape->in_channels / shape->groups;
  int n_filters = shape->out_channels / shape->groups;
  gint64 panels = (n_filters + tiling->filters - 1) / tiling->filters;
  gint64 tile = unit / panels / shape->groups;
  int group = (int) (unit / panels % shape->groups);
  int end_filter = (group + 1) * n_filters;
  int first_filter = end_filter - n_filters + (int) (unit % panels) * tiling->filters;
  int width = MIN (tiling->filters, end_filter - first_filter);
  gint64 first_pixel = tile * tiling->pixels;
  gint64 n_pixels = MIN (tiling->pixels, rn_conv_shape_get_n_pixels (shape) - first_pixel);
  const float *rows = input + first_pixel * shape->in_channels + (gint64) group * n_channels;
  gint64 row_stride = shape->in_channels;

  if (!is_pointwise (shape))
    {
      rn_conv_write_windows (shape, input + (gint64) group * n_channels, first_pixel, n_pixels,
                             scratch);
      rows = scratch;
      row_stride = window_size (shape);
    }

  output += first_pixel * shape->out_channels + first_filter;
  if (bias != NULL)
    write_bias (bias + first_filter, width, n_pixels, shape->out_channels, output);
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint) n_pixels, width,
               (blasint) window_size (shape), 1, rows, (blasint) row_stride, kernel + first_filter,
               shape->out_channels, bias != NULL ? 1 : 0,
               output, shape->out_channels);
}
