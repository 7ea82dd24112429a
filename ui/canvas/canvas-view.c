/* Where the canvas looks: zoom, place, and the way from one view to another. */
#include "ui/canvas/canvas-private.h"

#include <math.h>

#define MAP_SIDE 150.0
#define MAP_MARGIN 12.0

gboolean
rn_canvas_can_animate (RnCanvas *self)
{
  gboolean enabled = TRUE;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-animations", &enabled,
                NULL);

  return enabled && gtk_widget_get_mapped (GTK_WIDGET (self));
}

/* Scene coordinates of a place in the widget. */
gboolean
rn_canvas_to_scene (RnCanvas *self, double x, double y, RnPoint *point)
{
  *point = (RnPoint){ (x - self->view.x) / self->view.zoom, (y - self->view.y) / self->view.zoom };

  return self->shown != NULL;
}

static double
ease (double t)
{
  return t >= 1 ? 1 : t <= 0 ? 0 : 1 - pow (1 - t, 3);
}

static void
set_shown (RnCanvas *self, RnScene *scene)
{
  if (self->shown != NULL)
    rn_scene_unref (self->shown);
  self->shown = rn_scene_ref (scene);
}

static gboolean
step_view (RnCanvas *self, gint64 now)
{
  double t;

  if (self->view_start == 0)
    return FALSE;
  self->zoomed_at = g_get_monotonic_time ();
  t = ease ((now - self->view_start) / (double)RN_MOTION_US);
  /* Zoom moves by equal factors in equal times. */
  self->view.zoom =
      self->view_from.zoom * pow (self->view_to.zoom / self->view_from.zoom, MIN (t, 1));
  self->view.x = self->view_from.x + (self->view_to.x - self->view_from.x) * t;
  self->view.y = self->view_from.y + (self->view_to.y - self->view_from.y) * t;
  if (t >= 1)
    {
      self->view = self->view_to;
      self->view_start = 0;
    }

  return self->view_start != 0;
}

static gboolean
step_motion (RnCanvas *self, gint64 now)
{
  double t;

  if (self->motion_from == NULL)
    return FALSE;
  t = ease ((now - self->motion_start) / (double)RN_MOTION_US);
  if (t >= 1)
    {
      g_clear_pointer (&self->motion_from, rn_scene_unref);
      set_shown (self, self->scene);
    }
  else
    {
      g_autoptr (RnScene) between = rn_scene_interpolate (self->motion_from, self->scene, t);

      set_shown (self, between);
    }
  rn_canvas_drop_edge_nodes (self);

  return self->motion_from != NULL;
}

static gboolean
is_flashing (RnCanvas *self, gint64 now)
{
  for (int i = 0; i < self->n_model_layers; i++)
    if (self->done_time[i] != 0 && now - self->done_time[i] < RN_FLASH_US)
      return TRUE;

  return FALSE;
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  RnCanvas *self = RN_CANVAS (widget);
  gint64 now = gdk_frame_clock_get_frame_time (clock);
  gboolean more = step_view (self, now);

  more |= step_motion (self, now);
  more |= is_flashing (self, now);
  gtk_widget_queue_draw (widget);
  if (!more)
    self->tick = 0;

  return more ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

void
rn_canvas_start_tick (RnCanvas *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
}

/* Goes to a view, at once or in motion; another call interrupts. */
void
rn_canvas_set_view (RnCanvas *self, RnView view, gboolean animate)
{
  view.zoom = CLAMP (view.zoom, RN_MIN_ZOOM, RN_MAX_ZOOM);
  if (animate && rn_canvas_can_animate (self))
    {
      self->view_from = self->view;
      self->view_to = view;
      self->view_start = g_get_monotonic_time ();
      rn_canvas_start_tick (self);
      g_object_notify (G_OBJECT (self), "zoom");
      return;
    }
  self->view_start = 0;
  if (view.zoom != self->view.zoom && self->fit == RN_FIT_NONE)
    self->zoomed_at = g_get_monotonic_time ();
  self->view = view;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify (G_OBJECT (self), "zoom");
}

/* Moves the view to what the fit says, for the widget's size as it is. */
void
rn_canvas_apply_fit (RnCanvas *self, gboolean animate)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  RnScene *scene = self->scene;
  RnView view;

  if (scene == NULL || self->fit == RN_FIT_NONE || width <= 0 || height <= 0)
    return;

  view.zoom = width / scene->width;
  if (self->fit == RN_FIT_WHOLE)
    view.zoom = MIN (view.zoom, height / scene->height);
  view.zoom = CLAMP (view.zoom, RN_MIN_ZOOM, self->look == RN_LOOK_BLOCKS ? 1.6 : 1.0);
  view.x = (width - scene->width * view.zoom) / 2;
  view.y = self->fit == RN_FIT_WHOLE ? MAX (0, (height - scene->height * view.zoom) / 2) : 0;
  rn_canvas_set_view (self, view, animate);
}

