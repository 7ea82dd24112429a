/* Every pixel of a window gave the output its share: of a mean 1 / n, of a maximum all or nothing.
 * Where several are the largest, the first in reading order has it all, as PyTorch and cuDNN. */
#include "engine/kernels/pool/pool-backward.h"

typedef struct
{
  int first_y, end_y, first_x, end_x;
} Window;

/* The part of output pixel @p's window that lies inside the input. */
static Window
get_window (const RnPoolShape *shape, gint64 p)
{
  int y = (int) (p / shape->out_width % shape->out_height * shape->stride[0] - shape->pad_top);
  int x = (int) (p % shape->out_width * shape->stride[1] - shape->pad_left);

  return (Window) { MAX (y, 0), MIN (y + shape->window[0], shape->in_height), MAX (x, 0),
                    MIN (x + shape->window[1], shape->in_width) };
}

/**
 * rn_max_pool_backward:
 * @input: [batch, in_height, in_width, channels]
 * @d_output: [batch, out_height, out_width, channels]
 * @d_input: as @input; added to
 */
void
rn_max_pool_backward (const RnPoolShape *shape,
                      const float *input,
                      const float *d_output,
                      float *d_input)
{
  gint64 out_size = (gint64) shape->out_height * shape->out_width;

  for (gint64 p = 0; p < shape->batch * out_size; p++)
    {
      Window w = get_window (shape, p);
      gint64 picture = p / out_size * shape->in_height * shape->in_width;

      for (int c = 0; c < shape->channels; c++)
        {
          gint64 largest = -1;

          for (int y = w.first_y; y < w.end_y; y++)
            for (int x = w.first_x; x < w.end_x; x++)
              {
                gint64 i = (picture + (gint64) y * shape->in_width + x) * shape->channels + c;

                if (largest < 0 || input[i] > input[largest])
                  largest = i;
              }
          if (largest >= 0)
            d_input[largest] += d_output[p * shape->channels + c];
        }
    }
}

/* As rn_max_pool_backward(), for the mean. */
void
rn_average_pool_backward (const RnPoolShape *shape, const float *d_output, float *d_input)
{
  gint64 out_size = (gint64) shape->out_height * shape->out_width;

  for (gint64 p = 0; p < shape->batch * out_size; p++)
    {
      Window w = get_window (shape, p);
      gint64 picture = p / out_size * shape->in_height * shape->in_width;
      int n = shape->count_padding ? shape->window[0] * shape->window[1]
                                   : (w.end_y - w.first_y) * (w.end_x - w.first_x);

      for (int y = w.first_y; y < w.end_y; y++)
        for (int x = w.first_x; x < w.end_x; x++)
          for (int c = 0; c < shape->channels; c++)
            d_input[(picture + (gint64) y * shape->in_width + x) * shape->channels + c] +=
                d_output[p * shape->channels + c] / n;
    }
}

/**
 * rn_global_max_pool_backward:
 * @input: [n_pixels, n_channels], one picture
 * @d_output: [n_channels]
 * @d_input: as @input; added to
 */
void
rn_global_max_pool_backward (const float *input,
                             const float *d_output,
                             gint64 n_pixels,
                             int n_channels,
                             float *d_input)
{
  for (int c = 0; c < n_channels; c++)
    {
      gint64 largest = c;

      for (gint64 i = c; i < n_pixels * n_channels; i += n_channels)
        if (input[i] > input[largest])
          largest = i;
      d_input[largest] += d_output[c];
    }
}

/* As rn_global_max_pool_backward(), for the mean. */
void
rn_global_average_pool_backward (const float *d_output,
                                 gint64 n_pixels,
                                 int n_channels,
                                 float *d_input)
{
  for (gint64 p = 0; p < n_pixels; p++)
    for (int c = 0; c < n_channels; c++)
      d_input[p * n_channels + c] += d_output[c] / n_pixels;
}
