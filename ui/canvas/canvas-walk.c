#include "ui/canvas/canvas-walk.h"

#include "ui/canvas/canvas-private.h"

/* Selects a layer, or the closed block or part that hides it. */
static void
go_to_layer (RnCanvas *self, int layer)
{
  rn_canvas_set_selection (self, rn_scene_get_place (self->scene, layer));
}

static gboolean
has_index (const int *indices, int n, int index)
{
  for (int i = 0; i < n; i++)
    if (indices[i] == index)
      return TRUE;

  return FALSE;
}

/* Of several ways the one along the branch: the shortcut is reached by Right. */
static int
pick_way (RnCanvas *self, const int *ways, int n)
{
  const RnStructure *structure = rn_model_get_structure (self->model);

  for (int i = 0; i < n; i++)
    {
      const RnBlock *block = rn_structure_find_block (structure, ways[i]);

      if (block == NULL || has_index (block->branch, block->n_branch, ways[i]))
        return ways[i];
    }

  return n > 0 ? ways[0] : -1;
}

static gboolean
stands_for (RnCanvas *self, RnScenePlace place, int layer)
{
  RnScenePlace other = rn_scene_get_place (self->scene, layer);

  return other.layer == place.layer && other.block == place.block && other.part == place.part;
}

/* The layer from which the walk leaves the selection, or -1 where nothing is selected. */
static int
find_start (RnCanvas *self, gboolean down)
{
  const RnStructure *structure = rn_model_get_structure (self->model);

  if (self->selected_layer >= 0)
    return self->selected_layer;
  if (self->selected_block >= 0)
    return down ? structure->blocks[self->selected_block].output
                : structure->blocks[self->selected_block].input;
  if (self->selected_part >= 0)
    return down ? self->scene->parts[self->selected_part].last
                : self->scene->parts[self->selected_part].first;

  return -1;
}

/* Past whatever the same box stands for. */
static void
step_along (RnCanvas *self, gboolean down)
{
  int at = find_start (self, down);
  RnScenePlace from;

  if (at < 0)
    {
      go_to_layer (self, down ? 0 : rn_model_get_n_layers (self->model) - 1);
      return;
    }
  if (self->selected_block >= 0 && !down)
    {
      go_to_layer (self, at);
      return;
    }
  from = rn_scene_get_place (self->scene, at);
  do
    {
      const RnLayer *layer = rn_model_get_layer (self->model, at);

      at = down ? pick_way (self, layer->outputs, layer->n_outputs)
                : pick_way (self, layer->inputs, layer->n_inputs);
    }
  while (at >= 0 && stands_for (self, from, at));
  if (at >= 0)
    go_to_layer (self, at);
}

/* The box of the @i-th thing that can be selected in the column beside; FALSE where none shows. */
static gboolean
get_candidate (const RnScene *scene, int i, RnScenePlace *place)
{
  *place = RN_NO_PLACE;
  if (i < scene->n_layers)
    {
      place->layer = i;
      return scene->layers[i].visible;
    }
  i -= scene->n_layers;
  if (i < scene->n_blocks)
    {
      place->block = i;
      return scene->blocks[i].visible && !scene->blocks[i].open;
    }
  place->part = i - scene->n_blocks;

  return !scene->parts[place->part].open && scene->parts[place->part].frame.width > 0;
}

/* The nearest thing in the column beside: what stands at about the same height. */
static void
step_to_column (RnCanvas *self, int direction)
{
  const RnScene *scene = self->scene;
  RnScenePlace best_place = RN_NO_PLACE, place;
  double best = G_MAXDOUBLE;
  RnRect here;

  here = self->selected_layer >= 0
             ? rn_scene_get_layer_bounds (scene, self->selected_layer)
             : rn_scene_get_place_bounds (
                   scene, (RnScenePlace){ -1, self->selected_block, self->selected_part });
  if (here.width <= 0)
    return;
  for (int i = 0; i < scene->n_layers + scene->n_blocks + scene->n_parts; i++)
    {
      double dx, dy;
      RnRect box;

      if (!get_candidate (scene, i, &place))
        continue;
      box = rn_scene_get_place_bounds (scene, place);
      dx = direction * (box.x - here.x);
      dy = ABS (box.y - here.y);
      if (dx < here.width / 2 || dx + dy / 4 >= best)
        continue;
      best = dx + dy / 4;
      best_place = place;
    }
  if (best < G_MAXDOUBLE)
    rn_canvas_set_selection (self, best_place);
}

