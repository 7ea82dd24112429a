/* Pointer, touch and keys. */
#include "ui/canvas/canvas-private.h"

#include <math.h>

#include "ui/canvas/canvas-walk.h"

#define WHEEL_STEP 1.15
#define KEY_STEP 1.25
#define CLICK_SLACK 4.0 /* a press that moves less is a click */
#define EDGE_SLACK 6.0  /* how near a click must be to an edge, on screen */

/* What is at a place of the widget: a layer, the block whose frame or shortcut is there, or a part. */
static RnScenePlace
find_target (RnCanvas *self, double x, double y)
{
  RnScenePlace target = RN_NO_PLACE;
  RnPoint at;
  int edge;

  if (!rn_canvas_shows_model (self) || !rn_canvas_to_scene (self, x, y, &at))
    return target;
  target.layer = rn_scene_find_layer (self->shown, at.x, at.y);
  if (target.layer >= 0)
    return target;
  edge = rn_scene_find_edge (self->shown, at.x, at.y, EDGE_SLACK / self->view.zoom);
  if (edge >= 0 && self->shown->edges[edge].block >= 0)
    target.block = self->shown->edges[edge].block;
  else
    target.block = rn_scene_find_block (self->shown, at.x, at.y);
  if (target.block < 0)
    target.part = rn_scene_find_part (self->shown, at.x, at.y);

  return target;
}

static gboolean
is_place (RnScenePlace place)
{
  return place.layer >= 0 || place.block >= 0 || place.part >= 0;
}

static gboolean
on_map (RnCanvas *self, double x, double y)
{
  RnRect map;

  return rn_canvas_get_map (self, &map) && rn_rect_contains (&map, x, y);
}

/* Puts the middle of the view where the minimap was touched. */
static void
go_to_map (RnCanvas *self, double x, double y)
{
  double scale;
  RnRect map;

  if (!rn_canvas_get_map (self, &map))
    return;
  scale = map.height / self->shown->height;
  rn_canvas_pan (self,
                 gtk_widget_get_width (GTK_WIDGET (self)) / 2.0 -
                     ((x - map.x) / scale * self->view.zoom + self->view.x),
                 gtk_widget_get_height (GTK_WIDGET (self)) / 2.0 -
                     ((y - map.y) / scale * self->view.zoom + self->view.y));
}

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, RnCanvas *self)
{
  RnScenePlace target = RN_NO_PLACE;

  self->pointer_x = x;
  self->pointer_y = y;
  if (!self->dragging && !on_map (self, x, y))
    target = find_target (self, x, y);
  if (rn_scene_place_equal (target, self->hovered))
    return;
  self->hovered = target;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), is_place (target) ? "pointer" : NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_leave (GtkEventControllerMotion *controller, RnCanvas *self)
{
  self->hovered = RN_NO_PLACE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* A wheel zooms, two fingers on a touchpad move, with Control they zoom. */
static gboolean
on_scroll (GtkEventControllerScroll *controller, double dx, double dy, RnCanvas *self)
{
  GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  gboolean smooth = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller)) &&
                    gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_SURFACE;

  if (smooth && !(state & GDK_CONTROL_MASK))
    rn_canvas_pan (self, -dx, -dy);
  else if (state & GDK_SHIFT_MASK)
    rn_canvas_pan (self, -60 * (dx + dy), 0);
  else
    rn_canvas_zoom_at (self, pow (smooth ? 1.01 : WHEEL_STEP, CLAMP (-dy, -30, 30)),
                       self->pointer_x, self->pointer_y);

  return GDK_EVENT_STOP;
}

static void
on_pinch_begin (GtkGesture *gesture, GdkEventSequence *sequence, RnCanvas *self)
{
  self->pinch_zoom = self->view.zoom;
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
on_pinch (GtkGestureZoom *gesture, double scale, RnCanvas *self)
{
  double x = self->pointer_x, y = self->pointer_y;

  gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y);
  rn_canvas_zoom_at (self, self->pinch_zoom * scale / self->view.zoom, x, y);
}

static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, RnCanvas *self)
{
  self->dragging = FALSE;
  self->dragging_map = on_map (self, x, y);
  self->drag_x = self->drag_y = 0;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (self->dragging_map)
    go_to_map (self, x, y);
}

static void
on_drag (GtkGestureDrag *gesture, double dx, double dy, RnCanvas *self)
{
  double x, y;

  if (self->dragging_map && gtk_gesture_drag_get_start_point (gesture, &x, &y))
    {
      go_to_map (self, x + dx, y + dy);
      return;
    }
  if (!self->dragging && hypot (dx, dy) < CLICK_SLACK)
    return;
  self->dragging = TRUE;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "grabbing");
  rn_canvas_pan (self, dx - self->drag_x, dy - self->drag_y);
  self->drag_x = dx;
  self->drag_y = dy;
}

static void
on_drag_end (GtkGestureDrag *gesture, double dx, double dy, RnCanvas *self)
{
  if (self->dragging)
    gtk_widget_set_cursor (GTK_WIDGET (self), NULL);
}

static void
on_released (GtkGestureClick *gesture, int n_press, double x, double y, RnCanvas *self)
{
  RnScenePlace target;
  gboolean moved = self->dragging || self->dragging_map;

  self->dragging = self->dragging_map = FALSE;
  if (moved)
    return;
  target = find_target (self, x, y);
  rn_canvas_set_selection (self, target);
  if (n_press == 2 && target.part >= 0)
    rn_canvas_set_part_open (self, target.part, !rn_canvas_get_part_open (self, target.part));
  else if (n_press == 2 && target.block >= 0)
    rn_canvas_set_block_open (self, target.block, !rn_canvas_get_block_open (self, target.block));
  else if (n_press == 2 && target.layer >= 0)
    rn_canvas_activate_layer (self, target.layer);
}

