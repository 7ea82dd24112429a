#include "ui/learn/figure-view.h"

#define MIN_WIDTH 220
#define MIN_HEIGHT 150

struct _RnFigureView
{
  GtkWidget parent_instance;

  RnFigure *figure; /* or NULL */
};

G_DEFINE_FINAL_TYPE (RnFigureView, rn_figure_view, GTK_TYPE_WIDGET)

static GdkRGBA
get_text_color (GtkWidget *widget)
{
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);

  return color;
}

/* What is drawn in a widget looks like the words in it. */
RnChartStyle
rn_figure_view_get_style (GtkWidget *widget)
{
  GdkRGBA color = get_text_color (widget);
  const PangoFontDescription *font =
      pango_context_get_font_description (gtk_widget_get_pango_context (widget));
  double size = (double)pango_font_description_get_size (font) / PANGO_SCALE;

  return (RnChartStyle){
    .text = { color.red, color.green, color.blue, color.alpha },
    .dim = { color.red, color.green, color.blue, color.alpha * 0.4 },
    .accent = { color.red, color.green, color.blue, color.alpha * 0.1 },
    .font_size = pango_font_description_get_size_is_absolute (font) ? size : size * 96 / 72,
    .marked = -1,
  };
}

gboolean
rn_figure_view_is_dark (GtkWidget *widget)
{
  GdkRGBA text = get_text_color (widget);

  return 0.2126 * text.red + 0.7152 * text.green + 0.0722 * text.blue > 0.5;
}

static void
rn_figure_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RnFigureView *self = RN_FIGURE_VIEW (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  RnChartStyle style = rn_figure_view_get_style (widget);
  cairo_t *cr;

  if (self->figure == NULL)
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  rn_figure_draw (self->figure, &style, cr, width, height);
  cairo_destroy (cr);
}

static void
rn_figure_view_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH : MIN_HEIGHT;
}

static void
rn_figure_view_finalize (GObject *object)
{
  g_clear_pointer (&RN_FIGURE_VIEW (object)->figure, rn_figure_free);

  G_OBJECT_CLASS (rn_figure_view_parent_class)->finalize (object);
}

static void
rn_figure_view_class_init (RnFigureViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = rn_figure_view_finalize;
  widget_class->snapshot = rn_figure_view_snapshot;
  widget_class->measure = rn_figure_view_measure;
  gtk_widget_class_set_css_name (widget_class, "figure");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
rn_figure_view_init (RnFigureView *self)
{
}

/**
 * rn_figure_view_set_figure:
 * @figure: (transfer full) (nullable): what to show
 * @description: what a screen reader says of it
 */
void
rn_figure_view_set_figure (RnFigureView *self, RnFigure *figure, const char *description)
{
  g_return_if_fail (RN_IS_FIGURE_VIEW (self));

  g_clear_pointer (&self->figure, rn_figure_free);
  self->figure = figure;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  figure != NULL && figure->title != NULL ? figure->title : "",
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description != NULL ? description : "", -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Returns: (transfer none) (nullable) */
RnFigure *
rn_figure_view_get_figure (RnFigureView *self)
{
  return self->figure;
}
