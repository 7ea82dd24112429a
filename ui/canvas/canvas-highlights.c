/* What is drawn over the graph: the wave of a run, selection, search marks, the pointer's place. */
#include "ui/canvas/canvas-frame.h"

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
draw_selected_layer (const RnFrame *frame)
{
  RnCanvas *self = frame->self;
  const RnLayer *layer = rn_model_get_layer (self->scene->model, self->selected_layer);
  RnRect bounds = rn_scene_get_layer_bounds (self->shown, layer->index);

  rn_frame_append_fill (frame, &frame->sight, rn_color_with_alpha (self->palette.background, 0.3));
  for (int i = 0; i < self->shown->n_edges; i++)
    if (edge_touches_layer (self, &self->shown->edges[i]))
      rn_frame_draw_edge (frame, i, TRUE);
  for (int k = 0; k < layer->n_inputs + layer->n_outputs; k++)
    {
      int other = k < layer->n_inputs ? layer->inputs[k] : layer->outputs[k - layer->n_inputs];
      RnScenePlace place = rn_scene_get_place (self->shown, other);
      RnRect box = rn_scene_get_place_bounds (self->shown, place);

      rn_frame_draw_place (frame, place);
      rn_frame_append_outline (frame, &box, 1, 1.5,
                               rn_color_with_alpha (self->palette.accent, 0.6));
    }
  rn_frame_draw_place (frame, rn_scene_get_place (self->shown, layer->index));
  rn_frame_append_outline (frame, &bounds, 1, 2.5, self->palette.accent);
}

static void
draw_selected_place (const RnFrame *frame, RnScenePlace place)
{
  RnCanvas *self = frame->self;
  RnRect bounds = rn_scene_get_place_bounds (self->shown, place);

  for (int i = 0; i < self->shown->n_edges; i++)
    if (place.block >= 0 && self->shown->edges[i].block == place.block)
      rn_frame_draw_edge (frame, i, TRUE);
  if (bounds.width <= 0)
    return;
  rn_frame_append_fill (frame, &bounds, rn_color_with_alpha (self->palette.accent, 0.07));
  rn_frame_append_outline (frame, &bounds, 1, 2.5, self->palette.accent);
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

  if (self->selected_layer >= 0)
    draw_selected_layer (frame);
  else if (self->selected_block >= 0 || self->selected_part >= 0)
    draw_selected_place (frame,
                         (RnScenePlace){ -1, self->selected_block, self->selected_part });
  draw_marks (frame);
  hovered = rn_scene_get_place_bounds (self->shown, self->hovered);
  if (hovered.width > 0)
    rn_frame_append_outline (frame, &hovered, 0, 1.5,
                             rn_color_with_alpha (self->palette.accent, 0.7));
}
