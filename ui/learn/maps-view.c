#include "ui/learn/maps-view.h"

#include <glib/gi18n.h>
#include <math.h>

#include "ui/learn/figure-view.h"
#include "ui/learn/learn-figures.h"

#define MIN_WIDTH 240

struct _RnMapsView
{
  GtkWidget parent_instance;

  RnLearning *learning;
  int run;
  RnLearnShot *shot; /* what is drawn, or NULL */
};

G_DEFINE_FINAL_TYPE (RnMapsView, rn_maps_view, GTK_TYPE_WIDGET)

static void
rn_maps_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RnMapsView *self = RN_MAPS_VIEW (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  RnChartStyle style = rn_figure_view_get_style (widget);
  cairo_t *cr;

  if (self->learning == NULL)
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  rn_learn_maps_draw (self->learning, self->run, &style, cr, width);
  cairo_destroy (cr);
}

static GtkSizeRequestMode
rn_maps_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
rn_maps_view_measure (GtkWidget *widget,
                      GtkOrientation orientation,
                      int for_size,
                      int *minimum,
                      int *natural,
                      int *minimum_baseline,
                      int *natural_baseline)
{
  double font = rn_figure_view_get_style (widget).font_size;

  *minimum = *natural = MIN_WIDTH;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural =
        (int)ceil (rn_learn_maps_get_height (for_size > 0 ? for_size : MIN_WIDTH, font));
}

static void
rn_maps_view_dispose (GObject *object)
{
  RnMapsView *self = RN_MAPS_VIEW (object);

  g_clear_object (&self->learning);
  g_clear_pointer (&self->shot, rn_learn_shot_unref);

  G_OBJECT_CLASS (rn_maps_view_parent_class)->dispose (object);
}

static void
rn_maps_view_class_init (RnMapsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_maps_view_dispose;
  widget_class->snapshot = rn_maps_view_snapshot;
  widget_class->measure = rn_maps_view_measure;
  widget_class->get_request_mode = rn_maps_view_get_request_mode;
  gtk_widget_class_set_css_name (widget_class, "figure");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
rn_maps_view_init (RnMapsView *self)
{
}

void
rn_maps_view_set_learning (RnMapsView *self, RnLearning *learning, int run)
{
  g_return_if_fail (RN_IS_MAPS_VIEW (self) && self->learning == NULL);

  self->learning = g_object_ref (learning);
  self->run = run;
  rn_maps_view_update (self);
}

static char *
describe (RnMapsView *self)
{
  const char *const *labels = rn_learning_get_labels (self->learning);

  if (self->shot == NULL || self->shot->rgb == NULL || self->shot->guess < 0 || labels == NULL)
    return g_strdup ("");

  return g_strdup_printf (_ ("step %d: a picture of “%s”, taken for “%s”"), (int)self->shot->step,
                          labels[self->shot->class], labels[self->shot->guess]);
}

/* Draws again if there is something else to be seen. */
void
rn_maps_view_update (RnMapsView *self)
{
  RnLearnShot *shot = rn_learning_get_shown_shot (self->learning, self->run);
  g_autofree char *title = NULL;
  g_autofree char *name = NULL;
  g_autofree char *description = NULL;

  if (shot == self->shot && shot != NULL)
    return;
  g_clear_pointer (&self->shot, rn_learn_shot_unref);
  self->shot = shot != NULL ? rn_learn_shot_ref (shot) : NULL;
  title = rn_learn_get_title (self->learning, self->run);
  name = g_strdup_printf (_ ("First kernels and features of %s"), title);
  description = describe (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
