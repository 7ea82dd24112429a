#include "engine/kernels/pool/pool.h"

#include <math.h>

typedef void (*TapFunc) (int n_channels, const float *input_c, float *output_c);

static void
take_larger (int n_channels, const float *input_c, float *output_c)
{
  for (int c = 0; c < n_channels; c++)
    output_c[c] = input_c[c] > output_c[c] ? input_c[c] : output_c[c];
}

static void
add (int n_channels, const float *input_c, float *output_c)
{
  for (int c = 0; c < n_channels; c++)
    output_c[c] += input_c[c];
}

/* Lets @tap see each pixel of the window of one output pixel that lies inside the input.
 * Returns: how many those are. */
static int
visit_window (const RnPoolShape *shape,
              const float *input,
              gint64 row,
              int x,
              TapFunc tap,
              float *output_c)
{
  gint64 picture = row / shape->out_height;
  int top = (int) (row % shape->out_height * shape->stride[0] - shape->pad_top);
  int left = x * shape->stride[1] - shape->pad_left;
  int first_y = MAX (top, 0), end_y = MIN (top + shape->window[0], shape->in_height);
  int first_x = MAX (left, 0), end_x = MIN (left + shape->window[1], shape->in_width);

  for (int y = first_y; y < end_y; y++)
    for (int in_x = first_x; in_x < end_x; in_x++)
      {
        gint64 pixel = (picture * shape->in_height + y) * shape->in_width + in_x;

        tap (shape->channels, input + pixel * shape->channels, output_c);
      }

  return MAX (end_y - first_y, 0) * MAX (end_x - first_x, 0);
}

/**
 * rn_max_pool:
 * @input: [batch, in_height, in_width, channels]
 * @row: which output row to compute, of all pictures' rows one after another
 * @output: [batch, out_height, out_width, channels], the whole of it
 */
void
rn_max_pool (const RnPoolShape *shape, const float *input, gint64 row, float *output)
{
  float *output_c = output + row * shape->out_width * shape->channels;

  for (int x = 0; x < shape->out_width; x++, output_c += shape->channels)
    {
      for (int c = 0; c < shape->channels; c++)
        output_c[c] = -INFINITY;
      visit_window (shape, input, row, x, take_larger, output_c);
    }
}

/* As rn_max_pool(), for the mean. */
void
rn_average_pool (const RnPoolShape *shape, const float *input, gint64 row, float *output)
{
  float *output_c = output + row * shape->out_width * shape->channels;

  for (int x = 0; x < shape->out_width; x++, output_c += shape->channels)
    {
      int n;

      for (int c = 0; c < shape->channels; c++)
        output_c[c] = 0;
      n = visit_window (shape, input, row, x, add, output_c);
      if (shape->count_padding)
        n = shape->window[0] * shape->window[1];
      for (int c = 0; c < shape->channels; c++)
        output_c[c] /= n;
    }
}

/**
 * rn_global_max_pool:
 * @input: [n_pixels, stride], at the first of the channels wanted
 * @n_channels: how many of the @stride channels to reduce
 * @output: [n_channels]
 */
void
rn_global_max_pool (const float *input,
                    gint64 n_pixels,
                    int stride,
                    int n_channels,
                    float *output)
{
  for (int c = 0; c < n_channels; c++)
    output[c] = -INFINITY;
  for (gint64 p = 0; p < n_pixels; p++)
    take_larger (n_channels, input + p * stride, output);
}

/* As rn_global_max_pool(), for the mean. Sums of 64 pixels are summed, so that the rounding error
 * of a large map stays small. */
void
rn_global_average_pool (const float *input,
                        gint64 n_pixels,
                        int stride,
                        int n_channels,
                        float *output)
{
  const int run = 64;

  for (int c = 0; c < n_channels; c++)
    {
      double total = 0;

      for (gint64 first = 0; first < n_pixels; first += run)
        {
          gint64 end = MIN (first + run, n_pixels);
          float sum = 0;

          for (gint64 p = first; p < end; p++)
            sum += input[p * stride + c];
          total += sum;
        }
      output[c] = total / n_pixels;
    }
}