double
rn_canvas_get_zoom (RnCanvas *self)
{
  g_return_val_if_fail (RN_IS_CANVAS (self), 1);

  return self->view_start != 0 ? self->view_to.zoom : self->view.zoom;
}

/**
 * rn_canvas_get_view:
 * @view: (out): the part of the scene that is in sight
 */
void
rn_canvas_get_view (RnCanvas *self, RnRect *view)
{
  g_return_if_fail (RN_IS_CANVAS (self));

  *view = (RnRect){ -self->view.x / self->view.zoom, -self->view.y / self->view.zoom,
                    gtk_widget_get_width (GTK_WIDGET (self)) / self->view.zoom,
                    gtk_widget_get_height (GTK_WIDGET (self)) / self->view.zoom };
}

/**
 * rn_canvas_zoom_at:
 * @factor: above 1 to come nearer
 * @x: the place in the widget that stays where it is
 * @y: likewise
 */
void
rn_canvas_zoom_at (RnCanvas *self, double factor, double x, double y)
{
  RnView view;
  double zoom;

  g_return_if_fail (RN_IS_CANVAS (self));
  g_return_if_fail (factor > 0);

  view = self->view_start != 0 ? self->view_to : self->view;
  zoom = CLAMP (view.zoom * factor, RN_MIN_ZOOM, RN_MAX_ZOOM);
  view.x = x - (x - view.x) * zoom / view.zoom;
  view.y = y - (y - view.y) * zoom / view.zoom;
  view.zoom = zoom;
  self->fit = RN_FIT_NONE;
  rn_canvas_set_view (self, view, FALSE);
}

/* Moves what is seen by some points of the widget; a little of it always stays in sight. */
void
rn_canvas_pan (RnCanvas *self, double dx, double dy)
{
  enum
  {
    KEEP = 40
  };
  RnView view;

  g_return_if_fail (RN_IS_CANVAS (self));

  if (self->shown == NULL)
    return;
  view = self->view;
  view.x = CLAMP (view.x + dx, KEEP - self->shown->width * view.zoom,
                  gtk_widget_get_width (GTK_WIDGET (self)) - KEEP);
  view.y = CLAMP (view.y + dy, KEEP - self->shown->height * view.zoom,
                  gtk_widget_get_height (GTK_WIDGET (self)) - KEEP);
  self->fit = RN_FIT_NONE;
  rn_canvas_set_view (self, view, FALSE);
}

/* All in sight; asked for once more, as wide as the canvas. */
void
rn_canvas_fit (RnCanvas *self)
{
  g_return_if_fail (RN_IS_CANVAS (self));

  if (self->fit == RN_FIT_NONE)
    rn_canvas_remember_view (self);
  self->fit = self->fit == RN_FIT_WHOLE ? RN_FIT_WIDTH : RN_FIT_WHOLE;
  rn_canvas_apply_fit (self, TRUE);
}

/**
 * rn_canvas_get_map:
 * @map: (out): where the minimap stands in the widget
 *
 * Returns: whether there is one: only while some of the scene is out of sight
 */
gboolean
rn_canvas_get_map (RnCanvas *self, RnRect *map)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  double scale;

  if (self->shown == NULL || self->shown->width <= 0 || width < 3 * MAP_SIDE ||
      height < 2 * MAP_SIDE)
    return FALSE;
  if (self->view.x >= -1 && self->view.y >= -1 &&
      self->view.x + self->shown->width * self->view.zoom <= width + 1 &&
      self->view.y + self->shown->height * self->view.zoom <= height + 1)
    return FALSE;

  scale =
      MIN (MAP_SIDE / self->shown->width, MIN (2 * MAP_SIDE, height - 60) / self->shown->height);
  map->width = MAX (self->shown->width * scale, 12);
  map->height = self->shown->height * scale;
  map->x = width - MAP_MARGIN - map->width;
  map->y = height - MAP_MARGIN - map->height;

  return TRUE;
}

/* Whether the view follows the widget's size, until somebody moves it. */
gboolean
rn_canvas_get_fits (RnCanvas *self)
{
  g_return_val_if_fail (RN_IS_CANVAS (self), FALSE);

  return self->fit != RN_FIT_NONE;
}

