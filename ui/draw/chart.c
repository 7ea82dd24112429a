#include "ui/draw/chart.h"

#include <math.h>

#include "ui/draw/surface-file.h"

/* All in units of the font's size. */
#define BAR 0.95
#define ROW_GAP 0.45
#define GROUP_GAP 0.6
#define TITLE 2.2
#define LEGEND 1.7
#define MARGIN 0.3

/* Of a chart in a file, in pixels. */
#define FILE_WIDTH 900
#define FILE_FONT 15

/**
 * rn_chart_new:
 * @n_series: up to %RN_CHART_MAX_SERIES
 *
 * Returns: (transfer full): a chart whose names are %NULL and whose values are 0
 */
RnChart *
rn_chart_new (int n_categories, int n_series)
{
  RnChart *self = g_new0 (RnChart, 1);

  g_return_val_if_fail (n_categories >= 0 && n_series > 0 && n_series <= RN_CHART_MAX_SERIES, NULL);

  self->n_categories = n_categories;
  self->categories = g_new0 (char *, n_categories + 1);
  self->n_series = n_series;
  for (int s = 0; s < n_series; s++)
    self->series[s].values = g_new0 (double, n_categories + 1);
  self->high = 1;

  return self;
}

void
rn_chart_free (RnChart *self)
{
  if (self == NULL)
    return;

  for (int s = 0; s < self->n_series; s++)
    {
      g_free (self->series[s].name);
      g_free (self->series[s].values);
    }
  for (int i = 0; i < self->n_categories; i++)
    g_free (self->categories[i]);
  g_free (self->categories);
  g_free (self->groups);
  g_free (self->title);
  g_free (self->unit);
  g_free (self);
}

/* Lets the longest bar reach the edge; zero is always there. */
void
rn_chart_fit (RnChart *self)
{
  self->low = self->high = 0;
  for (int s = 0; s < self->n_series; s++)
    for (int i = 0; i < self->n_categories; i++)
      if (!isnan (self->series[s].values[i]))
        {
          self->low = MIN (self->low, self->series[s].values[i]);
          self->high = MAX (self->high, self->series[s].values[i]);
        }
  if (self->high <= self->low)
    self->high = self->low + 1;
}

static gboolean
has_legend (const RnChart *self)
{
  return self->n_series > 1 && self->series[0].name != NULL;
}

static double
get_row_height (const RnChart *self)
{
  return self->n_series * BAR + ROW_GAP;
}

static double
get_header_height (const RnChart *self)
{
  return (self->title != NULL ? TITLE : 0) + (has_legend (self) ? LEGEND : 0);
}

static gboolean
begins_group (const RnChart *self, int category)
{
  return self->groups != NULL && category > 0
         && self->groups[category] != self->groups[category - 1];
}

/**
 * rn_chart_get_row:
 * @y: (out): its upper edge
 * @height: (out): without the gaps between groups
 */
void
rn_chart_get_row (const RnChart *self, double font_size, int category, double *y, double *height)
{
  double place = get_header_height (self);

  for (int i = 0; i <= category; i++)
    place += (begins_group (self, i) ? GROUP_GAP : 0) + (i > 0 ? get_row_height (self) : 0);
  *y = place * font_size;
  *height = get_row_height (self) * font_size;
}

/* Returns: in pixels, whatever the width */
double
rn_chart_get_height (const RnChart *self, double font_size)
{
  double y, height;

  if (self->n_categories == 0)
    return get_header_height (self) * font_size;
  rn_chart_get_row (self, font_size, self->n_categories - 1, &y, &height);

  return y + height + MARGIN * font_size;
}

/* Returns: the category whose row is at @y, or -1 */
int
rn_chart_find (const RnChart *self, double font_size, double y)
{
  for (int i = 0; i < self->n_categories; i++)
    {
      double top, height;

      rn_chart_get_row (self, font_size, i, &top, &height);
      if (y >= top && y < top + height)
        return i;
    }

  return -1;
}

typedef struct
{
  cairo_t *cr;
  PangoLayout *text;
  const RnChartStyle *style;
  double width;
  double labels; /* how wide the names at the left are */
  double values; /* how wide the numbers at the right are */
} Pen;

static void
set_color (const Pen *pen, RnColor color)
{
  cairo_set_source_rgba (pen->cr, color.red, color.green, color.blue, color.alpha);
}

static void
set_text (const Pen *pen, const char *text, double size, gboolean bold)
{
  PangoFontDescription *font = pango_font_description_from_string (bold ? "Sans Bold" : "Sans");

  pango_font_description_set_absolute_size (font, size * pen->style->font_size * PANGO_SCALE);
  pango_layout_set_font_description (pen->text, font);
  pango_layout_set_text (pen->text, text, -1);
  pango_font_description_free (font);
}

static double
measure_text (const Pen *pen, const char *text, double size)
{
  int width;

  set_text (pen, text, size, FALSE);
  pango_layout_get_pixel_size (pen->text, &width, NULL);

  return width;
}

/* Text centred on @y. */
static void
draw_text (const Pen *pen, const char *text, double x, double y, double size, gboolean bold)
{
  int height;

  set_text (pen, text, size, bold);
  pango_layout_get_pixel_size (pen->text, NULL, &height);
  cairo_move_to (pen->cr, x, y - height / 2.0);
  pango_cairo_show_layout (pen->cr, pen->text);
}

