#include "ui/canvas/canvas-walk.h"

#include "ui/canvas/canvas-private.h"

/* The block around a layer whose layers are not to be seen, or -1. */
static int
closed_block_of (RnCanvas *self, int layer)
{
  int block = rn_model_get_structure (self->model)->block_of[layer];

  return block >= 0 && !self->scene->layers[layer].visible ? block : -1;
}

/* Selects a layer, or the closed block that hides it. */
static void
go_to_layer (RnCanvas *self, int layer)
{
  int block = closed_block_of (self, layer);

  if (block >= 0)
    rn_canvas_select_block (self, block);
  else
    rn_canvas_select_layer (self, layer);
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

static void
step_along (RnCanvas *self, gboolean down)
{
  const RnStructure *structure = rn_model_get_structure (self->model);
  const RnLayer *layer;
  int from = self->selected_layer, next;

  if (self->selected_block >= 0)
    {
      const RnBlock *block = &structure->blocks[self->selected_block];

      if (!down)
        {
          go_to_layer (self, block->input);
          return;
        }
      from = block->output;
    }
  if (from < 0)
    {
      go_to_layer (self, down ? 0 : rn_model_get_n_layers (self->model) - 1);
      return;
    }
  layer = rn_model_get_layer (self->model, from);
  next = down ? pick_way (self, layer->outputs, layer->n_outputs)
              : pick_way (self, layer->inputs, layer->n_inputs);
  if (next >= 0)
    go_to_layer (self, next);
}

/* The nearest thing in the column beside: a block or a layer at about the same height. */
static void
step_to_column (RnCanvas *self, int direction)
{
  const RnScene *scene = self->scene;
  RnRect here;
  double best = G_MAXDOUBLE;
  int layer = -1, block = -1;

  if (self->selected_layer >= 0)
    here = rn_scene_get_layer_bounds (scene, self->selected_layer);
  else if (self->selected_block >= 0)
    here = scene->blocks[self->selected_block].frame;
  else
    return;

  for (int i = 0; i < scene->n_layers + scene->n_blocks; i++)
    {
      gboolean is_layer = i < scene->n_layers;
      int b = i - scene->n_layers;
      const RnRect *box = is_layer ? &scene->layers[i].bounds : &scene->blocks[b].frame;
      double dx = direction * (box->x - here.x), dy = ABS (box->y - here.y);

      if (is_layer ? !scene->layers[i].visible : !scene->blocks[b].visible || scene->blocks[b].open)
        continue;
      if (dx < here.width / 2 || dx + dy / 4 >= best)
        continue;
      best = dx + dy / 4;
      layer = is_layer ? i : -1;
      block = is_layer ? -1 : b;
    }
  if (layer >= 0)
    rn_canvas_select_layer (self, layer);
  else if (block >= 0)
    rn_canvas_select_block (self, block);
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
    g_signal_emit_by_name (self, "layer-activated", self->selected_layer);
  else if (self->selected_block >= 0)
    {
      const RnBlock *block = &structure->blocks[self->selected_block];

      rn_canvas_set_block_open (self, self->selected_block, TRUE);
      if (block->n_branch > 0)
        rn_canvas_select_layer (self, block->branch[0]);
    }
  else
    step_along (self, TRUE);
}

static void
step_out (RnCanvas *self)
{
  const RnStructure *structure = rn_model_get_structure (self->model);

  if (self->selected_layer >= 0)
    rn_canvas_select_block (self, structure->block_of[self->selected_layer]);
  else if (self->selected_block >= 0)
    {
      if (self->look == RN_LOOK_BLOCKS && rn_canvas_get_block_open (self, self->selected_block))
        rn_canvas_set_block_open (self, self->selected_block, FALSE);
      else
        rn_canvas_select_block (self, -1);
    }
}

/* Moves the selection one step and keeps it in sight. */
void
rn_canvas_walk (RnCanvas *self, RnStep step)
{
  g_return_if_fail (RN_IS_CANVAS (self));

  if (self->model == NULL || self->scene == NULL || self->scene->model != self->model)
    return;
  switch (step)
    {
    case RN_STEP_UP:
    case RN_STEP_DOWN:
      step_along (self, step == RN_STEP_DOWN);
      break;
    case RN_STEP_LEFT:
    case RN_STEP_RIGHT:
      step_aside (self, step == RN_STEP_RIGHT ? 1 : -1);
      break;
    case RN_STEP_IN:
      step_in (self);
      break;
    case RN_STEP_OUT:
      step_out (self);
      break;
    }
  rn_canvas_reveal_selection (self);
}
