/* What is drawn over the graph: the wave of a run, selection, search marks, the pointer's place. */
#include "ui/canvas/canvas-frame.h"

/* How far what is not meant stands back. */
#define VEIL 0.3

/* The layer whose being done shows on what stands for it; -1 for one that does not show. */
static gboolean
shows_progress (const RnCanvas *self, int layer, RnScenePlace place)
{
  const RnStructure *structure = rn_model_get_structure (self->scene->model);

  if (place.layer >= 0)
    return rn_scene_get_fold_end (self->shown, place.layer) == layer;
  if (place.block >= 0)
    return structure->blocks[place.block].output == layer;

  return self->shown->parts[place.part].last == layer;
}

/* What has not been computed yet stands back; what just has been lights up. */
void
rn_frame_draw_progress (const RnFrame *frame)
{
  RnCanvas *self = frame->self;
  GdkRGBA veil = rn_color_with_alpha (self->palette.background, 0.55);

  for (int i = 0; i < self->n_layers; i++)
    {
      gint64 age = frame->now - self->done_time[i];
      RnScenePlace place;
      RnRect bounds;

      if (self->done[i] ? self->done_time[i] == 0 || age >= RN_FLASH_US : !self->running)
        continue;
      place = rn_scene_get_place (self->shown, i);
      bounds = rn_scene_get_place_bounds (self->shown, place);
      if (!shows_progress (self, i, place) || !rn_frame_sees (frame, &bounds))
        continue;
      if (self->done[i])
        {
          double left = 1 - CLAMP (age / (double)RN_FLASH_US, 0, 1);

          rn_frame_append_fill (frame, &bounds,
                                rn_color_with_alpha (self->palette.mark, 0.25 * left));
          rn_frame_append_outline (frame, &bounds, 1, 2,
                                   rn_color_with_alpha (self->palette.mark, left));
        }
      else
        rn_frame_append_fill (frame, &bounds, veil);
    }
}

static gboolean
edge_touches_layer (const RnCanvas *self, const RnSceneEdge *edge)
{
  RnScenePlace place = rn_scene_get_place (self->shown, self->selected_layer);
  int end = place.layer >= 0 ? rn_scene_get_fold_end (self->shown, place.layer) : -1;

  return edge->from == self->selected_layer || edge->to == self->selected_layer ||
         (end >= 0 && (edge->from == end || edge->to == place.layer));
}

/* All but the selection and what it is connected with stands back. */
static void
draw_veil (const RnFrame *frame, const RnRect *hole)
{
  GdkRGBA veil = rn_color_with_alpha (frame->self->palette.background, VEIL);
  const RnRect *sight = &frame->sight;
  double left = MAX (hole->x, sight->x), right = MIN (hole->x + hole->width, sight->x + sight->width);
  double top = MAX (hole->y, sight->y), bottom = MIN (hole->y + hole->height, sight->y + sight->height);

  if (left >= right || top >= bottom)
    {
      rn_frame_append_fill (frame, sight, veil);
      return;
    }
  rn_frame_append_fill (frame, &(RnRect) { sight->x, sight->y, sight->width, top - sight->y }, veil);
  rn_frame_append_fill (frame, &(RnRect) { sight->x, top, left - sight->x, bottom - top }, veil);
  rn_frame_append_fill (
      frame, &(RnRect) { right, top, sight->x + sight->width - right, bottom - top }, veil);
  rn_frame_append_fill (
      frame, &(RnRect) { sight->x, bottom, sight->width, sight->y + sight->height - bottom }, veil);
}

static void
draw_neighbour (const RnFrame *frame, RnScenePlace place)
{
  RnRect box = rn_scene_get_place_bounds (frame->self->shown, place);

  rn_frame_draw_place (frame, place);
  rn_frame_append_outline (frame, &box, 1, 1.5,
                           rn_color_with_alpha (frame->self->palette.accent, 0.6));
}

