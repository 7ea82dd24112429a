#include "ui/draw/feature-map.h"

#include <math.h>

/* cairo's image surfaces have sides of at most 32,767 pixels. */
#define MAX_SIDE 32767

static gboolean
is_activation (const RnTensor *activation)
{
  return activation != NULL && activation->dtype == RN_DTYPE_F32 &&
         (activation->rank == 4 || activation->rank == 2);
}

int
rn_feature_map_get_n_channels (const RnTensor *activation)
{
  g_return_val_if_fail (is_activation (activation), 0);

  return (int) activation->dims[activation->rank - 1];
}

/* Of a vector every unit is a map of one pixel. */
void
rn_feature_map_get_size (const RnTensor *activation, int *width, int *height)
{
  g_return_if_fail (is_activation (activation));

  *height = activation->rank == 4 ? (int) activation->dims[1] : 1;
  *width = activation->rank == 4 ? (int) activation->dims[2] : 1;
}

/**
 * rn_feature_map_get_range:
 * @activation: F32 [N, H, W, C] or [N, C]; the first picture is looked at
 * @channel: which, or -1 for all
 * @map: for the diverging map the range is symmetric about zero
 *
 * Returns: the least and the greatest finite value
 */
RnRange
rn_feature_map_get_range (const RnTensor *activation, int channel, RnColorMap map)
{
  RnRange range = { INFINITY, -INFINITY };
  int width, height, n_channels;
  gint64 start, step, end;
  const float *x;

  g_return_val_if_fail (is_activation (activation), ((RnRange){ 0, 1 }));

  x = rn_tensor_f32 (activation);
  n_channels = rn_feature_map_get_n_channels (activation);
  rn_feature_map_get_size (activation, &width, &height);
  start = MAX (channel, 0);
  step = channel < 0 ? 1 : n_channels;
  end = (gint64)width * height * n_channels;
  for (gint64 i = start; i < end; i += step)
    if (isfinite (x[i]))
      {
        range.low = MIN (range.low, x[i]);
        range.high = MAX (range.high, x[i]);
      }
  if (range.low > range.high)
    range = (RnRange){ 0, 0 };
  if (map == RN_COLOR_MAP_DIVERGING)
    {
      range.high = MAX (fabsf (range.low), fabsf (range.high));
      range.low = -range.high;
    }

  return range;
}

static guint32
pick_color (const guint32 *table, float value, float low, float scale)
{
  float at;

  if (!isfinite (value))
    return RN_COLOR_NOT_FINITE;
  at = (value - low) * scale;

  return table[at <= 0                       ? 0
               : at >= RN_COLOR_MAP_SIZE - 1 ? RN_COLOR_MAP_SIZE - 1
                                             : (int)(at + 0.5f)];
}

/**
 * rn_feature_map_paint:
 * @activation: F32 [N, H, W, C] or [N, C]; the first picture is painted
 * @channel: which
 * @range: the values that the ends of @map stand for; beyond them its ends are used
 * @zoom: pixels a value takes in each direction
 * @pixels: H * @zoom rows of W * @zoom pixels of 32 bits, as cairo's RGB24
 * @stride: bytes from one row to the next
 */
void
rn_feature_map_paint (const RnTensor *activation,
                      int channel,
                      RnRange range,
                      RnColorMap map,
                      int zoom,
                      guint8 *pixels,
                      int stride)
{
  const guint32 *table = rn_color_map_get_table (map);
  float extent = range.high - range.low;
  float scale = extent > 0 ? (RN_COLOR_MAP_SIZE - 1) / extent : 0;
  int width, height, n_channels;
  const float *x;

  g_return_if_fail (is_activation (activation));
  g_return_if_fail (zoom >= 1);

  n_channels = rn_feature_map_get_n_channels (activation);
  g_return_if_fail (channel >= 0 && channel < n_channels);
  rn_feature_map_get_size (activation, &width, &height);

  x = rn_tensor_f32 (activation) + channel;
  for (int i = 0; i < height; i++)
    {
      guint8 *first = pixels + (gsize)i * zoom * stride;
      guint32 *out = (guint32 *)first;

      for (int j = 0; j < width; j++, x += n_channels)
        {
          guint32 color = pick_color (table, *x, range.low, scale);

          for (int k = 0; k < zoom; k++)
            *out++ = color;
        }
      for (int k = 1; k < zoom; k++)
        memcpy (first + (gsize)k * stride, first, (gsize)width * zoom * sizeof (guint32));
    }
}

static cairo_surface_t *
create_surface (gint64 width, gint64 height, GError **error)
{
  cairo_surface_t *surface = NULL;

  if (width <= MAX_SIDE && height <= MAX_SIDE)
    surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) width, (int) height);
  if (surface != NULL && cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS)
    return surface;

  g_clear_pointer (&surface, cairo_surface_destroy);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               "a picture of %" G_GINT64_FORMAT "x%" G_GINT64_FORMAT " pixels is too large; "
               "at most %d a side",
               width, height, MAX_SIDE);

  return NULL;
}

/**
 * rn_feature_map_draw:
 *
 * As rn_feature_map_paint(), on a surface of its own.
 *
 * Returns: (transfer full): an RGB24 image surface, or %NULL with @error set
 */
cairo_surface_t *
rn_feature_map_draw (const RnTensor *activation,
                     int channel,
                     RnRange range,
                     RnColorMap map,
                     int zoom,
                     GError **error)
{
  cairo_surface_t *surface;
  int width, height;

  g_return_val_if_fail (is_activation (activation), NULL);
  g_return_val_if_fail (zoom >= 1, NULL);

  rn_feature_map_get_size (activation, &width, &height);
  surface = create_surface ((gint64)width * zoom, (gint64)height * zoom, error);
  if (surface == NULL)
    return NULL;
  cairo_surface_flush (surface);
  rn_feature_map_paint (activation, channel, range, map, zoom,
                        cairo_image_surface_get_data (surface),
                        cairo_image_surface_get_stride (surface));
  cairo_surface_mark_dirty (surface);

  return surface;
}
