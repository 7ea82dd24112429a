#include "ui/prediction/prediction-bar.h"

#include <math.h>

struct _RnPredictionBar
{
  GtkWidget parent_instance;

  GtkWidget *fill;
  GtkWidget *label;
  GtkWidget *percent;
  double probability;
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
      *minimum = MAX (label_min, percent_min);
      *natural = MAX (label_nat, percent_nat);
    }
}

static void
rn_prediction_bar_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  RnPredictionBar *self = RN_PREDICTION_BAR (widget);
  int percent_width, fill_min;
  int fill_width = (int) lround (width * self->probability);

  gtk_widget_measure (self->fill, GTK_ORIENTATION_HORIZONTAL, -1, &fill_min, NULL, NULL, NULL);
  gtk_widget_measure (self->percent, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &percent_width, NULL,
                      NULL);
  gtk_widget_size_allocate (
      self->fill, &(GtkAllocation) { 0, 0, CLAMP (fill_width, fill_min, width), height }, -1);
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
  self->label = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "ellipsize", PANGO_ELLIPSIZE_END,
                              "css-name", "label", NULL);
  self->percent = g_object_new (GTK_TYPE_LABEL, "css-classes",
                                (const char *const[]) { "numeric", NULL }, NULL);
  gtk_widget_set_parent (self->fill, GTK_WIDGET (self));
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

/**
 * rn_prediction_bar_set:
 * @label: name of the class
 * @probability: from 0 to 1
 */
void
rn_prediction_bar_set (RnPredictionBar *self, const char *label, double probability)
{
  g_autofree char *percent = NULL;
  g_autofree char *name = NULL;

  g_return_if_fail (RN_IS_PREDICTION_BAR (self));

  self->probability = CLAMP (probability, 0, 1);
  percent = format_percent (self->probability);
  name = g_strdup_printf ("%s, %s", label, percent);
  gtk_label_set_label (GTK_LABEL (self->label), label);
  gtk_label_set_label (GTK_LABEL (self->percent), percent);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, 1.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, self->probability, -1);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
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
