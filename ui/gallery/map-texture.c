#include "ui/gallery/map-texture.h"

#include <math.h>

/* The whole number of pixels for a value that makes a map about @size pixels wide. */
int
rn_map_texture_choose_zoom (const RnTensor *activation, int size)
{
  int width, height;

  rn_feature_map_get_size (activation, &width, &height);

  return MAX (size / MAX (width, height), 1);
}

/**
 * rn_map_texture_new:
 * @activation: F32 [N, H, W, C]
 * @channel: which
 * @range: the values that the ends of @colors stand for
 * @zoom: pixels that a value takes in each direction
 *
 * Returns: (transfer full): the map with every value as a square of its own
 */
GdkTexture *
rn_map_texture_new (const RnTensor *activation,
                    int channel,
                    RnRange range,
                    RnColorMap colors,
                    int zoom)
{
  g_autoptr (GBytes) bytes = NULL;
  int width, height;
  guint8 *pixels;
  gsize stride;

  rn_feature_map_get_size (activation, &width, &height);
  stride = (gsize) width * zoom * sizeof (guint32);
  pixels = g_malloc (stride * height * zoom);
  bytes = g_bytes_new_take (pixels, stride * height * zoom);
  rn_feature_map_paint (activation, channel, range, colors, zoom, pixels, (int) stride);

  return gdk_memory_texture_new (width * zoom, height * zoom, GDK_MEMORY_DEFAULT, bytes, stride);
}

/* The value at a place between values: linear in both directions, the values in the middle of their
 * cells, as a picture that is made larger has them. */
static float
sample (const RnTensor *activation, int channel, double y, double x)
{
  gint64 height = activation->dims[1], width = activation->dims[2], n = activation->dims[3];
  double fy = CLAMP (y - 0.5, 0, height - 1), fx = CLAMP (x - 0.5, 0, width - 1);
  gint64 y0 = fy, x0 = fx, y1 = MIN (y0 + 1, height - 1), x1 = MIN (x0 + 1, width - 1);
  const float *values = rn_tensor_f32 (activation) + channel;
  double top = values[(y0 * width + x0) * n] * (1 - (fx - x0)) + values[(y0 * width + x1) * n] * (fx - x0);
  double bottom
      = values[(y1 * width + x0) * n] * (1 - (fx - x0)) + values[(y1 * width + x1) * n] * (fx - x0);

  return top * (1 - (fy - y0)) + bottom * (fy - y0);
}

/**
 * rn_map_texture_new_overlay:
 * @activation: F32 [1, H, W, C]
 * @size: pixels of the longer side
 *
 * Returns: (transfer full): the map, smoothly enlarged, to be laid over a picture
 */
GdkTexture *
rn_map_texture_new_overlay (const RnTensor *activation,
                            int channel,
                            RnRange range,
                            RnColorMap colors,
                            int size)
{
  double zoom = size / (double) MAX (activation->dims[1], activation->dims[2]);
  gint64 dims[4] = { 1, MAX (lround (activation->dims[1] * zoom), 1),
                     MAX (lround (activation->dims[2] * zoom), 1), 1 };
  g_autoptr (RnTensor) smooth = rn_tensor_new (4, dims, NULL);

  if (smooth == NULL)
    return rn_map_texture_new (activation, channel, range, colors, 1);

  for (gint64 y = 0; y < dims[1]; y++)
    for (gint64 x = 0; x < dims[2]; x++)
      rn_tensor_f32 (smooth)[y * dims[2] + x]
          = sample (activation, channel, (y + 0.5) / zoom, (x + 0.5) / zoom);

  return rn_map_texture_new (smooth, 0, range, colors, 1);
}
