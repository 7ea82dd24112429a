/* What of the Blocks look is shown as one: parts, blocks, batch norm and ReLU. */
#include "ui/canvas/canvas-private.h"

static const RnStructure *
get_structure (RnCanvas *self)
{
  return rn_model_get_structure (self->model);
}

/* For a new model: every block closed, every part open. */
void
rn_canvas_start_levels (RnCanvas *self)
{
  self->open = g_new0 (gboolean, get_structure (self)->n_blocks + 1);
  self->closed_parts = g_new0 (gboolean, rn_structure_get_n_parts (get_structure (self)));
  g_object_notify (G_OBJECT (self), "level");
}

void
rn_canvas_clear_levels (RnCanvas *self)
{
  g_clear_pointer (&self->open, g_free);
  g_clear_pointer (&self->closed_parts, g_free);
}

/* After a change: shows it, and says that the level may be another one. */
void
rn_canvas_announce_levels (RnCanvas *self)
{
  if (self->look == RN_LOOK_BLOCKS)
    rn_canvas_update_scene (self);
  g_object_notify (G_OBJECT (self), "level");
}

gboolean
rn_canvas_get_block_open (RnCanvas *self, int block)
{
  g_return_val_if_fail (RN_IS_CANVAS (self), FALSE);

  return self->open != NULL && block >= 0 && block < get_structure (self)->n_blocks &&
         self->open[block];
}

/* Shows or hides a block's layers in the Blocks look; plots always show them. */
void
rn_canvas_set_block_open (RnCanvas *self, int block, gboolean open)
{
  g_return_if_fail (RN_IS_CANVAS (self));
  g_return_if_fail (self->model != NULL);
  g_return_if_fail (block >= 0 && block < get_structure (self)->n_blocks);

  if (self->open[block] == !!open)
    return;
  self->open[block] = !!open;
  rn_canvas_announce_levels (self);
}

gboolean
rn_canvas_get_part_open (RnCanvas *self, int part)
{
  g_return_val_if_fail (RN_IS_CANVAS (self), FALSE);

  return self->closed_parts != NULL && part >= 0 &&
         part < rn_structure_get_n_parts (get_structure (self)) && !self->closed_parts[part];
}

/* Shows or hides what is in the stem, a stage or the head; its blocks stay as they are. */
void
rn_canvas_set_part_open (RnCanvas *self, int part, gboolean open)
{
  g_return_if_fail (RN_IS_CANVAS (self));
  g_return_if_fail (self->model != NULL);
  g_return_if_fail (part >= 0 && part < rn_structure_get_n_parts (get_structure (self)));

  if (self->closed_parts[part] == !open)
    return;
  self->closed_parts[part] = !open;
  rn_canvas_announce_levels (self);
}

/* Whether all of @n flags are @value. */
static gboolean
all_are (const gboolean *flags, int n, gboolean value)
{
  for (int i = 0; i < n; i++)
    if (flags[i] != value)
      return FALSE;

  return TRUE;
}

RnLevel
rn_canvas_get_level (RnCanvas *self)
{
  int n_blocks, n_parts;

  g_return_val_if_fail (RN_IS_CANVAS (self), RN_LEVEL_BLOCKS);

  if (self->model == NULL)
    return RN_LEVEL_BLOCKS;
  n_blocks = get_structure (self)->n_blocks;
  n_parts = rn_structure_get_n_parts (get_structure (self));
  if (all_are (self->closed_parts, n_parts, TRUE))
    return RN_LEVEL_PARTS;
  if (!all_are (self->closed_parts, n_parts, FALSE))
    return RN_LEVEL_MIXED;
  if (all_are (self->open, n_blocks, FALSE))
    return RN_LEVEL_BLOCKS;

  return all_are (self->open, n_blocks, TRUE) ? RN_LEVEL_LAYERS : RN_LEVEL_MIXED;
}

/* Opens and closes everything so that the network is shown at one level. */
void
rn_canvas_set_level (RnCanvas *self, RnLevel level)
{
  g_return_if_fail (RN_IS_CANVAS (self));
  g_return_if_fail ((int)level >= 0 && level < RN_N_LEVELS);

  if (self->model == NULL || level == rn_canvas_get_level (self))
    return;
  rn_canvas_remember_view (self);
  for (int i = 0; i < get_structure (self)->n_blocks; i++)
    self->open[i] = level == RN_LEVEL_LAYERS;
  for (int p = 0; p < rn_structure_get_n_parts (get_structure (self)); p++)
    self->closed_parts[p] = level == RN_LEVEL_PARTS;
  rn_canvas_announce_levels (self);
}

gboolean
rn_canvas_get_fold (RnCanvas *self)
{
  g_return_val_if_fail (RN_IS_CANVAS (self), FALSE);

  return self->fold;
}

/* Whether batch norm and ReLU stand in the box of their convolution; of the Blocks look. */
void
rn_canvas_set_fold (RnCanvas *self, gboolean fold)
{
  g_return_if_fail (RN_IS_CANVAS (self));

  if (self->fold == !!fold)
    return;
  self->fold = !!fold;
  if (self->model != NULL && self->look == RN_LOOK_BLOCKS)
    rn_canvas_update_scene (self);
  g_object_notify (G_OBJECT (self), "fold");
}

gboolean
rn_canvas_get_weigh_edges (RnCanvas *self)
{
  g_return_val_if_fail (RN_IS_CANVAS (self), FALSE);

  return self->weigh_edges;
}

/* Whether edges are as thick as what flows along them is large, by the logarithm. */
void
rn_canvas_set_weigh_edges (RnCanvas *self, gboolean weigh)
{
  g_return_if_fail (RN_IS_CANVAS (self));

  if (self->weigh_edges == !!weigh)
    return;
  self->weigh_edges = !!weigh;
  rn_canvas_drop_edge_nodes (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify (G_OBJECT (self), "weigh-edges");
}
