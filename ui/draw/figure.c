#include "ui/draw/figure.h"

#include <math.h>

#include "ui/draw/surface-file.h"

/* All in units of the font's size. */
#define TITLE 1.9
#define LEGEND 1.5
#define LEFT 3.6
#define RIGHT 0.8
#define BOTTOM 2.6

/* Of a figure in a file, in pixels. */
#define FILE_WIDTH 900
#define FILE_HEIGHT 480
#define FILE_FONT 15

/* Decades below the largest value that a logarithmic axis reaches. */
#define MAX_DECADES 8

RnFigure *
rn_figure_new (const char *title, const char *x_label)
{
  RnFigure *self = g_new0 (RnFigure, 1);

  self->title = g_strdup (title);
  self->x_label = g_strdup (x_label);
  self->x_high = self->y_high = 1;
  self->mark = NAN;

  return self;
}

void
rn_figure_free (RnFigure *self)
{
  if (self == NULL)
    return;

  for (int s = 0; s < self->n_series; s++)
    {
      g_free (self->series[s].name);
      g_free (self->series[s].points);
    }
  g_free (self->title);
  g_free (self->x_label);
  g_free (self);
}

/* Returns: (transfer none): a series whose points are all 0, for the caller to fill in */
RnFigureSeries *
rn_figure_add (RnFigure *self, const char *name, RnFigureKind kind, RnColor color, int n)
{
  RnFigureSeries *series = &self->series[self->n_series];

  g_return_val_if_fail (self->n_series < RN_FIGURE_MAX_SERIES, NULL);

  *series = (RnFigureSeries){ g_strdup (name), kind, color, n, NULL };
  series->points = g_malloc0_n (n + 1, sizeof *series->points);
  self->n_series++;

  return series;
}

/* Chooses both ends of y for values from @low to @high, both above 0: from 0 where the axis is not
 * logarithmic, else whole powers of ten. */
void
rn_figure_fit_range (RnFigure *self, double low, double high)
{
  self->y_low = 0;
  self->y_high = high * 1.05;
  if (self->logarithmic)
    {
      self->y_high = pow (10, ceil (log10 (high * 1.01)));
      self->y_low = pow (10, floor (log10 (MAX (low, high * pow (10, -MAX_DECADES)) * 0.99)));
    }
}

typedef struct
{
  const RnFigure *figure;
  const RnChartStyle *style;
  cairo_t *cr;
  PangoLayout *text;
  double left, top, width, height; /* of what the axes enclose */
} Pen;

static void
set_color (const Pen *pen, RnColor color)
{
  cairo_set_source_rgba (pen->cr, color.red, color.green, color.blue, color.alpha);
}

static int
set_text (const Pen *pen, const char *text, double size, gboolean bold)
{
  PangoFontDescription *font = pango_font_description_from_string (bold ? "Sans Bold" : "Sans");
  int width;

  pango_font_description_set_absolute_size (font, size * pen->style->font_size * PANGO_SCALE);
  pango_layout_set_font_description (pen->text, font);
  pango_layout_set_text (pen->text, text, -1);
  pango_font_description_free (font);
  pango_layout_get_pixel_size (pen->text, &width, NULL);

  return width;
}

/* @align: 0 has the text begin at @x, 1 end there. */
static int
draw_text (
    const Pen *pen, const char *text, double x, double y, double align, double size, gboolean bold)
{
  int width = set_text (pen, text, size, bold), height;

  pango_layout_get_pixel_size (pen->text, NULL, &height);
  cairo_move_to (pen->cr, round (x - align * width), round (y - height / 2.0));
  pango_cairo_show_layout (pen->cr, pen->text);

  return width;
}

static double
place_x (const Pen *pen, double x)
{
  const RnFigure *f = pen->figure;

  return pen->left + (x - f->x_low) / (f->x_high - f->x_low) * pen->width;
}

static double
place_y (const Pen *pen, double y)
{
  const RnFigure *f = pen->figure;
  double share = f->logarithmic ? (log (MAX (y, f->y_low)) - log (f->y_low)) /
                                      (log (f->y_high) - log (f->y_low))
                                : (y - f->y_low) / (f->y_high - f->y_low);

  return pen->top + (1 - CLAMP (share, 0, 1)) * pen->height;
}