/* Brings a part of the scene into sight, by as little as it takes. */
static void
reveal (RnCanvas *self, const RnRect *box)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  RnView view = self->view_start != 0 ? self->view_to : self->view;
  double left, top, right, bottom;
  enum
  {
    AROUND = 24
  };

  if (width <= 0 || box->width <= 0)
    return;

  left = box->x * view.zoom + view.x;
  top = box->y * view.zoom + view.y;
  right = left + box->width * view.zoom;
  bottom = top + box->height * view.zoom;
  /* What is seen whole stays where it is, however near to the edge: nothing jumps. */
  if (left >= 0 && top >= 0 && right <= width && bottom <= height)
    return;
  left -= AROUND;
  top -= AROUND;
  right += AROUND;
  bottom += AROUND;
  view.x += left < 0 || right - left > width ? -left : right > width ? width - right : 0;
  view.y += top < 0 || bottom - top > height ? -top : bottom > height ? height - bottom : 0;
  self->fit = RN_FIT_NONE;
  rn_canvas_set_view (self, view, TRUE);
}

void
rn_canvas_reveal_selection (RnCanvas *self)
{
  RnRect box;

  g_return_if_fail (RN_IS_CANVAS (self));

  if (self->scene == NULL || !self->ready)
    return;
  if (self->selected_layer >= 0)
    box = rn_scene_get_layer_bounds (self->scene, self->selected_layer);
  else
    box = rn_scene_get_place_bounds (
        self->scene, (RnScenePlace){ -1, self->selected_block, self->selected_part });
  reveal (self, &box);
}

/* Brings the first layer that is marked into sight, unless one of them already is. */
void
rn_canvas_reveal_marks (RnCanvas *self)
{
  RnRect first = { 0 }, sight;

  g_return_if_fail (RN_IS_CANVAS (self));

  if (self->scene == NULL || !self->ready)
    return;
  rn_canvas_get_view (self, &sight);
  for (int i = 0; i < rn_model_get_n_layers (self->scene->model); i++)
    if (g_hash_table_contains (self->marks, GINT_TO_POINTER (i)))
      {
        RnRect box = rn_scene_get_layer_bounds (self->scene, i);

        if (rn_rect_intersects (&box, &sight))
          return;
        if (first.width <= 0)
          first = box;
      }
  reveal (self, &first);
}

/* The column of a scene whose middle is nearest to a place across. */
static const RnSceneColumn *
find_column (const RnScene *scene, double x)
{
  const RnSceneColumn *best = NULL;
  double least = INFINITY;

  for (int i = 0; i < scene->n_columns; i++)
    {
      double distance = fabs (scene->columns[i].header.x + scene->columns[i].header.width / 2 - x);

      if (distance < least)
        {
          least = distance;
          best = &scene->columns[i];
        }
    }

  return best;
}

/* How far the part in the middle of a view lies further right in one scene than in the other. */
static double
find_shift (const RnScene *from, const RnScene *to, double middle)
{
  const RnSceneColumn *column = find_column (from, middle);

  for (int i = 0; column != NULL && i < to->n_columns; i++)
    if (to->columns[i].part == column->part)
      return to->columns[i].header.x - column->header.x;

  return 0;
}

/* After another model has taken the place of @from: what was in the middle stays there, if there is
 * as much below each other now. */
void
rn_canvas_keep_part (RnCanvas *self, const RnScene *from)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  RnView view = self->view_start != 0 ? self->view_to : self->view;

  view.x -= view.zoom * find_shift (from, self->scene, (width / 2 - view.x) / view.zoom);
  view.y = MAX (view.y, height / 2 - self->scene->height * view.zoom);
  rn_canvas_set_view (self, view, FALSE);
}

/**
 * rn_canvas_follow:
 * @from: a canvas with another model in the same look
 *
 * Looks as @from does, so that the part in its middle stands at the same place here.
 */
void
rn_canvas_follow (RnCanvas *self, RnCanvas *from)
{
  RnView view, now;

  g_return_if_fail (RN_IS_CANVAS (self) && RN_IS_CANVAS (from));

  if (self->scene == NULL || from->scene == NULL)
    return;
  view = from->view_start != 0 ? from->view_to : from->view;
  now = self->view_start != 0 ? self->view_to : self->view;
  view.x -= view.zoom
            * find_shift (from->scene, self->scene,
                          (gtk_widget_get_width (GTK_WIDGET (from)) / 2.0 - view.x) / view.zoom);
  if (fabs (view.x - now.x) < 1e-6 && fabs (view.y - now.y) < 1e-6
      && fabs (view.zoom - now.zoom) < 1e-9)
    return;
  self->fit = RN_FIT_NONE;
  rn_canvas_set_view (self, view, from->view_start != 0);
}
