#include "ui/compare/mark-sign.h"

#include <glib/gi18n.h>

struct _RnMarkSign
{
  GtkWidget parent_instance;

  RnMark mark;
};

G_DEFINE_FINAL_TYPE (RnMarkSign, rn_mark_sign, GTK_TYPE_WIDGET)

/* The palette for the widget's theme: light text tells a dark one. */
void
rn_palette_init_for (RnPalette *palette, GtkWidget *widget)
{
  GdkRGBA text;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &text);
  rn_palette_init (palette, 0.2126 * text.red + 0.7152 * text.green + 0.0722 * text.blue > 0.5);
}

GdkRGBA
rn_mark_get_color (RnMark mark, const RnPalette *palette)
{
  switch (mark)
    {
    case RN_MARK_DIFFERENT:
      return palette->projection;
    case RN_MARK_MISSING:
      return palette->edited;
    case RN_MARK_EXTRA:
      return palette->identity;
    case RN_MARK_EQUIVALENT:
      return palette->accent;
    case RN_MARK_SAME:
    default:
      return palette->dim_text;
    }
}

/* What a mark means, in a word or two. */
const char *
rn_mark_get_title (RnMark mark)
{
  switch (mark)
    {
    case RN_MARK_DIFFERENT:
      return _ ("different");
    case RN_MARK_MISSING:
      return _ ("only in A");
    case RN_MARK_EXTRA:
      return _ ("only in B");
    case RN_MARK_EQUIVALENT:
      return _ ("written otherwise");
    case RN_MARK_SAME:
    default:
      return _ ("the same");
    }
}

/* The mark of a difference's kind, as RnDifference has them. */
RnMark
rn_mark_of_difference (const char *kind)
{
  if (g_str_equal (kind, "missing"))
    return RN_MARK_MISSING;
  if (g_str_equal (kind, "extra"))
    return RN_MARK_EXTRA;

  return g_str_equal (kind, "equivalent") ? RN_MARK_EQUIVALENT : RN_MARK_DIFFERENT;
}

/* Circle for what one side lacks, diamond for what differs, square for what is written otherwise.
 */
static void
draw_shape (cairo_t *cr, RnMark mark, double x, double y, double r)
{
  cairo_new_path (cr);
  if (mark == RN_MARK_DIFFERENT)
    {
      cairo_move_to (cr, x, y - r);
      cairo_line_to (cr, x + r, y);
      cairo_line_to (cr, x, y + r);
      cairo_line_to (cr, x - r, y);
      cairo_close_path (cr);
    }
  else if (mark == RN_MARK_EQUIVALENT)
    cairo_rectangle (cr, x - 0.8 * r, y - 0.8 * r, 1.6 * r, 1.6 * r);
  else
    cairo_arc (cr, x, y, 0.9 * r, 0, 2 * G_PI);
}

static void
draw_bar (cairo_t *cr, double x0, double y0, double x1, double y1)
{
  cairo_move_to (cr, x0, y0);
  cairo_line_to (cr, x1, y1);
  cairo_stroke (cr);
}

/* Minus, plus, not equal, a wave. */
static void
draw_character (cairo_t *cr, RnMark mark, double x, double y)
{
  if (mark == RN_MARK_EQUIVALENT)
    {
      for (int i = -1; i <= 1; i += 2)
        {
          cairo_move_to (cr, x - 4, y + 2.2 * i + 1);
          cairo_curve_to (cr, x - 1.5, y + 2.2 * i - 2.2, x + 1.5, y + 2.2 * i + 2.2, x + 4,
                          y + 2.2 * i - 1);
          cairo_stroke (cr);
        }
      return;
    }
  if (mark == RN_MARK_MISSING || mark == RN_MARK_EXTRA)
    draw_bar (cr, x - 4, y, x + 4, y);
  if (mark == RN_MARK_EXTRA)
    draw_bar (cr, x, y - 4, x, y + 4);
  if (mark == RN_MARK_DIFFERENT || mark == RN_MARK_SAME)
    {
      draw_bar (cr, x - 3.5, y - 1.8, x + 3.5, y - 1.8);
      draw_bar (cr, x - 3.5, y + 1.8, x + 3.5, y + 1.8);
    }
  if (mark == RN_MARK_DIFFERENT)
    draw_bar (cr, x + 2, y - 4.5, x - 2, y + 4.5);
}

/* Draws a sign around a point. */
void
rn_mark_snapshot (GtkSnapshot *snapshot, RnMark mark, const RnPalette *palette, double x, double y)
{
  double r = RN_MARK_SIGN_SIZE / 2.0;
  GdkRGBA color = rn_mark_get_color (mark, palette);
  cairo_t *cr =
      gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (x - r, y - r, 2 * r, 2 * r));

  cairo_set_line_width (cr, 1.6);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  if (mark == RN_MARK_SAME)
    color = rn_color_with_alpha (color, 0.7);
  gdk_cairo_set_source_rgba (cr, &color);
  if (mark != RN_MARK_SAME)
    {
      draw_shape (cr, mark, x, y, r);
      cairo_fill (cr);
      gdk_cairo_set_source_rgba (cr, &palette->card);
    }
  draw_character (cr, mark, x, y);
  cairo_destroy (cr);
}

static void
rn_mark_sign_measure (GtkWidget *widget,
                      GtkOrientation orientation,
                      int for_size,
                      int *minimum,
                      int *natural,
                      int *minimum_baseline,
                      int *natural_baseline)
{
  *minimum = *natural = RN_MARK_SIGN_SIZE;
}

static void
rn_mark_sign_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RnPalette palette;

  rn_palette_init_for (&palette, widget);
  rn_mark_snapshot (snapshot, RN_MARK_SIGN (widget)->mark, &palette,
                    gtk_widget_get_width (widget) / 2.0, gtk_widget_get_height (widget) / 2.0);
}

static void
rn_mark_sign_class_init (RnMarkSignClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = rn_mark_sign_measure;
  widget_class->snapshot = rn_mark_sign_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
rn_mark_sign_init (RnMarkSign *self)
{
}

/* A sign as a widget of its own. */
GtkWidget *
rn_mark_sign_new (RnMark mark)
{
  RnMarkSign *self = g_object_new (RN_TYPE_MARK_SIGN, NULL);

  self->mark = mark;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  rn_mark_get_title (mark), -1);

  return GTK_WIDGET (self);
}