void
rn_canvas_add_controllers (RnCanvas *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkGesture *zoom = gtk_gesture_zoom_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), self);
  g_signal_connect (zoom, "begin", G_CALLBACK (on_pinch_begin), self);
  g_signal_connect (zoom, "scale-changed", G_CALLBACK (on_pinch), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  g_signal_connect (click, "released", G_CALLBACK (on_released), self);
  gtk_widget_add_controller (widget, motion);
  gtk_widget_add_controller (widget, scroll);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (zoom));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
}

static void
zoom_about_middle (RnCanvas *self, double factor)
{
  rn_canvas_zoom_at (self, factor, gtk_widget_get_width (GTK_WIDGET (self)) / 2.0,
                     gtk_widget_get_height (GTK_WIDGET (self)) / 2.0);
}

static void
do_zoom_in (GtkWidget *widget, const char *name, GVariant *parameter)
{
  zoom_about_middle (RN_CANVAS (widget), KEY_STEP);
}

static void
do_zoom_out (GtkWidget *widget, const char *name, GVariant *parameter)
{
  zoom_about_middle (RN_CANVAS (widget), 1 / KEY_STEP);
}

static void
do_fit (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rn_canvas_fit (RN_CANVAS (widget));
}

static void
do_level (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rn_canvas_set_level (RN_CANVAS (widget), g_variant_get_int32 (parameter));
}

static void
do_go (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rn_canvas_go (RN_CANVAS (widget), g_variant_get_int32 (parameter));
}

static void
do_undo (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rn_canvas_undo (RN_CANVAS (widget));
}

static void
do_fold (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rn_canvas_set_fold (RN_CANVAS (widget), !rn_canvas_get_fold (RN_CANVAS (widget)));
}

static void
do_weigh (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rn_canvas_set_weigh_edges (RN_CANVAS (widget), !rn_canvas_get_weigh_edges (RN_CANVAS (widget)));
}

static void
do_walk (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rn_canvas_walk (RN_CANVAS (widget), g_variant_get_int32 (parameter));
}

static void
bind_walk (GtkWidgetClass *widget_class, guint key, RnWalk step)
{
  gtk_widget_class_add_binding_action (widget_class, key, 0, "canvas.walk", "i", step);
}

/* Actions are the widget's, so that buttons and menus near it find them, too. */
void
rn_canvas_class_add_keys (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint key;
    GdkModifierType modifiers;
    const char *action;
  } keys[] = {
    { GDK_KEY_plus, GDK_CONTROL_MASK, "canvas.zoom-in" },
    { GDK_KEY_equal, GDK_CONTROL_MASK, "canvas.zoom-in" },
    { GDK_KEY_KP_Add, GDK_CONTROL_MASK, "canvas.zoom-in" },
    { GDK_KEY_plus, 0, "canvas.zoom-in" },
    { GDK_KEY_minus, GDK_CONTROL_MASK, "canvas.zoom-out" },
    { GDK_KEY_KP_Subtract, GDK_CONTROL_MASK, "canvas.zoom-out" },
    { GDK_KEY_minus, 0, "canvas.zoom-out" },
    { GDK_KEY_0, GDK_CONTROL_MASK, "canvas.fit" },
    { GDK_KEY_KP_0, GDK_CONTROL_MASK, "canvas.fit" },
    { GDK_KEY_space, 0, "canvas.fit" },
    { GDK_KEY_z, 0, "canvas.undo" },
    { GDK_KEY_f, 0, "canvas.fold" },
    { GDK_KEY_w, 0, "canvas.weigh-edges" },
  };

  gtk_widget_class_install_action (widget_class, "canvas.zoom-in", NULL, do_zoom_in);
  gtk_widget_class_install_action (widget_class, "canvas.zoom-out", NULL, do_zoom_out);
  gtk_widget_class_install_action (widget_class, "canvas.fit", NULL, do_fit);
  gtk_widget_class_install_action (widget_class, "canvas.level", "i", do_level);
  gtk_widget_class_install_action (widget_class, "canvas.go", "i", do_go);
  gtk_widget_class_install_action (widget_class, "canvas.undo", NULL, do_undo);
  gtk_widget_class_install_action (widget_class, "canvas.fold", NULL, do_fold);
  gtk_widget_class_install_action (widget_class, "canvas.weigh-edges", NULL, do_weigh);
  gtk_widget_class_install_action (widget_class, "canvas.walk", "i", do_walk);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].modifiers,
                                         keys[i].action, NULL);
  for (int level = 0; level < RN_N_LEVELS; level++)
    gtk_widget_class_add_binding_action (widget_class, GDK_KEY_1 + level, 0, "canvas.level", "i",
                                         level);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "canvas.go", "i",
                                       -1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Right, GDK_ALT_MASK, "canvas.go", "i",
                                       1);
  bind_walk (widget_class, GDK_KEY_Up, RN_WALK_UP);
  bind_walk (widget_class, GDK_KEY_Down, RN_WALK_DOWN);
  bind_walk (widget_class, GDK_KEY_Left, RN_WALK_LEFT);
  bind_walk (widget_class, GDK_KEY_Right, RN_WALK_RIGHT);
  bind_walk (widget_class, GDK_KEY_Return, RN_WALK_IN);
  bind_walk (widget_class, GDK_KEY_KP_Enter, RN_WALK_IN);
  bind_walk (widget_class, GDK_KEY_Escape, RN_WALK_OUT);
}
