#include "ui/gallery/bars.h"

#include <glib/gi18n.h>
#include <math.h>

/* Bars wider than this say no more. */
#define MAX_BAR 28.0

struct _RnBars
{
  GtkWidget parent_instance;

  RnMaps *maps;
  int hovered; /* unit, or -1 */
};

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
on_motion (RnBars *self, double x, double y)
{
  int unit = self->maps != NULL ? (int) (x / get_pitch (self)) : -1;
  g_autofree char *tooltip = NULL;

  if (self->maps == NULL || unit < 0 || unit >= self->maps->n_channels)
    unit = -1;
  else
    tooltip = g_strdup_printf (_ ("Unit %d: %.4g"), unit,
                               rn_tensor_f32 (self->maps->activation)[unit]);
  if (unit != self->hovered)
    gtk_widget_set_tooltip_text (GTK_WIDGET (self), tooltip);
  self->hovered = unit;
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
}

static void
rn_bars_init (RnBars *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();

  self->hovered = -1;
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (on_motion), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
}

/**
 * rn_bars_set_maps:
 * @maps: (nullable): a vector
 */
void
rn_bars_set_maps (RnBars *self, RnMaps *maps)
{
  g_autofree char *label = NULL;

  g_return_if_fail (RN_IS_BARS (self));
  g_return_if_fail (maps == NULL || rn_maps_is_vector (maps));

  if (maps != NULL)
    rn_maps_ref (maps);
  g_clear_pointer (&self->maps, rn_maps_unref);
  self->maps = maps;
  self->hovered = -1;
  if (maps != NULL)
    label = g_strdup_printf (_ ("%d values from %.3g to %.3g"), maps->n_channels, maps->range.low,
                             maps->range.high);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label != NULL ? label : "", -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
