#include "ui/gallery/map-view.h"

#include <glib/gi18n.h>
#include <math.h>

#define SIZE 168

struct _RnMapView
{
  GtkWidget parent_instance;

  RnMaps *maps;
  int channel;
  GdkTexture *texture; /* (nullable): while it is being painted */
  int y, x;            /* the unit that is pointed at, or -1 */
};

enum
{
  UNIT_POINTED,
  UNIT_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RnMapView, rn_map_view, GTK_TYPE_WIDGET)

static graphene_rect_t
get_frame (RnMapView *self)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  double zoom = MIN (width / self->maps->width, height / self->maps->height);

  return GRAPHENE_RECT_INIT (0, 0, self->maps->width * zoom, self->maps->height * zoom);
}

static void
rn_map_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RnMapView *self = RN_MAP_VIEW (widget);
  GdkRGBA dark = { 0, 0, 0, 0.8 }, light = { 1, 1, 1, 1 };
  graphene_rect_t frame;

  if (self->maps == NULL || self->texture == NULL || gtk_widget_get_width (widget) <= 0)
    return;

  frame = get_frame (self);
  gtk_snapshot_append_texture (snapshot, self->texture, &frame);
  if (self->y >= 0)
    {
      float zoom = frame.size.width / self->maps->width;
      graphene_rect_t cell
          = GRAPHENE_RECT_INIT (self->x * zoom, self->y * zoom, MAX (zoom, 4), MAX (zoom, 4));
      GskRoundedRect outline;

      graphene_rect_inset (&cell, -2, -2);
      gsk_rounded_rect_init_from_rect (&outline, &cell, 1);
      gtk_snapshot_append_border (snapshot, &outline, (float[4]) { 2, 2, 2, 2 },
                                  (GdkRGBA[4]) { dark, dark, dark, dark });
      graphene_rect_inset (&cell, 1, 1);
      gsk_rounded_rect_init_from_rect (&outline, &cell, 1);
      gtk_snapshot_append_border (snapshot, &outline, (float[4]) { 1, 1, 1, 1 },
                                  (GdkRGBA[4]) { light, light, light, light });
    }
}

static void
rn_map_view_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  *minimum = *natural = SIZE;
}

static void
describe (RnMapView *self)
{
  g_autofree char *label = NULL;

  if (self->maps == NULL)
    label = g_strdup (_ ("Enlarged map"));
  else if (self->y < 0)
    label = g_strdup_printf (_ ("Channel %d enlarged, %d×%d values; arrow keys pick one"),
                             self->channel, self->maps->height, self->maps->width);
  else
    label = g_strdup_printf (_ ("Channel %d, row %d, column %d: %.4g; Enter tells why"),
                             self->channel, self->y, self->x,
                             rn_maps_get_value (self->maps, self->channel, self->y, self->x));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
point (RnMapView *self, int y, int x)
{
  if (y == self->y && x == self->x)
    return;

  self->y = y;
  self->x = x;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[UNIT_POINTED], 0, y, x);
}

static void
on_motion (RnMapView *self, double x, double y)
{
  graphene_rect_t frame;
  double zoom;

  if (self->maps == NULL)
    return;

  frame = get_frame (self);
  zoom = frame.size.width / self->maps->width;
  if (graphene_rect_contains_point (&frame, &GRAPHENE_POINT_INIT (x, y)))
    point (self, MIN ((int) (y / zoom), self->maps->height - 1),
           MIN ((int) (x / zoom), self->maps->width - 1));
  else
    point (self, -1, -1);
}

static void
on_leave (RnMapView *self)
{
  point (self, -1, -1);
}

static void
activate (RnMapView *self)
{
  if (self->y >= 0)
    g_signal_emit (self, signals[UNIT_ACTIVATED], 0, self->y, self->x);
}

static void
on_pressed (RnMapView *self, int n_press, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  on_motion (self, x, y);
  activate (self);
}

static gboolean
on_key (RnMapView *self, guint keyval, guint keycode, GdkModifierType modifiers)
{
  int dy = (keyval == GDK_KEY_Down) - (keyval == GDK_KEY_Up);
  int dx = (keyval == GDK_KEY_Right) - (keyval == GDK_KEY_Left);

  if (self->maps == NULL || (modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  if (keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_space)
    {
      activate (self);
      return GDK_EVENT_STOP;
    }
  if (dy == 0 && dx == 0)
    return GDK_EVENT_PROPAGATE;

  if (self->y < 0)
    point (self, self->maps->height / 2, self->maps->width / 2);
  else
    point (self, CLAMP (self->y + dy, 0, self->maps->height - 1),
           CLAMP (self->x + dx, 0, self->maps->width - 1));

  return GDK_EVENT_STOP;
}

static void
rn_map_view_dispose (GObject *object)
{
  RnMapView *self = RN_MAP_VIEW (object);

  g_clear_pointer (&self->maps, rn_maps_unref);
  g_clear_object (&self->texture);

  G_OBJECT_CLASS (rn_map_view_parent_class)->dispose (object);
}

static void
rn_map_view_class_init (RnMapViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_map_view_dispose;
  widget_class->snapshot = rn_map_view_snapshot;
  widget_class->measure = rn_map_view_measure;
  gtk_widget_class_set_css_name (widget_class, "mapview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);

  /* Another unit is pointed at: its row and column, or -1 and -1. */
  signals[UNIT_POINTED]
      = g_signal_new ("unit-pointed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
  /* A unit was clicked, or Enter pressed on it. */
  signals[UNIT_ACTIVATED]
      = g_signal_new ("unit-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
}

static void
rn_map_view_init (RnMapView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  self->channel = self->y = self->x = -1;
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
 * rn_map_view_set_map:
 * @maps: (nullable): no vector
 * @channel: which of its maps
 * @texture: (nullable): that map, enlarged
 */
void
rn_map_view_set_map (RnMapView *self, RnMaps *maps, int channel, GdkTexture *texture)
{
  g_return_if_fail (RN_IS_MAP_VIEW (self));
  g_return_if_fail (maps == NULL || !rn_maps_is_vector (maps));

  if (maps != NULL)
    rn_maps_ref (maps);
  g_clear_pointer (&self->maps, rn_maps_unref);
  self->maps = maps;
  self->channel = channel;
  g_set_object (&self->texture, texture);
  if (maps == NULL || self->y >= maps->height || self->x >= maps->width)
    self->y = self->x = -1;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Returns: whether a unit is pointed at; if so its row and column */
gboolean
rn_map_view_get_pointed (RnMapView *self, int *y, int *x)
{
  *y = self->y;
  *x = self->x;

  return self->y >= 0;
}
