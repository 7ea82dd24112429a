#include "ui/draw/figure.h"

#include <glib/gstdio.h>
#include <math.h>

#define WIDTH 300
#define HEIGHT 200

static const RnChartStyle style = { .text = { 0, 0, 0, 1 },
                                    .dim = { 0.5, 0.5, 0.5, 1 },
                                    .font_size = 10,
                                    .marked = -1 };

static const RnColor red = { 1, 0, 0, 1 };

/* How many pixels of a column are red, after drawing on white. */
static int
count_red (const RnFigure *figure, int column)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);
  const guint8 *data;
  gint64 stride;
  int n = 0;

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  rn_figure_draw (figure, &style, cr, WIDTH, HEIGHT);
  cairo_surface_flush (surface);
  data = cairo_image_surface_get_data (surface);
  stride = cairo_image_surface_get_stride (surface);
  /* Below the legend. */
  for (int y = 40; y < HEIGHT; y++)
    {
      const guint32 *row = (const void *) (data + y * stride);

      n += (row[column] & 0xffffff) == 0xff0000;
    }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);

  return n;
}

/* Two bars, a unit wide each, over the whole width. */
static RnFigure *
new_bars (double first, double second)
{
  RnFigure *figure = rn_figure_new ("title", "x");
  RnFigureSeries *series = rn_figure_add (figure, NULL, RN_FIGURE_BARS, red, 2);

  figure->x_low = 0.5;
  figure->x_high = 2.5;
  for (int i = 0; i < 2; i++)
    series->points[i][0] = i + 1;
  series->points[0][1] = first;
  series->points[1][1] = second;

  return figure;
}

static void
test_bars (void)
{
  g_autoptr (RnFigure) linear = new_bars (1, 2);
  g_autoptr (RnFigure) logarithmic = new_bars (1, 100);
  g_autoptr (RnFigure) odd = new_bars (NAN, INFINITY);
  int left, right;

  g_test_summary ("Bars are as high as their values, in powers of ten where the axis is "
                  "logarithmic; what is no number has none, what is infinite reaches the top");

  rn_figure_fit_range (linear, 1, 2);
  left = count_red (linear, 90);
  right = count_red (linear, 230);
  g_assert_cmpint (left, >, 20);
  g_assert_cmpint (ABS (right - 2 * left), <=, 2);

  logarithmic->logarithmic = TRUE;
  rn_figure_fit_range (logarithmic, 1, 100);
  g_assert_cmpfloat_with_epsilon (logarithmic->y_low, 0.1, 1e-9);
  g_assert_cmpfloat_with_epsilon (logarithmic->y_high, 1000, 1e-6);
  left = count_red (logarithmic, 90);
  right = count_red (logarithmic, 230);
  g_assert_cmpint (ABS (right - 3 * left), <=, 4); /* one decade, three */

  rn_figure_fit_range (odd, 1, 2);
  g_assert_cmpint (count_red (odd, 90), ==, 0);
  g_assert_cmpint (count_red (odd, 230), >, right);
}

static void
test_curves (void)
{
  g_autoptr (RnFigure) figure = rn_figure_new (NULL, NULL);
  RnFigureSeries *series = rn_figure_add (figure, "curve", RN_FIGURE_DOTS, red, 5);

  g_test_summary ("A curve has a gap where a number is missing");

  figure->x_high = 4;
  figure->percent = TRUE;
  for (int i = 0; i < 5; i++)
    {
      series->points[i][0] = i;
      series->points[i][1] = i == 2 ? NAN : 0.5;
    }
  g_assert_cmpint (count_red (figure, 60), >, 0);
  g_assert_cmpint (count_red (figure, 164), ==, 0);
  g_assert_cmpint (count_red (figure, 270), >, 0);
}

static void
test_small (void)
{
  g_autoptr (RnFigure) figure = new_bars (1, 2);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 8, 8);
  cairo_t *cr = cairo_create (surface);

  g_test_summary ("Where there is no room nothing goes wrong");

  for (int size = 0; size < 80; size += 7)
    {
      rn_figure_draw (figure, &style, cr, size, 100 - size);
      g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
    }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static void
test_file (void)
{
  g_autoptr (RnFigure) figure = new_bars (1, 2);
  g_autofree char *folder = g_dir_make_tmp ("figure-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "figure.png", NULL);
  g_autofree char *nowhere = g_build_filename (path, "figure.png", NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A figure becomes a PNG file, or an error");

  g_assert_true (rn_figure_write_png (figure, path, &error));
  g_assert_no_error (error);
  g_assert_false (rn_figure_write_png (figure, nowhere, &error));
  g_assert_nonnull (error);
  g_remove (path);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/draw/figure/bars", test_bars);
  g_test_add_func ("/draw/figure/curves", test_curves);
  g_test_add_func ("/draw/figure/small", test_small);
  g_test_add_func ("/draw/figure/file", test_file);

  return g_test_run ();
}