/* A round distance between ticks, so that there are at most @n: 1, 2 or 5 times a power of ten. */
static double
choose_distance (double range, double n, gboolean whole)
{
  double power = pow (10, floor (log10 (MAX (range, 1e-12) / n)));
  static const double factors[] = { 1, 2, 5, 10 };

  for (guint i = 0; i < G_N_ELEMENTS (factors); i++)
    if (range / (factors[i] * power) <= n)
      return whole ? MAX (factors[i] * power, 1) : factors[i] * power;

  return 10 * power;
}

static char *
write_number (const Pen *pen, double y)
{
  if (pen->figure->percent)
    return g_strdup_printf ("%g %%", round (y * 1000) / 10);

  return g_strdup_printf ("%.3g", y);
}

static void
draw_y_tick (const Pen *pen, double y)
{
  double place = round (place_y (pen, y)) + 0.5;
  g_autofree char *text = write_number (pen, y);
  RnColor dim = pen->style->dim;

  dim.alpha *= 0.45;
  set_color (pen, dim);
  cairo_set_line_width (pen->cr, 1);
  cairo_move_to (pen->cr, pen->left, place);
  cairo_line_to (pen->cr, pen->left + pen->width, place);
  cairo_stroke (pen->cr);
  set_color (pen, pen->style->text);
  draw_text (pen, text, pen->left - 0.4 * pen->style->font_size, place, 1, 0.8, FALSE);
}

static void
draw_y_axis (const Pen *pen)
{
  const RnFigure *f = pen->figure;
  double room = pen->height / (1.6 * pen->style->font_size);

  if (f->logarithmic)
    {
      int decades = (int)round (log10 (f->y_high / f->y_low));
      int every = MAX ((int)ceil (decades / MAX (room, 1)), 1);

      for (int d = 0; d <= decades; d += every)
        draw_y_tick (pen, f->y_low * pow (10, d));
    }
  else
    {
      double distance = choose_distance (f->y_high - f->y_low, MIN (MAX (room, 1), 5), FALSE);

      for (double y = f->y_low; y <= f->y_high * 1.0001; y += distance)
        draw_y_tick (pen, y);
    }
}

static void
draw_x_axis (const Pen *pen)
{
  const RnFigure *f = pen->figure;
  double font = pen->style->font_size, base = pen->top + pen->height;
  double distance =
      choose_distance (f->x_high - f->x_low, MAX (pen->width / (3.2 * font), 1), f->whole);

  set_color (pen, pen->style->dim);
  cairo_set_line_width (pen->cr, 1);
  cairo_move_to (pen->cr, pen->left, round (base) + 0.5);
  cairo_line_to (pen->cr, pen->left + pen->width, round (base) + 0.5);
  cairo_stroke (pen->cr);
  set_color (pen, pen->style->text);
  for (double x = ceil (f->x_low / distance) * distance; x <= f->x_high; x += distance)
    {
      g_autofree char *text = g_strdup_printf ("%g", round (x * 1e6) / 1e6);

      draw_text (pen, text, place_x (pen, x), base + 0.75 * font, 0.5, 0.8, FALSE);
    }
  if (f->x_label != NULL)
    draw_text (pen, f->x_label, pen->left + pen->width, base + 1.95 * font, 1, 0.8, FALSE);
}

static void
draw_mark (const Pen *pen)
{
  double x = round (place_x (pen, pen->figure->mark)) + 0.5;

  if (isnan (pen->figure->mark))
    return;
  set_color (pen, pen->style->dim);
  cairo_set_line_width (pen->cr, 2);
  cairo_move_to (pen->cr, x, pen->top);
  cairo_line_to (pen->cr, x, pen->top + pen->height);
  cairo_stroke (pen->cr);
}

static void
draw_curve (const Pen *pen, const RnFigureSeries *series)
{
  gboolean down = FALSE;

  set_color (pen, series->color);
  cairo_set_line_width (pen->cr, series->kind == RN_FIGURE_DOTS ? 2.2 : 1.1);
  for (int i = 0; i < series->n; i++)
    {
      double x = place_x (pen, series->points[i][0]), y = series->points[i][1];

      if (!isfinite (y))
        down = FALSE;
      else if (down)
        cairo_line_to (pen->cr, x, place_y (pen, y));
      else
        cairo_move_to (pen->cr, x, place_y (pen, y));
      down |= isfinite (y);
    }
  cairo_stroke (pen->cr);
  for (int i = 0; i < series->n && series->kind == RN_FIGURE_DOTS; i++)
    if (isfinite (series->points[i][1]))
      {
        cairo_arc (pen->cr, place_x (pen, series->points[i][0]),
                   place_y (pen, series->points[i][1]), 3, 0, 2 * G_PI);
        cairo_fill (pen->cr);
      }
}