static char *
write_value (const RnChart *self, double value)
{
  return g_strdup_printf ("%.1f%s%s", value, self->unit != NULL ? " " : "",
                          self->unit != NULL ? self->unit : "");
}

static void
measure_sides (const RnChart *self, Pen *pen)
{
  for (int i = 0; i < self->n_categories; i++)
    {
      if (self->categories[i] != NULL)
        pen->labels = MAX (pen->labels, measure_text (pen, self->categories[i], 1));
      for (int s = 0; s < self->n_series; s++)
        {
          g_autofree char *text = write_value (self, self->series[s].values[i]);

          pen->values = MAX (pen->values, measure_text (pen, text, 0.8));
        }
    }
  pen->labels += pen->style->font_size * 0.8;
  pen->values += pen->style->font_size * 0.6;
}

static void
draw_header (const RnChart *self, const Pen *pen)
{
  double f = pen->style->font_size, x = 0, y = self->title != NULL ? TITLE : 0;

  set_color (pen, pen->style->text);
  if (self->title != NULL)
    {
      pango_layout_set_width (pen->text, (int) (pen->width * PANGO_SCALE));
      pango_layout_set_ellipsize (pen->text, PANGO_ELLIPSIZE_END);
      draw_text (pen, self->title, 0, f * TITLE * 0.45, 1.1, TRUE);
      pango_layout_set_width (pen->text, -1);
    }
  for (int s = 0; s < self->n_series && has_legend (self); s++)
    {
      set_color (pen, self->series[s].color);
      cairo_rectangle (pen->cr, x, (y + LEGEND * 0.25) * f, f * 0.8, f * 0.8);
      cairo_fill (pen->cr);
      set_color (pen, pen->style->text);
      draw_text (pen, self->series[s].name, x + f * 1.1, (y + LEGEND * 0.25 + 0.4) * f, 0.9, FALSE);
      x += f * 2.2 + measure_text (pen, self->series[s].name, 0.9);
    }
}

static void
draw_bar (const RnChart *self, const Pen *pen, int series, int category, double y)
{
  double f = pen->style->font_size, value = self->series[series].values[category];
  double room = pen->width - pen->labels - pen->values, scale = room / (self->high - self->low);
  double zero = pen->labels - self->low * scale;
  g_autofree char *text = NULL;

  if (isnan (value) || room <= 0)
    return;
  text = write_value (self, value);
  set_color (pen, self->series[series].color);
  cairo_rectangle (pen->cr, MIN (zero, zero + value * scale), y + 0.08 * f,
                   MAX (fabs (value * scale), 1), (BAR - 0.16) * f);
  cairo_fill (pen->cr);
  set_color (pen, pen->style->text);
  draw_text (pen, text, MAX (zero, zero + value * scale) + f * 0.3, y + BAR * f / 2, 0.8, FALSE);
}

static void
draw_row (const RnChart *self, const Pen *pen, int category)
{
  double f = pen->style->font_size, y, height;

  rn_chart_get_row (self, f, category, &y, &height);
  if (category == pen->style->marked)
    {
      set_color (pen, pen->style->accent);
      cairo_rectangle (pen->cr, 0, y, pen->width, height);
      cairo_fill (pen->cr);
    }
  set_color (pen, pen->style->text);
  if (self->categories[category] != NULL)
    draw_text (pen, self->categories[category], f * 0.2, y + height / 2, 1,
               category == pen->style->marked);
  for (int s = 0; s < self->n_series; s++)
    draw_bar (self, pen, s, category, y + (ROW_GAP / 2 + s * BAR) * f);
}

static void
draw_zero (const RnChart *self, const Pen *pen)
{
  double f = pen->style->font_size, room = pen->width - pen->labels - pen->values;
  double x = round (pen->labels - self->low * room / (self->high - self->low)) - 0.5;

  set_color (pen, pen->style->dim);
  cairo_set_line_width (pen->cr, 1);
  cairo_move_to (pen->cr, x, get_header_height (self) * f);
  cairo_line_to (pen->cr, x, rn_chart_get_height (self, f) - MARGIN * f);
  cairo_stroke (pen->cr);
}

/* Draws it from the origin, @width wide and rn_chart_get_height() high. */
void
rn_chart_draw (const RnChart *self, const RnChartStyle *style, cairo_t *cr, double width)
{
  g_autoptr (PangoLayout) text = pango_cairo_create_layout (cr);
  Pen pen = { cr, text, style, width, 0, 0 };

  measure_sides (self, &pen);
  draw_header (self, &pen);
  if (self->n_categories == 0)
    return;
  for (int i = 0; i < self->n_categories; i++)
    draw_row (self, &pen, i);
  draw_zero (self, &pen);
}

static void
draw_file (cairo_t *cr, gpointer data)
{
  const RnChartStyle style = { .text = { 0.13, 0.13, 0.13, 1 },
                               .dim = { 0.5, 0.5, 0.5, 1 },
                               .font_size = FILE_FONT,
                               .marked = -1 };

  rn_chart_draw (data, &style, cr, FILE_WIDTH);
}

/**
 * rn_chart_write_png:
 * @path: a file, written whole or not at all: dark on white, 948 pixels wide
 */
gboolean
rn_chart_write_png (const RnChart *self, const char *path, GError **error)
{
  int height = (int) ceil (rn_chart_get_height (self, FILE_FONT));

  return rn_surface_file_write (path, FILE_WIDTH, height, draw_file, (gpointer) self, error);
}
