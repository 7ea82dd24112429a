#include "ui/chart/bar-chart.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ui/tooltip/tooltip.h"

/* Bars wider than this say no more. */
#define MAX_PITCH 40.0

struct _RnBarChart
{
  GtkWidget parent_instance;

  char *title;
  double *values;
  char **labels; /* one a bar: what it stands for, with its value */
  int n_values;
  int marked;  /* drawn stronger, or -1 */
  int pointed; /* under the pointer or reached by the keyboard, or -1 */
};

enum
{
  BAR_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RnBarChart, rn_bar_chart, GTK_TYPE_WIDGET)

static double
get_pitch (RnBarChart *self)
{
  return MIN (gtk_widget_get_width (GTK_WIDGET (self)) / (double) MAX (self->n_values, 1),
              MAX_PITCH);
}

static void
get_range (RnBarChart *self, double *low, double *high)
{
  *low = *high = 0;
  for (int i = 0; i < self->n_values; i++)
    if (isfinite (self->values[i]))
      {
        *low = MIN (*low, self->values[i]);
        *high = MAX (*high, self->values[i]);
      }
}

/* The height at which a value stands; zero is always in view. */
static double
get_y (RnBarChart *self, double value)
{
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  double low, high;

  get_range (self, &low, &high);

  return high > low ? height * (high - CLAMP (value, low, high)) / (high - low) : height;
}

static void
draw_bar (RnBarChart *self, cairo_t *cr, int i, const GdkRGBA *accent)
{
  double pitch = get_pitch (self), gap = pitch >= 4 ? 1 : 0;
  double zero = get_y (self, 0), top = get_y (self, self->values[i]);
  double alpha = i == self->marked ? 1 : i == self->pointed ? 0.8 : 0.5;

  cairo_set_source_rgba (cr, accent->red, accent->green, accent->blue,
                         self->marked < 0 && i != self->pointed ? 0.75 : alpha);
  cairo_rectangle (cr, i * pitch, MIN (zero, top), MAX (pitch - gap, 1), MAX (fabs (zero - top), 1));
  cairo_fill (cr);
}

static void
rn_bar_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RnBarChart *self = RN_BAR_CHART (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  GdkRGBA accent = { 0.2, 0.5, 0.9, 1 }, text;
  cairo_t *cr;

  if (width <= 0 || height <= 0)
    return;

  gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), "rn_accent", &accent);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &text);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  for (int i = 0; i < self->n_values; i++)
    if (isfinite (self->values[i]))
      draw_bar (self, cr, i, &accent);
  text.alpha = 0.35;
  gdk_cairo_set_source_rgba (cr, &text);
  cairo_rectangle (cr, 0, MIN (floor (get_y (self, 0)), height - 1), width, 1);
  cairo_fill (cr);
  cairo_destroy (cr);
}

static void
rn_bar_chart_measure (GtkWidget *widget,
                      GtkOrientation orientation,
                      int for_size,
                      int *minimum,
                      int *natural,
                      int *minimum_baseline,
                      int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 60 : 48;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 200 : 64;
}

static void
describe (RnBarChart *self)
{
  g_autofree char *label = NULL;

  if (self->pointed >= 0)
    label = g_strdup_printf ("%s: %s", self->title, self->labels[self->pointed]);
  else if (self->marked >= 0)
    label = g_strdup_printf ("%s: %s", self->title, self->labels[self->marked]);
  else
    label = g_strdup_printf (g_dngettext (NULL, "%s: %d bar", "%s: %d bars", self->n_values),
                             self->title != NULL ? self->title : "", self->n_values);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
set_pointed (RnBarChart *self, int i)
{
  if (i == self->pointed)
    return;

  self->pointed = i;
  rn_tooltip_set (GTK_WIDGET (self), i >= 0 ? self->labels[i] : NULL);
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static int
find_bar (RnBarChart *self, double x)
{
  int i = (int) floor (x / get_pitch (self));

  return i >= 0 && i < self->n_values ? i : -1;
}

static void
on_motion (RnBarChart *self, double x, double y)
{
  set_pointed (self, find_bar (self, x));
}

static void
on_leave (RnBarChart *self)
{
  set_pointed (self, -1);
}

static void
on_released (RnBarChart *self, int n_press, double x, double y)
{
  int i = find_bar (self, x);

  if (i >= 0)
    g_signal_emit (self, signals[BAR_ACTIVATED], 0, i);
}

static gboolean
on_key (RnBarChart *self, guint keyval, guint keycode, GdkModifierType modifiers)
{
  int at = self->pointed >= 0 ? self->pointed : MAX (self->marked, 0);

  if (self->n_values == 0 || (modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;

  switch (keyval)
    {
    case GDK_KEY_Left:
      set_pointed (self, MAX (at - 1, 0));
      return GDK_EVENT_STOP;
    case GDK_KEY_Right:
      set_pointed (self, MIN (at + 1, self->n_values - 1));
      return GDK_EVENT_STOP;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_space:
      g_signal_emit (self, signals[BAR_ACTIVATED], 0, at);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static void
rn_bar_chart_finalize (GObject *object)
{
  RnBarChart *self = RN_BAR_CHART (object);

  g_free (self->title);
  g_free (self->values);
  g_strfreev (self->labels);

  G_OBJECT_CLASS (rn_bar_chart_parent_class)->finalize (object);
}

static void
rn_bar_chart_class_init (RnBarChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = rn_bar_chart_finalize;
  widget_class->snapshot = rn_bar_chart_snapshot;
  widget_class->measure = rn_bar_chart_measure;
  gtk_widget_class_set_css_name (widget_class, "barchart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);

  /* A bar was clicked, or chosen by the keyboard: its number. */
  signals[BAR_ACTIVATED]
      = g_signal_new ("bar-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
rn_bar_chart_init (RnBarChart *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  self->marked = self->pointed = -1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect_swapped (click, "released", G_CALLBACK (on_released), self);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

/**
 * rn_bar_chart_set_values:
 * @title: what the chart is of, for those who do not see it
 * @values: (array length=n_values): one a bar; those that are not finite leave a gap
 * @labels: (array length=n_values): what each bar stands for, with its value
 * @marked: the bar to pick out, or -1
 */
void
rn_bar_chart_set_values (RnBarChart *self,
                         const char *title,
                         const double *values,
                         const char *const *labels,
                         int n_values,
                         int marked)
{
  g_return_if_fail (RN_IS_BAR_CHART (self));
  g_return_if_fail (marked < n_values);

  g_free (self->title);
  g_free (self->values);
  g_strfreev (self->labels);
  self->title = g_strdup (title);
  self->values = g_memdup2 (values, n_values * sizeof (double));
  self->labels = g_new0 (char *, n_values + 1);
  for (int i = 0; i < n_values; i++)
    self->labels[i] = g_strdup (labels[i]);
  self->n_values = n_values;
  self->marked = marked;
  self->pointed = -1;
  rn_tooltip_set (GTK_WIDGET (self), NULL);
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

int
rn_bar_chart_get_n (RnBarChart *self)
{
  return self->n_values;
}

double
rn_bar_chart_get_value (RnBarChart *self, int i)
{
  g_return_val_if_fail (i >= 0 && i < self->n_values, 0);

  return self->values[i];
}

const char *
rn_bar_chart_get_title (RnBarChart *self)
{
  return self->title;
}
