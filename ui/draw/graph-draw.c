#include "ui/draw/graph-draw.h"

static double
mix (double dark, double light, double amount)
{
  return dark + (light - dark) * amount;
}

/* Grey lies between the ink's ends; true colours stay. */
static RnColor
apply_ink (RnColor color, const RnInk *ink)
{
  if (ink == NULL || color.red != color.green || color.green != color.blue)
    return color;

  return (RnColor){ mix (ink->dark.red, ink->light.red, color.red),
                    mix (ink->dark.green, ink->light.green, color.red),
                    mix (ink->dark.blue, ink->light.blue, color.red), color.alpha };
}

static void
set_color (cairo_t *cr, RnColor color)
{
  cairo_set_source_rgba (cr, color.red, color.green, color.blue, color.alpha);
}

static void
draw_text (const RnStroke *stroke, cairo_t *cr, PangoLayout *text)
{
  PangoFontDescription *font = pango_font_description_new ();
  PangoRectangle extents;
  double width, shrink;

  pango_font_description_set_family (font, stroke->font);
  pango_font_description_set_absolute_size (font, stroke->font_size * PANGO_SCALE);
  if (stroke->bold)
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (text, font);
  pango_font_description_free (font);
  pango_layout_set_text (text, stroke->text, -1);
  pango_layout_get_extents (text, NULL, &extents);

  /* Where this machine's font is wider than the layout reckoned, the text must still fit its box.
   */
  width = (double)extents.width / PANGO_SCALE;
  shrink =
      stroke->text_width > 0 && width > stroke->text_width + 2 ? stroke->text_width / width : 1;
  cairo_save (cr);
  cairo_translate (cr, stroke->points[0].x - width * shrink * stroke->align, stroke->points[0].y);
  cairo_scale (cr, shrink, 1);
  cairo_move_to (cr, 0, -(double)pango_layout_get_baseline (text) / PANGO_SCALE);
  pango_cairo_show_layout (cr, text);
  cairo_restore (cr);
}

static void
trace_outline (const RnStroke *stroke, cairo_t *cr)
{
  const RnPoint *p = stroke->points;

  cairo_new_path (cr);
  if (stroke->kind == RN_STROKE_ELLIPSE)
    {
      cairo_save (cr);
      cairo_translate (cr, p[0].x, p[0].y);
      cairo_scale (cr, MAX (p[1].x, 1e-3), MAX (p[1].y, 1e-3));
      cairo_arc (cr, 0, 0, 1, 0, 2 * G_PI);
      cairo_restore (cr);
      return;
    }
  cairo_move_to (cr, p[0].x, p[0].y);
  if (stroke->kind == RN_STROKE_BEZIER)
    for (int i = 1; i + 2 < stroke->n_points; i += 3)
      cairo_curve_to (cr, p[i].x, p[i].y, p[i + 1].x, p[i + 1].y, p[i + 2].x, p[i + 2].y);
  else
    for (int i = 1; i < stroke->n_points; i++)
      cairo_line_to (cr, p[i].x, p[i].y);
  if (stroke->kind == RN_STROKE_POLYGON)
    cairo_close_path (cr);
}

/**
 * rn_stroke_draw:
 * @cr: user space in points
 * @text: a Pango layout for @cr, which this changes
 * @ink: (nullable): what stands for black and white
 */
void
rn_stroke_draw (const RnStroke *stroke, cairo_t *cr, PangoLayout *text, const RnInk *ink)
{
  RnColor pen = apply_ink (stroke->pen, ink);

  if (stroke->n_points == 0)
    return;
  if (stroke->kind == RN_STROKE_TEXT)
    {
      set_color (cr, pen);
      draw_text (stroke, cr, text);
      return;
    }

  trace_outline (stroke, cr);
  if (stroke->fill.alpha > 0)
    {
      set_color (cr, apply_ink (stroke->fill, ink));
      cairo_fill_preserve (cr);
    }
  if (pen.alpha > 0 && stroke->line_width > 0)
    {
      const double dashes[] = { 5, 3 };

      set_color (cr, pen);
      cairo_set_line_width (cr, stroke->line_width);
      cairo_set_dash (cr, dashes, stroke->dashed ? G_N_ELEMENTS (dashes) : 0, 0);
      cairo_stroke (cr);
    }
  cairo_new_path (cr);
}

static void
draw_strokes (const RnStroke *strokes, int n, cairo_t *cr, PangoLayout *text)
{
  for (int i = 0; i < n; i++)
    rn_stroke_draw (&strokes[i], cr, text, NULL);
}

/**
 * rn_graph_layout_draw:
 * @cr: user space in points, the layout's origin at 0, 0
 *
 * Draws all of it over white.
 */
void
rn_graph_layout_draw (const RnGraphLayout *self, cairo_t *cr)
{
  PangoLayout *text = pango_cairo_create_layout (cr);
  cairo_font_options_t *options = cairo_font_options_create ();

  /* Unhinted glyphs keep the widths that the layout reckoned at any resolution. */
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  pango_cairo_context_set_font_options (pango_layout_get_context (text), options);
  cairo_font_options_destroy (options);

  cairo_save (cr);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  for (int i = 0; i < self->n_nodes; i++)
    draw_strokes (self->nodes[i].strokes, self->nodes[i].n_strokes, cr, text);
  for (int i = 0; i < self->n_edges; i++)
    draw_strokes (self->edges[i].strokes, self->edges[i].n_strokes, cr, text);
  cairo_restore (cr);
  g_object_unref (text);
}
