/* All channels of an activation on one picture. */
#include "ui/draw/feature-map.h"

#include <math.h>

#include "ui/draw/surface-file.h"

#define GAP 2
#define DEFAULT_TILE 56

/* Where the tiles of a sheet stand. */
typedef struct
{
  int zoom;
  int tile_width, tile_height; /* pixels */
  int n_columns, n_rows;
} Grid;

/* About as wide as high, each value enlarged by a whole number. */
static Grid
plan_grid (const RnTensor *activation, int tile)
{
  int n = rn_feature_map_get_n_channels (activation);
  int width, height;
  Grid grid;

  rn_feature_map_get_size (activation, &width, &height);
  grid.zoom = CLAMP (tile / MAX (width, height), 1, 1024);
  grid.tile_width = width * grid.zoom;
  grid.tile_height = height * grid.zoom;
  grid.n_columns = ceil (sqrt ((double)n * (grid.tile_height + GAP) / (grid.tile_width + GAP)));
  grid.n_columns = CLAMP (grid.n_columns, 1, n);
  grid.n_rows = (n + grid.n_columns - 1) / grid.n_columns;

  return grid;
}

static cairo_surface_t *
draw_sheet (const RnTensor *activation,
            const RnRange *ranges,
            const int *channels,
            RnColorMap map,
            int tile,
            GError **error)
{
  Grid grid = plan_grid (activation, tile > 0 ? tile : DEFAULT_TILE);
  gint64 width = (gint64)grid.n_columns * (grid.tile_width + GAP) + GAP;
  gint64 height = (gint64)grid.n_rows * (grid.tile_height + GAP) + GAP;
  cairo_surface_t *sheet = NULL;
  cairo_t *cr;
  guint8 *pixels;
  int stride;

  if (width <= 32767 && height <= 32767)
    sheet = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) width, (int) height);
  if (sheet == NULL || cairo_surface_status (sheet) != CAIRO_STATUS_SUCCESS)
    {
      g_clear_pointer (&sheet, cairo_surface_destroy);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   "the sheet of %d channels would have %" G_GINT64_FORMAT "x%" G_GINT64_FORMAT
                   " pixels, more than 32767 a side; write .npy or .h5 instead",
                   rn_feature_map_get_n_channels (activation), width, height);
      return NULL;
    }
  cr = cairo_create (sheet);
  cairo_set_source_rgb (cr, 0.5, 0.5, 0.5);
  cairo_paint (cr);
  cairo_destroy (cr);

  cairo_surface_flush (sheet);
  pixels = cairo_image_surface_get_data (sheet);
  stride = cairo_image_surface_get_stride (sheet);
  for (int i = 0; i < rn_feature_map_get_n_channels (activation); i++)
    {
      int c = channels != NULL ? channels[i] : i;
      int x = GAP + i % grid.n_columns * (grid.tile_width + GAP);
      int y = GAP + i / grid.n_columns * (grid.tile_height + GAP);

      rn_feature_map_paint (activation, c, ranges[c], map, grid.zoom,
                            pixels + (gsize)y * stride + (gint64) x * 4, stride);
    }
  cairo_surface_mark_dirty (sheet);

  return sheet;
}

static RnRange *
find_ranges (const RnTensor *activation, RnScale scale, RnColorMap map)
{
  int n = rn_feature_map_get_n_channels (activation);
  RnRange common = rn_feature_map_get_range (activation, -1, map);
  RnRange *ranges = g_new (RnRange, n);

  for (int c = 0; c < n; c++)
    ranges[c] = scale == RN_SCALE_CHANNEL ? rn_feature_map_get_range (activation, c, map) : common;

  return ranges;
}

/**
 * rn_feature_sheet_draw:
 * @activation: F32 [N, H, W, C] or [N, C]; of the first picture
 * @scale: whether channels share one scale
 * @tile: how many pixels wide and high a channel shall be at most (at least one a value); 0 for a
 *   handy size
 *
 * Returns: (transfer full): all channels in rows from the left, on grey, as an RGB24 image surface;
 *   %NULL with @error set where that would be too large
 */
cairo_surface_t *
rn_feature_sheet_draw (
    const RnTensor *activation, RnScale scale, RnColorMap map, int tile, GError **error)
{
  g_autofree RnRange *ranges = find_ranges (activation, scale, map);

  return draw_sheet (activation, ranges, NULL, map, tile, error);
}

/**
 * rn_feature_sheet_write:
 * @path: a PNG file, written whole or not at all
 *
 * Returns: %FALSE with @error set, one line, where it cannot
 */
gboolean
rn_feature_sheet_write (const RnTensor *activation,
                        RnScale scale,
                        RnColorMap map,
                        int tile,
                        const char *path,
                        GError **error)
{
  g_autofree RnRange *ranges = find_ranges (activation, scale, map);

  return rn_feature_sheet_write_ranges (activation, ranges, NULL, map, tile, path, error);
}

/**
 * rn_feature_sheet_write_ranges:
 * @ranges: (array): what the ends of @map stand for in each channel
 * @channels: (nullable): the channels in the order in which they are to stand
 *
 * As rn_feature_sheet_write().
 */
gboolean
rn_feature_sheet_write_ranges (const RnTensor *activation,
                               const RnRange *ranges,
                               const int *channels,
                               RnColorMap map,
                               int tile,
                               const char *path,
                               GError **error)
{
  cairo_surface_t *sheet;
  gboolean written;

  g_return_val_if_fail (path != NULL, FALSE);

  sheet = draw_sheet (activation, ranges, channels, map, tile, error);
  if (sheet == NULL)
    return FALSE;
  written = rn_surface_write_png (sheet, path, error);
  cairo_surface_destroy (sheet);

  return written;
}