/* A place stands for many layers, of which several may be connected. */
static void
draw_neighbours (const RnFrame *frame, const RnKin *kin)
{
  RnCanvas *self = frame->self;
  RnScenePlace last = RN_NO_PLACE;

  for (int i = 0; i < rn_model_get_n_layers (self->scene->model); i++)
    {
      RnScenePlace place = rn_scene_get_place (self->shown, i);

      if (kin[i] != RN_KIN_NEIGHBOUR || rn_scene_place_equal (place, last))
        continue;
      draw_neighbour (frame, place);
      last = place;
    }
}

static void
draw_selected_layer (const RnFrame *frame, const RnKin *kin)
{
  RnCanvas *self = frame->self;
  RnScenePlace place = rn_scene_get_place (self->shown, self->selected_layer);
  RnRect bounds = rn_scene_get_layer_bounds (self->shown, self->selected_layer);

  draw_veil (frame, &(RnRect) { 0 });
  for (int i = 0; i < self->shown->n_edges; i++)
    if (edge_touches_layer (self, &self->shown->edges[i]))
      rn_frame_draw_edge (frame, i, TRUE);
  draw_neighbours (frame, kin);
  rn_frame_draw_place (frame, place);
  rn_frame_append_outline (frame, &bounds, 1, 2.5, self->palette.accent);
}

/* Of a block or a part, also what leads to it and away from it. */
static gboolean
edge_touches_place (const RnSceneEdge *edge, const RnKin *kin, int block)
{
  if (block >= 0 && edge->block == block)
    return TRUE;

  return (kin[edge->from] == RN_KIN_SELECTED) != (kin[edge->to] == RN_KIN_SELECTED);
}

static void
draw_selected_place (const RnFrame *frame, const RnKin *kin, RnScenePlace place)
{
  RnCanvas *self = frame->self;
  RnRect bounds = rn_scene_get_place_bounds (self->shown, place);

  draw_veil (frame, &bounds);
  for (int i = 0; i < self->shown->n_edges; i++)
    if (edge_touches_place (&self->shown->edges[i], kin, place.block))
      rn_frame_draw_edge (frame, i, TRUE);
  draw_neighbours (frame, kin);
  if (bounds.width <= 0)
    return;
  if (place.block >= 0 && !self->shown->blocks[place.block].open)
    rn_frame_draw_place (frame, place); /* its plus sign stands outside */
  rn_frame_append_fill (frame, &bounds, rn_color_with_alpha (self->palette.accent, 0.07));
  rn_frame_append_outline (frame, &bounds, 1, 2.5, self->palette.accent);
}

static void
draw_selection (const RnFrame *frame)
{
  RnCanvas *self = frame->self;
  g_autofree RnKin *kin = NULL;

  if (self->selected_layer < 0 && self->selected_block < 0 && self->selected_part < 0)
    return;
  kin = rn_canvas_find_kin (self);
  if (self->selected_layer >= 0)
    draw_selected_layer (frame, kin);
  else
    draw_selected_place (frame, kin,
                         (RnScenePlace) { -1, self->selected_block, self->selected_part });
}

static void
draw_marks (const RnFrame *frame)
{
  RnCanvas *self = frame->self;
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->marks);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      RnRect bounds = rn_scene_get_layer_bounds (self->shown, GPOINTER_TO_INT (key));

      if (rn_frame_sees (frame, &bounds))
        rn_frame_append_outline (frame, &bounds, 2, 2.5, self->palette.mark);
    }
}

void
rn_frame_draw_highlights (const RnFrame *frame)
{
  RnCanvas *self = frame->self;
  RnRect hovered = { 0 };

  draw_selection (frame);
  draw_marks (frame);
  hovered = rn_scene_get_place_bounds (self->shown, self->hovered);
  if (hovered.width > 0)
    rn_frame_append_outline (frame, &hovered, 0, 1.5,
                             rn_color_with_alpha (self->palette.accent, 0.7));
}
