#include "ui/canvas/canvas-frame.h"

/* What a search has found, however small it is here. */
static void
draw_marks (const RnFrame *frame, const RnRect *map, double scale)
{
  RnCanvas *self = frame->self;
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->marks);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      RnRect box = rn_scene_get_layer_bounds (self->shown, GPOINTER_TO_INT (key));

      if (box.width > 0)
        rn_frame_append_fill (frame,
                              &(RnRect){ map->x + box.x * scale, map->y + box.y * scale,
                                         MAX (box.width * scale, 3), MAX (box.height * scale, 3) },
                              self->palette.mark);
    }
}

/* The minimap with the view's frame, in the widget's coordinates. */
void
rn_frame_draw_map (const RnFrame *frame)
{
  RnCanvas *self = frame->self;
  GtkSnapshot *snapshot = frame->snapshot;
  RnRect map, view = frame->sight;
  double scale;
  graphene_rect_t area;

  if (!rn_canvas_get_map (self, &map))
    return;
  if (self->map_node == NULL)
    self->map_node = rn_canvas_make_map_node (self);
  scale = map.height / self->shown->height;
  area = GRAPHENE_RECT_INIT (map.x - 4, map.y - 4, map.width + 8, map.height + 8);
  rn_frame_append_fill (frame, &(RnRect){ map.x - 4, map.y - 4, map.width + 8, map.height + 8 },
               rn_color_with_alpha (self->palette.card, 0.92));
  gtk_snapshot_push_clip (snapshot, &area);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (map.x, map.y));
  gtk_snapshot_scale (snapshot, scale, scale);
  if (self->map_node != NULL)
    gtk_snapshot_append_node (snapshot, self->map_node);
  gtk_snapshot_restore (snapshot);
  draw_marks (frame, &map, scale);
  gtk_snapshot_pop (snapshot);

  view.x = CLAMP (map.x + view.x * scale, map.x - 3, map.x + map.width);
  view.y = CLAMP (map.y + view.y * scale, map.y - 3, map.y + map.height);
  view.width = MIN (view.width * scale, map.x + map.width + 3 - view.x);
  view.height = MIN (view.height * scale, map.y + map.height + 3 - view.y);
  {
    graphene_rect_t rect = GRAPHENE_RECT_INIT (view.x, view.y, view.width, view.height);
    const float widths[] = { 2, 2, 2, 2 };
    const GdkRGBA c = self->palette.projection;
    const GdkRGBA colors[] = { c, c, c, c };
    GskRoundedRect outline;

    gsk_rounded_rect_init_from_rect (&outline, &rect, 2);
    gtk_snapshot_append_border (snapshot, &outline, widths, colors);
  }
}
