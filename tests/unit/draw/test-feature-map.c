#include "ui/draw/feature-map.h"

#include <math.h>
#include <glib/gstdio.h>

static RnTensor *
make (int height, int width, int channels)
{
  g_autoptr (GError) error = NULL;
  RnTensor *x = rn_tensor_new (4, (gint64[]){ 1, height, width, channels }, &error);

  g_assert_no_error (error);

  return x;
}

static void
test_tables (void)
{
  /* Published colours (BIDS colormap; of grey and diverging what follows from their definition). */
  static const struct
  {
    RnColorMap map;
    int index;
    guint32 color;
  } cases[] = {
    { RN_COLOR_MAP_GREY, 0, 0xff000000 },        { RN_COLOR_MAP_GREY, 100, 0xff646464 },
    { RN_COLOR_MAP_GREY, 255, 0xffffffff },      { RN_COLOR_MAP_VIRIDIS, 0, 0xff440154 },
    { RN_COLOR_MAP_VIRIDIS, 128, 0xff21918c },   { RN_COLOR_MAP_VIRIDIS, 255, 0xfffde725 },
    { RN_COLOR_MAP_MAGMA, 0, 0xff000004 },       { RN_COLOR_MAP_MAGMA, 128, 0xffb73779 },
    { RN_COLOR_MAP_MAGMA, 255, 0xfffcfdbf },     { RN_COLOR_MAP_DIVERGING, 0, 0xff3b4cc0 },
    { RN_COLOR_MAP_DIVERGING, 255, 0xffb40426 },
  };

  g_test_summary ("colour maps have the published colours, within what interpolation leaves");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint32 color = rn_color_map_get_table (cases[i].map)[cases[i].index];

      for (int shift = 0; shift < 32; shift += 8)
        g_assert_cmpfloat_with_epsilon (color >> shift & 0xff, cases[i].color >> shift & 0xff, 7);
    }
}