static void
step_aside (RnCanvas *self, int direction)
{
  const RnStructure *structure = rn_model_get_structure (self->model);
  const RnBlock *block =
      self->selected_layer >= 0 ? rn_structure_find_block (structure, self->selected_layer) : NULL;

  if (block != NULL && block->n_shortcut > 0 && direction > 0 &&
      has_index (block->branch, block->n_branch, self->selected_layer))
    rn_canvas_select_layer (self, block->shortcut[0]);
  else if (block != NULL && block->n_branch > 0 && direction < 0 &&
           has_index (block->shortcut, block->n_shortcut, self->selected_layer))
    rn_canvas_select_layer (self, block->branch[0]);
  else
    step_to_column (self, direction);
}

static void
step_in (RnCanvas *self)
{
  const RnStructure *structure = rn_model_get_structure (self->model);

  if (self->selected_layer >= 0)
    rn_canvas_activate_layer (self, self->selected_layer);
  else if (self->selected_block >= 0)
    {
      const RnBlock *block = &structure->blocks[self->selected_block];

      rn_canvas_set_part_open (self, rn_structure_find_part (structure, block->output), TRUE);
      rn_canvas_set_block_open (self, self->selected_block, TRUE);
      if (block->n_branch > 0)
        rn_canvas_select_layer (self, block->branch[0]);
    }
  else if (self->selected_part >= 0)
    {
      rn_canvas_set_part_open (self, self->selected_part, TRUE);
      go_to_layer (self, self->scene->parts[self->selected_part].first);
    }
  else
    step_along (self, TRUE);
}

/* From a layer to its block, from an open block to the closed one, to its part, to nothing. */
static void
step_out (RnCanvas *self)
{
  const RnStructure *structure = rn_model_get_structure (self->model);
  gboolean levels = self->look == RN_LOOK_BLOCKS;

  if (self->selected_layer >= 0 && structure->block_of[self->selected_layer] >= 0)
    rn_canvas_select_block (self, structure->block_of[self->selected_layer]);
  else if (self->selected_layer >= 0 && levels)
    rn_canvas_select_part (self, rn_structure_find_part (structure, self->selected_layer));
  else if (self->selected_block >= 0 && levels)
    {
      if (rn_canvas_get_block_open (self, self->selected_block))
        rn_canvas_set_block_open (self, self->selected_block, FALSE);
      else
        rn_canvas_select_part (self, structure->blocks[self->selected_block].stage + 1);
    }
  else if (self->selected_part >= 0 && rn_canvas_get_part_open (self, self->selected_part))
    rn_canvas_set_part_open (self, self->selected_part, FALSE);
  else
    rn_canvas_set_selection (self, RN_NO_PLACE);
}

/* Moves the selection one step and keeps it in sight. */
void
rn_canvas_walk (RnCanvas *self, RnWalk step)
{
  g_return_if_fail (RN_IS_CANVAS (self));

  if (self->model == NULL || self->scene == NULL || self->scene->model != self->model)
    return;
  switch (step)
    {
    case RN_WALK_UP:
    case RN_WALK_DOWN:
      step_along (self, step == RN_WALK_DOWN);
      break;
    case RN_WALK_LEFT:
    case RN_WALK_RIGHT:
      step_aside (self, step == RN_WALK_RIGHT ? 1 : -1);
      break;
    case RN_WALK_IN:
      step_in (self);
      break;
    case RN_WALK_OUT:
      step_out (self);
      break;
    }
  rn_canvas_reveal_selection (self);
}

/* As Escape does: from a layer to its block, closes that, goes on to its part, and to nothing. */
void
rn_canvas_step_out (RnCanvas *self)
{
  rn_canvas_walk (self, RN_WALK_OUT);
}
