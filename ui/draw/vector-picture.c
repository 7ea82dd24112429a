#include "ui/draw/vector-picture.h"

#include <math.h>

/* The value of a run of numbers that is furthest from zero; 0 where none is finite. */
static float
find_peak (const float *values, int first, int end)
{
  float peak = 0;

  for (int i = first; i < end; i++)
    if (isfinite (values[i]) && fabsf (values[i]) > fabsf (peak))
      peak = values[i];

  return peak;
}

/**
 * rn_vector_picture_paint:
 * @values: [n]
 * @pixels: [size][size], as of a #RnColorMap's table
 *
 * A vector as small as a thumbnail: bars side by side, as high as their numbers are large. Where
 * there are more numbers than columns, a column shows the largest of those that share it.
 */
void
rn_vector_picture_paint (const float *values, int n, int size, guint32 *pixels)
{
  const guint32 *table = rn_color_map_get_table (RN_COLOR_MAP_VIRIDIS);
  g_autofree float *peaks = g_new0 (float, size);
  float low = 0, high = 0;

  g_return_if_fail (n > 0 && size > 0);

  for (int x = 0; x < size; x++)
    {
      int first = (int)((gint64)x * n / size), end = (int)((gint64)(x + 1) * n / size);

      peaks[x] = find_peak (values, first, MAX (end, first + 1));
      low = MIN (low, peaks[x]);
      high = MAX (high, peaks[x]);
    }
  for (int x = 0; x < size; x++)
    {
      float part = high > low ? (peaks[x] - low) / (high - low) : 0;
      guint32 color = table[(int)(part * (RN_COLOR_MAP_SIZE - 1))];

      for (int y = 0; y < size; y++)
        pixels[y * size + x] = size - y <= part * size ? color : table[0];
    }
}
