#include "ui/prediction/prediction-bar.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ui/tooltip/tooltip.h"

/* Pixels of the bar of what was before. */
#define BEFORE_HEIGHT 6

struct _RnPredictionBar
{
  GtkWidget parent_instance;

  GtkWidget *fill;
  GtkWidget *before_fill;
  GtkWidget *label;
  GtkWidget *percent;
  double probability;
  double before; /* NAN for none */
};

G_DEFINE_FINAL_TYPE (RnPredictionBar, rn_prediction_bar, GTK_TYPE_WIDGET)

static void
rn_prediction_bar_measure (GtkWidget *widget,
                           GtkOrientation orientation,
                           int for_size,
                           int *minimum,
                           int *natural,
                           int *minimum_baseline,
                           int *natural_baseline)
{
  RnPredictionBar *self = RN_PREDICTION_BAR (widget);
  int label_min, label_nat, percent_min, percent_nat;

  gtk_widget_measure (self->label, orientation, -1, &label_min, &label_nat, NULL, NULL);
  gtk_widget_measure (self->percent, orientation, -1, &percent_min, &percent_nat, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = label_min + percent_min;
      *natural = label_nat + percent_nat;
    }
  else
    {
      int below = isnan (self->before) ? 0 : BEFORE_HEIGHT;

      *minimum = MAX (label_min, percent_min) + below;
      *natural = MAX (label_nat, percent_nat) + below;
    }
}

/* A bar of @share of the width. */
static void
place_fill (GtkWidget *fill, double share, int width, int y, int height)
{
  int minimum;

  gtk_widget_measure (fill, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  gtk_widget_size_allocate (
      fill, &(GtkAllocation) { 0, y, CLAMP ((int) lround (width * share), minimum, width), height },
      -1);
}

static void
rn_prediction_bar_size_allocate (GtkWidget *widget, int width, int whole_height, int baseline)
{
  RnPredictionBar *self = RN_PREDICTION_BAR (widget);
  int percent_width, height = whole_height - (isnan (self->before) ? 0 : BEFORE_HEIGHT);

  gtk_widget_measure (self->percent, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &percent_width, NULL,
                      NULL);
  place_fill (self->fill, self->probability, width, 0, height);
  if (!isnan (self->before))
    place_fill (self->before_fill, self->before, width, height, BEFORE_HEIGHT);
  gtk_widget_size_allocate (
      self->label, &(GtkAllocation) { 0, 0, MAX (width - percent_width, 0), height }, -1);
  gtk_widget_size_allocate (
      self->percent, &(GtkAllocation) { width - percent_width, 0, percent_width, height }, -1);
}

static void
rn_prediction_bar_dispose (GObject *object)
{
  RnPredictionBar *self = RN_PREDICTION_BAR (object);

  g_clear_pointer (&self->fill, gtk_widget_unparent);
  g_clear_pointer (&self->before_fill, gtk_widget_unparent);
  g_clear_pointer (&self->label, gtk_widget_unparent);
  g_clear_pointer (&self->percent, gtk_widget_unparent);

  G_OBJECT_CLASS (rn_prediction_bar_parent_class)->dispose (object);
}

static void
rn_prediction_bar_class_init (RnPredictionBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_prediction_bar_dispose;
  widget_class->measure = rn_prediction_bar_measure;
  widget_class->size_allocate = rn_prediction_bar_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "prediction");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_METER);
}

static void
rn_prediction_bar_init (RnPredictionBar *self)
{
  self->fill = g_object_new (GTK_TYPE_BOX, "css-name", "fill", NULL);
  self->before_fill = g_object_new (GTK_TYPE_BOX, "css-name", "before", "visible", FALSE, NULL);
  self->before = NAN;
  self->label = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "ellipsize", PANGO_ELLIPSIZE_END,
                              "css-name", "label", NULL);
  self->percent = g_object_new (GTK_TYPE_LABEL, "css-classes",
                                (const char *const[]) { "numeric", NULL }, NULL);
  gtk_widget_set_parent (self->fill, GTK_WIDGET (self));
  gtk_widget_set_parent (self->before_fill, GTK_WIDGET (self));
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
  gtk_widget_set_parent (self->percent, GTK_WIDGET (self));
}

GtkWidget *
rn_prediction_bar_new (void)
{
  return g_object_new (RN_TYPE_PREDICTION_BAR, NULL);
}

/* Probabilities that would round to 0 or to 100 without being it are not called so. */
static char *
format_percent (double probability)
{
  double percent = probability * 100;

  if (percent > 0 && percent < 0.5)
    return g_strdup ("< 1 %");
  if (percent < 100 && percent >= 99.5)
    return g_strdup ("> 99 %");

  return g_strdup_printf ("%.0f %%", percent);
}

/* "43 %", or with what was before "97 → 43 %". */
static char *
describe (const RnPredictionBar *self)
{
  g_autofree char *now = format_percent (self->probability);
  g_autofree char *then = isnan (self->before) ? NULL : format_percent (self->before);

  return then != NULL ? g_strdup_printf ("%s → %s", then, now) : g_steal_pointer (&now);
}

/**
 * rn_prediction_bar_set:
 * @label: name of the class
 * @probability: from 0 to 1
 * @before: what it was before the network was edited; NAN where it was not
 */
void
rn_prediction_bar_set (RnPredictionBar *self, const char *label, double probability, double before)
{
  g_autofree char *percent = NULL;
  g_autofree char *name = NULL;

  g_return_if_fail (RN_IS_PREDICTION_BAR (self));

  self->probability = CLAMP (probability, 0, 1);
  self->before = before;
  percent = describe (self);
  name = g_strdup_printf ("%s, %s", label, percent);
  gtk_label_set_label (GTK_LABEL (self->label), label);
  gtk_label_set_label (GTK_LABEL (self->percent), percent);
  gtk_widget_set_visible (self->before_fill, !isnan (before));
  rn_tooltip_set (GTK_WIDGET (self), isnan (before) ? label : _ ("Below: before the edits"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, 1.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, self->probability, -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

const char *
rn_prediction_bar_get_label (RnPredictionBar *self)
{
  return gtk_label_get_label (GTK_LABEL (self->label));
}

const char *
rn_prediction_bar_get_percent (RnPredictionBar *self)
{
  return gtk_label_get_label (GTK_LABEL (self->percent));
}