/* @place: among the series of bars; a point's bars share its unit of x. */
static void
draw_bars (const Pen *pen, const RnFigureSeries *series, int place, int n_places)
{
  double unit = place_x (pen, 1) - place_x (pen, 0), base = pen->top + pen->height;
  double width = unit * 0.8 / n_places;

  set_color (pen, series->color);
  for (int i = 0; i < series->n; i++)
    {
      double y = series->points[i][1], top = place_y (pen, y);
      double left = place_x (pen, series->points[i][0]) - unit * 0.4 + place * width;

      if (isnan (y) || y <= 0)
        continue; /* what is infinite goes to the top */
      cairo_rectangle (pen->cr, left, top, MAX (width - (width > 4 ? 1 : 0), 1),
                       MAX (base - top, 1));
      cairo_fill (pen->cr);
    }
}

/* Each name has its share of the width; what is longer is cut. */
static void
draw_legend (const Pen *pen, double y)
{
  double font = pen->style->font_size, x = pen->left;
  double room = pen->width / MAX (pen->figure->n_series, 1) - 2.8 * font;

  for (int s = 0; s < pen->figure->n_series; s++)
    {
      const RnFigureSeries *series = &pen->figure->series[s];
      double thick = series->kind == RN_FIGURE_LINE ? 1.2 : series->kind == RN_FIGURE_DOTS ? 3 : 8;

      if (series->name == NULL)
        continue;
      set_color (pen, series->color);
      cairo_rectangle (pen->cr, x, round (y - thick / 2), 1.3 * font, thick);
      cairo_fill (pen->cr);
      set_color (pen, pen->style->text);
      x += 1.6 * font;
      pango_layout_set_width (pen->text, (int)(MAX (room, 2 * font) * PANGO_SCALE));
      pango_layout_set_ellipsize (pen->text, PANGO_ELLIPSIZE_MIDDLE);
      x += draw_text (pen, series->name, x, y, 0, 0.85, FALSE) + 1.2 * font;
      pango_layout_set_width (pen->text, -1);
    }
}

static void
draw_series (const Pen *pen)
{
  const RnFigure *f = pen->figure;
  int n_bars = 0, place = 0;

  for (int s = 0; s < f->n_series; s++)
    n_bars += f->series[s].kind == RN_FIGURE_BARS;
  for (int s = 0; s < f->n_series; s++)
    if (f->series[s].kind == RN_FIGURE_BARS)
      draw_bars (pen, &f->series[s], place++, n_bars);
    else
      draw_curve (pen, &f->series[s]);
}

/* Draws it from the origin, @width wide and @height high. */
void
rn_figure_draw (
    const RnFigure *self, const RnChartStyle *style, cairo_t *cr, double width, double height)
{
  g_autoptr (PangoLayout) text = pango_cairo_create_layout (cr);
  double font = style->font_size, top = (TITLE + LEGEND) * font;
  Pen pen = { self,
              style,
              cr,
              text,
              LEFT * font,
              top,
              width - (LEFT + RIGHT) * font,
              height - top - BOTTOM * font };

  set_color (&pen, style->text);
  if (self->title != NULL)
    draw_text (&pen, self->title, 0.2 * font, 0.45 * TITLE * font, 0, 1, TRUE);
  draw_legend (&pen, (TITLE + 0.45 * LEGEND) * font);
  if (pen.width < font || pen.height < font)
    return;
  draw_y_axis (&pen);
  draw_x_axis (&pen);
  cairo_save (cr);
  cairo_rectangle (cr, pen.left, pen.top - 4, pen.width + 4, pen.height + 8);
  cairo_clip (cr);
  draw_mark (&pen);
  draw_series (&pen);
  cairo_restore (cr);
}

static void
draw_file (cairo_t *cr, gpointer data)
{
  const RnChartStyle style = { .text = { 0.13, 0.13, 0.13, 1 },
                               .dim = { 0.5, 0.5, 0.5, 1 },
                               .font_size = FILE_FONT,
                               .marked = -1 };

  rn_figure_draw (data, &style, cr, FILE_WIDTH, FILE_HEIGHT);
}

/**
 * rn_figure_write_png:
 * @path: a file, written whole or not at all: dark on white
 */
gboolean
rn_figure_write_png (const RnFigure *self, const char *path, GError **error)
{
  return rn_surface_file_write (path, FILE_WIDTH, FILE_HEIGHT, draw_file, (gpointer)self, error);
}
