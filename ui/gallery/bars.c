#include "ui/gallery/bars.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ui/tooltip/tooltip.h"

/* Bars wider than this say no more. */
#define MAX_BAR 28.0

struct _RnBars
{
  GtkWidget parent_instance;

  RnMaps *maps;
  int hovered; /* unit, or -1 */
};

enum
{
  UNIT_POINTED,
  UNIT_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RnBars, rn_bars, GTK_TYPE_WIDGET)

static double
get_pitch (RnBars *self)
{
  return MIN (gtk_widget_get_width (GTK_WIDGET (self)) / (double) self->maps->n_channels, MAX_BAR);
}

/* The height at which a value stands; zero is always in view. */
static double
get_y (RnBars *self, double value)
{
  double low = MIN (self->maps->range.low, 0), high = MAX (self->maps->range.high, 0);
  int height = gtk_widget_get_height (GTK_WIDGET (self));

  return high > low ? height * (high - value) / (high - low) : height;
}

/* Where there are more units than pixels, a pixel shows the value of largest size. */
static void
draw_bars (RnBars *self, cairo_t *cr)
{
  const float *values = rn_tensor_f32 (self->maps->activation);
  double pitch = get_pitch (self), width = pitch >= 3 ? pitch - 1 : MAX (pitch, 1);
  double zero = get_y (self, 0);
  int i = 0;

  while (i < self->maps->n_channels)
    {
      double x = floor (i * pitch);
      double value = values[i];

      for (i++; i < self->maps->n_channels && floor (i * pitch) == x; i++)
        if (fabs (values[i]) > fabs (value))
          value = values[i];
      cairo_rectangle (cr, x, MIN (zero, get_y (self, value)), width,
                       fabs (zero - get_y (self, value)));
    }
  cairo_fill (cr);
}

/* The whole height above and below the unit pointed at. */
static void
mark_hovered (RnBars *self, cairo_t *cr)
{
  double pitch = get_pitch (self);

  if (self->hovered < 0)
    return;
  cairo_rectangle (cr, floor (self->hovered * pitch), 0, MAX (pitch, 2),
                   gtk_widget_get_height (GTK_WIDGET (self)));
  cairo_fill (cr);
}

static void
rn_bars_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RnBars *self = RN_BARS (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  GdkRGBA accent = { 0.2, 0.5, 0.9, 1 }, text;
  cairo_t *cr;

  if (self->maps == NULL)
    return;

  gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), "rn_accent", &accent);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &text);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gdk_cairo_set_source_rgba (cr, &accent);
  draw_bars (self, cr);
  text.alpha = 0.35;
  gdk_cairo_set_source_rgba (cr, &text);
  cairo_rectangle (cr, 0, MIN (floor (get_y (self, 0)), height - 1), width, 1);
  cairo_fill (cr);
  mark_hovered (self, cr);
  cairo_destroy (cr);
}

static void
rn_bars_measure (GtkWidget *widget,
                 GtkOrientation orientation,
                 int for_size,
                 int *minimum,
                 int *natural,
                 int *minimum_baseline,
                 int *natural_baseline)
{
  *minimum = 60;
  *natural = 120;
}

static void
describe (RnBars *self)
{
  g_autofree char *label = NULL;

  if (self->maps == NULL)
    label = g_strdup (_ ("Values"));
  else if (self->hovered >= 0)
    label = g_strdup_printf (_ ("Unit %d of %d: %.4g; Enter tells why"), self->hovered,
                             self->maps->n_channels,
                             rn_maps_get_value (self->maps, self->hovered, 0, 0));
  else
    label = g_strdup_printf (_ ("%d values from %.3g to %.3g; arrow keys pick one"),
                             self->maps->n_channels, self->maps->range.low, self->maps->range.high);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
point (RnBars *self, int unit)
{
  g_autofree char *tooltip = NULL;

  if (unit == self->hovered)
    return;

  self->hovered = unit;
  if (unit >= 0)
    tooltip = g_strdup_printf (_ ("Unit %d: %.4g"), unit,
                               rn_maps_get_value (self->maps, unit, 0, 0));
  rn_tooltip_set (GTK_WIDGET (self), tooltip);
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[UNIT_POINTED], 0, unit);
}

static void
on_motion (RnBars *self, double x, double y)
{
  int unit = self->maps != NULL ? (int) (x / get_pitch (self)) : -1;

  point (self, self->maps != NULL && unit >= 0 && unit < self->maps->n_channels ? unit : -1);
}

static void
on_leave (RnBars *self)
{
  point (self, -1);
}

static void
on_pressed (RnBars *self, int n_press, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  on_motion (self, x, y);
  if (self->hovered >= 0)
    g_signal_emit (self, signals[UNIT_ACTIVATED], 0, self->hovered);
}

static gboolean
on_key (RnBars *self, guint keyval, guint keycode, GdkModifierType modifiers)
{
  int step = (keyval == GDK_KEY_Right) - (keyval == GDK_KEY_Left);

  if (self->maps == NULL || (modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  if (step != 0)
    point (self,
           self->hovered < 0 ? 0 : CLAMP (self->hovered + step, 0, self->maps->n_channels - 1));
  else if ((keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_space)
           && self->hovered >= 0)
    g_signal_emit (self, signals[UNIT_ACTIVATED], 0, self->hovered);
  else
    return GDK_EVENT_PROPAGATE;

  return GDK_EVENT_STOP;
}

static void
rn_bars_dispose (GObject *object)
{
  RnBars *self = RN_BARS (object);

  g_clear_pointer (&self->maps, rn_maps_unref);

  G_OBJECT_CLASS (rn_bars_parent_class)->dispose (object);
}

static void
rn_bars_class_init (RnBarsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_bars_dispose;
  widget_class->snapshot = rn_bars_snapshot;
  widget_class->measure = rn_bars_measure;
  gtk_widget_class_set_css_name (widget_class, "bars");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);

  /* Another unit is pointed at, or none: -1. */
  signals[UNIT_POINTED]
      = g_signal_new ("unit-pointed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  /* A unit was clicked, or Enter pressed on it. */
  signals[UNIT_ACTIVATED]
      = g_signal_new ("unit-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
rn_bars_init (RnBars *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  self->hovered = -1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  describe (self);
}

/**
 * rn_bars_set_maps:
 * @maps: (nullable): a vector
 */
void
rn_bars_set_maps (RnBars *self, RnMaps *maps)
{
  g_return_if_fail (RN_IS_BARS (self));
  g_return_if_fail (maps == NULL || rn_maps_is_vector (maps));

  if (maps != NULL)
    rn_maps_ref (maps);
  g_clear_pointer (&self->maps, rn_maps_unref);
  self->maps = maps;
  self->hovered = -1;
  rn_tooltip_set (GTK_WIDGET (self), NULL);
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