static void
test_names (void)
{
  RnColorMap map;
  g_autoptr (GError) error = NULL;

  g_test_summary ("every colour map is found by its name, and no other");
  for (int m = 0; m < RN_N_COLOR_MAPS; m++)
    {
      g_assert_true (rn_color_map_from_name (rn_color_map_get_name (m), &map, NULL));
      g_assert_cmpint (map, ==, m);
    }
  g_assert_false (rn_color_map_from_name ("jet", &map, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void
test_lightness (void)
{
  g_test_summary ("viridis and magma grow lighter all the way, as colour-blind eyes need");
  for (int m = RN_COLOR_MAP_GREY; m <= RN_COLOR_MAP_MAGMA; m++)
    {
      const guint32 *table = rn_color_map_get_table (m);
      double before = -1;

      for (int i = 0; i < RN_COLOR_MAP_SIZE; i++)
        {
          double luma = 0.2126 * (table[i] >> 16 & 0xff) + 0.7152 * (table[i] >> 8 & 0xff) +
                        0.0722 * (table[i] & 0xff);

          g_assert_cmpfloat (luma, >=, before - 0.6);
          before = luma;
        }
    }
}

static void
test_range (void)
{
  g_autoptr (RnTensor) x = make (2, 1, 2);
  RnRange range;

  g_test_summary ("ranges are of one channel or all, finite, and symmetric when diverging");
  memcpy (x->data, (float[]){ -1, 5, 2, NAN }, 4 * sizeof (float));
  range = rn_feature_map_get_range (x, 0, RN_COLOR_MAP_GREY);
  g_assert_cmpfloat (range.low, ==, -1);
  g_assert_cmpfloat (range.high, ==, 2);
  range = rn_feature_map_get_range (x, 1, RN_COLOR_MAP_GREY);
  g_assert_cmpfloat (range.low, ==, 5);
  g_assert_cmpfloat (range.high, ==, 5);
  range = rn_feature_map_get_range (x, -1, RN_COLOR_MAP_GREY);
  g_assert_cmpfloat (range.low, ==, -1);
  g_assert_cmpfloat (range.high, ==, 5);
  range = rn_feature_map_get_range (x, 0, RN_COLOR_MAP_DIVERGING);
  g_assert_cmpfloat (range.low, ==, -2);
  g_assert_cmpfloat (range.high, ==, 2);
}

static guint32
pixel (cairo_surface_t *surface, int x, int y)
{
  gint64 stride = cairo_image_surface_get_stride (surface);
  const guint8 *row = cairo_image_surface_get_data (surface) + y * stride;

  return ((const guint32 *)row)[x];
}

static void
test_draw (void)
{
  g_autoptr (RnTensor) x = make (2, 3, 2);
  g_autoptr (GError) error = NULL;
  cairo_surface_t *surface;

  g_test_summary ("each value of a channel becomes a square of its colour, NaN one of its own");
  for (int i = 0; i < 12; i++)
    rn_tensor_f32 (x)[i] = i % 2 == 0 ? -7 : i / 2;
  rn_tensor_f32 (x)[11] = NAN;
  surface = rn_feature_map_draw (x, 1, (RnRange){ 0, 4 }, RN_COLOR_MAP_GREY, 4, &error);
  g_assert_no_error (error);
  g_assert_cmpint (cairo_image_surface_get_width (surface), ==, 12);
  g_assert_cmpint (cairo_image_surface_get_height (surface), ==, 8);
  for (int j = 0; j < 8; j++)
    for (int i = 0; i < 12; i++)
      {
        int value = j / 4 * 3 + i / 4;
        guint64 grey = (guint64) lround (value / 4.0 * 255);

        if (value == 5)
          g_assert_cmphex (pixel (surface, i, j), ==, RN_COLOR_NOT_FINITE);
        else
          g_assert_cmphex (pixel (surface, i, j) & 0xffffff, ==, grey * 0x010101);
      }
  cairo_surface_destroy (surface);
}

static void
test_sheet (void)
{
  g_autoptr (RnTensor) x = make (7, 7, 10);
  g_autoptr (GError) error = NULL;
  cairo_surface_t *sheet;

  g_test_summary ("a sheet shows all channels, on one scale or each on its own");
  for (int i = 0; i < 490; i++)
    rn_tensor_f32 (x)[i] = i % 10 + (i >= 480 ? 1 : 0);
  sheet = rn_feature_sheet_draw (x, RN_SCALE_LAYER, RN_COLOR_MAP_GREY, 14, &error);
  g_assert_no_error (error);
  g_assert_cmpint (cairo_image_surface_get_width (sheet), ==, 4 * 16 + 2);
  g_assert_cmpint (cairo_image_surface_get_height (sheet), ==, 3 * 16 + 2);
  g_assert_cmphex (pixel (sheet, 2, 2) & 0xff, ==, 0);
  g_assert_cmphex (pixel (sheet, 2 + 16, 2 + 32) & 0xff, ==, lround (9 / 10.0 * 255));
  cairo_surface_destroy (sheet);

  sheet = rn_feature_sheet_draw (x, RN_SCALE_CHANNEL, RN_COLOR_MAP_GREY, 14, &error);
  g_assert_no_error (error);
  g_assert_cmphex (pixel (sheet, 2 + 16, 2 + 32) & 0xff, ==, 0);
  g_assert_cmphex (pixel (sheet, 2 + 16 + 13, 2 + 32 + 13) & 0xff, ==, 255);
  cairo_surface_destroy (sheet);
}

static void
test_vector (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RnTensor) x = rn_tensor_new (2, (gint64[]){ 1, 1000 }, &error);
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "rn-sheet.png", NULL);
  cairo_surface_t *sheet;

  g_test_summary ("a vector's sheet has a square a unit; a PNG of it is written");
  g_assert_no_error (error);
  for (int i = 0; i < 1000; i++)
    rn_tensor_f32 (x)[i] = i;
  g_assert_true (rn_feature_sheet_write (x, RN_SCALE_LAYER, RN_COLOR_MAP_VIRIDIS, 8, path, &error));
  sheet = cairo_image_surface_create_from_png (path);
  g_assert_cmpint (cairo_image_surface_get_width (sheet), ==, 32 * 10 + 2);
  cairo_surface_destroy (sheet);
  g_unlink (path);
  g_assert_false (rn_feature_sheet_write (x, RN_SCALE_LAYER, RN_COLOR_MAP_VIRIDIS, 8,
                                          "/nowhere/x.png", &error));
  g_assert_cmpstr (error->message, ==, "cannot write /nowhere/x.png: No such file or directory");
}

static void
test_too_large (void)
{
  g_autoptr (RnTensor) x = make (1, 1, 1);
  g_autoptr (GError) error = NULL;

  g_test_summary ("a picture that cairo cannot hold is refused");
  g_assert_null (rn_feature_map_draw (x, 0, (RnRange){ 0, 1 }, RN_COLOR_MAP_GREY, 40000, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/color-map/tables", test_tables);
  g_test_add_func ("/color-map/names", test_names);
  g_test_add_func ("/color-map/lightness", test_lightness);
  g_test_add_func ("/feature-map/range", test_range);
  g_test_add_func ("/feature-map/draw", test_draw);
  g_test_add_func ("/feature-map/sheet", test_sheet);
  g_test_add_func ("/feature-map/vector", test_vector);
  g_test_add_func ("/feature-map/too-large", test_too_large);

  return g_test_run ();
}
