/* Back and forward through selections, and undo of what is lost by a change of the view. */
#include "ui/canvas/canvas-private.h"

#define MAX_HISTORY 200
#define MAX_UNDO 50

/* What the person had made of the view. */
struct _RnViewState
{
  RnLook look;
  RnFit fit;
  RnView view;
  gboolean *open;
  gboolean *closed_parts;
};

static void
view_state_free (gpointer data)
{
  RnViewState *state = data;

  g_free (state->open);
  g_free (state->closed_parts);
  g_free (state);
}

void
rn_canvas_init_history (RnCanvas *self)
{
  self->history = g_array_new (FALSE, FALSE, sizeof (RnScenePlace));
  self->history_at = -1;
  self->undo = g_ptr_array_new_with_free_func (view_state_free);
}

void
rn_canvas_clear_history (RnCanvas *self)
{
  g_array_set_size (self->history, 0);
  self->history_at = -1;
  g_ptr_array_set_size (self->undo, 0);
}

static gboolean
is_selected (RnCanvas *self, const RnScenePlace *place)
{
  return place->layer == self->selected_layer && place->block == self->selected_block &&
         place->part == self->selected_part;
}

/* After a new selection: what lay ahead is forgotten, unless this is a step within the history. */
void
rn_canvas_remember_selection (RnCanvas *self)
{
  RnScenePlace place = { self->selected_layer, self->selected_block, self->selected_part };

  if (place.layer < 0 && place.block < 0 && place.part < 0)
    return;
  if (self->history_at >= 0 &&
      is_selected (self, &g_array_index (self->history, RnScenePlace, self->history_at)))
    return;
  g_array_set_size (self->history, self->history_at + 1);
  if (self->history->len == MAX_HISTORY)
    g_array_remove_index (self->history, 0);
  g_array_append_val (self->history, place);
  self->history_at = self->history->len - 1;
}

static int
find_step (RnCanvas *self, int direction)
{
  int to = self->history_at + (direction > 0) - (direction < 0);

  /* From nothing selected, back leads to what was selected last. */
  if (direction < 0 && self->history_at >= 0 &&
      !is_selected (self, &g_array_index (self->history, RnScenePlace, self->history_at)))
    to = self->history_at;

  return to >= 0 && to < (int)self->history->len ? to : -1;
}

/**
 * rn_canvas_can_go:
 * @direction: -1 for back, 1 for forward
 */
gboolean
rn_canvas_can_go (RnCanvas *self, int direction)
{
  g_return_val_if_fail (RN_IS_CANVAS (self), FALSE);

  return find_step (self, direction) >= 0;
}

/**
 * rn_canvas_go:
 * @direction: -1 for back, 1 for forward
 *
 * Selects what was selected before, or after that; nothing where there is no such.
 */
void
rn_canvas_go (RnCanvas *self, int direction)
{
  int to;

  g_return_if_fail (RN_IS_CANVAS (self));

  to = find_step (self, direction);
  if (to < 0)
    return;
  self->history_at = to;
  rn_canvas_set_selection (self, g_array_index (self->history, RnScenePlace, to));
  rn_canvas_reveal_selection (self);
}

/* Before a change that loses what was opened, closed or moved by hand. */
void
rn_canvas_remember_view (RnCanvas *self)
{
  const RnStructure *structure;
  RnViewState *state;

  if (self->model == NULL || self->open == NULL)
    return;
  structure = rn_model_get_structure (self->model);
  state = g_new0 (RnViewState, 1);
  state->look = self->look;
  state->fit = self->fit;
  state->view = self->view_start != 0 ? self->view_to : self->view;
  state->open = g_memdup2 (self->open, structure->n_blocks * sizeof (gboolean));
  state->closed_parts =
      g_memdup2 (self->closed_parts, rn_structure_get_n_parts (structure) * sizeof (gboolean));
  if (self->undo->len == MAX_UNDO)
    g_ptr_array_remove_index (self->undo, 0);
  g_ptr_array_add (self->undo, state);
}

gboolean
rn_canvas_can_undo (RnCanvas *self)
{
  g_return_val_if_fail (RN_IS_CANVAS (self), FALSE);

  return self->undo->len > 0;
}

/* Takes back the last change of look, level or fit. */
void
rn_canvas_undo (RnCanvas *self)
{
  const RnStructure *structure;
  RnViewState *state;

  g_return_if_fail (RN_IS_CANVAS (self));

  if (self->undo->len == 0)
    return;
  structure = rn_model_get_structure (self->model);
  state = g_ptr_array_steal_index (self->undo, self->undo->len - 1);
  for (int i = 0; i < structure->n_blocks; i++)
    self->open[i] = state->open[i];
  for (int p = 0; p < rn_structure_get_n_parts (structure); p++)
    self->closed_parts[p] = state->closed_parts[p];
  if (state->look != self->look)
    {
      self->look = state->look;
      rn_canvas_update_scene (self);
      g_object_notify (G_OBJECT (self), "look");
      g_object_notify (G_OBJECT (self), "level");
    }
  else
    rn_canvas_announce_levels (self);
  if (self->ready)
    {
      self->fit = state->fit;
      rn_canvas_set_view (self, state->view, TRUE);
    }
  view_state_free (state);
}
