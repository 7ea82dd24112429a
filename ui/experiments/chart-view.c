#include "ui/experiments/chart-view.h"

#include <glib/gi18n.h>
#include <math.h>

#define MIN_WIDTH 200

struct _RnChartView
{
  GtkWidget parent_instance;

  RnChart *chart; /* or NULL */
  int marked;     /* a category, or -1 */
};

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RnChartView, rn_chart_view, GTK_TYPE_WIDGET)

/* In pixels: words of a chart are as large as those around it. */
static double
get_font_size (RnChartView *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  const PangoFontDescription *font = pango_context_get_font_description (context);
  double size = (double) pango_font_description_get_size (font) / PANGO_SCALE;

  return pango_font_description_get_size_is_absolute (font) ? size : size * 96 / 72;
}

static RnColor
to_color (GdkRGBA color, double alpha)
{
  return (RnColor) { color.red, color.green, color.blue, color.alpha * alpha };
}

static GdkRGBA
get_text_color (RnChartView *self)
{
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);

  return color;
}

static void
rn_chart_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RnChartView *self = RN_CHART_VIEW (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  GdkRGBA text = get_text_color (self);
  const RnChartStyle style = { .text = to_color (text, 1),
                               .dim = to_color (text, 0.4),
                               .accent = to_color (text, 0.1),
                               .font_size = get_font_size (self),
                               .marked = self->marked };
  cairo_t *cr;

  if (self->chart == NULL)
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  rn_chart_draw (self->chart, &style, cr, width);
  cairo_destroy (cr);
}

static void
rn_chart_view_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  RnChartView *self = RN_CHART_VIEW (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = *natural = MIN_WIDTH;
  else
    *minimum = *natural =
        self->chart != NULL ? (int) ceil (rn_chart_get_height (self->chart, get_font_size (self)))
                            : 0;
}

/* What a screen reader says of the row that is marked. */
static void
describe_marked (RnChartView *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->chart != NULL && self->marked >= 0)
    {
      g_string_append_printf (text, "%s:", self->chart->categories[self->marked]);
      for (int s = 0; s < self->chart->n_series; s++)
        g_string_append_printf (text, "%s %s %.1f %s", s > 0 ? "," : "",
                                self->chart->series[s].name != NULL ? self->chart->series[s].name
                                                                    : "",
                                self->chart->series[s].values[self->marked],
                                self->chart->unit != NULL ? self->chart->unit : "");
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text->str, -1);
}

static void
choose (RnChartView *self, int category)
{
  if (self->chart == NULL || category < 0 || category >= self->chart->n_categories)
    return;
  rn_chart_view_set_marked (self, category);
  g_signal_emit (self, signals[CHOSEN], 0, category);
}

static void
on_released (RnChartView *self, int n_press, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (self->chart != NULL)
    choose (self, rn_chart_find (self->chart, get_font_size (self), y));
}

static gboolean
on_step (GtkWidget *widget, GVariant *steps, gpointer data)
{
  RnChartView *self = RN_CHART_VIEW (widget);

  if (self->chart == NULL)
    return FALSE;
  choose (self, CLAMP (self->marked + g_variant_get_int32 (steps), 0,
                       self->chart->n_categories - 1));

  return TRUE;
}

static void
rn_chart_view_finalize (GObject *object)
{
  g_clear_pointer (&RN_CHART_VIEW (object)->chart, rn_chart_free);

  G_OBJECT_CLASS (rn_chart_view_parent_class)->finalize (object);
}

static void
rn_chart_view_class_init (RnChartViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = rn_chart_view_finalize;
  widget_class->snapshot = rn_chart_view_snapshot;
  widget_class->measure = rn_chart_view_measure;
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Down, 0, on_step, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Up, 0, on_step, "i", -1);

  /* A row was chosen: its category. */
  signals[CHOSEN] = g_signal_new ("chosen", RN_TYPE_CHART_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
rn_chart_view_init (RnChartView *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->marked = -1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  g_signal_connect_swapped (click, "released", G_CALLBACK (on_released), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

GtkWidget *
rn_chart_view_new (void)
{
  return g_object_new (RN_TYPE_CHART_VIEW, NULL);
}

/**
 * rn_chart_view_set_chart:
 * @chart: (transfer full) (nullable): what to show
 */
void
rn_chart_view_set_chart (RnChartView *self, RnChart *chart)
{
  g_return_if_fail (RN_IS_CHART_VIEW (self));

  g_clear_pointer (&self->chart, rn_chart_free);
  self->chart = chart;
  self->marked = -1;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  chart != NULL && chart->title != NULL ? chart->title
                                                                        : _ ("Chart"),
                                  -1);
  describe_marked (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/* Returns: (transfer none) (nullable): what is shown */
RnChart *
rn_chart_view_get_chart (RnChartView *self)
{
  return self->chart;
}

/* @category: whose row stands out; -1 for none */
void
rn_chart_view_set_marked (RnChartView *self, int category)
{
  g_return_if_fail (RN_IS_CHART_VIEW (self));

  if (category == self->marked || (self->chart != NULL && category >= self->chart->n_categories))
    return;
  self->marked = category;
  describe_marked (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Whether the view stands on a dark ground. */
gboolean
rn_chart_view_is_dark (RnChartView *self)
{
  GdkRGBA text = get_text_color (self);

  return 0.2126 * text.red + 0.7152 * text.green + 0.0722 * text.blue > 0.5;
}
