/* What the selection is connected with. */
#include "ui/canvas/canvas-private.h"

static gboolean
is_selected (const RnCanvas *self, const RnStructure *structure, int layer)
{
  if (self->selected_layer >= 0)
    return layer == self->selected_layer;
  if (self->selected_part >= 0)
    return rn_structure_find_part (structure, layer) == self->selected_part;
  if (self->selected_block < 0)
    return FALSE;
  for (int i = 0; i < structure->blocks[self->selected_block].n_layers; i++)
    if (structure->blocks[self->selected_block].layers[i] == layer)
      return TRUE;

  return FALSE;
}

/* Returns: (transfer full): for each layer of what is shown how it stands to the selection */
RnKin *
rn_canvas_find_kin (RnCanvas *self)
{
  RnModel *model = self->scene->model;
  const RnStructure *structure = rn_model_get_structure (model);
  int n = rn_model_get_n_layers (model);
  RnKin *kin = g_new0 (RnKin, n);

  for (int i = 0; i < n; i++)
    if (is_selected (self, structure, i))
      kin[i] = RN_KIN_SELECTED;
  for (int i = 0; i < n; i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);

      for (int k = 0; kin[i] != RN_KIN_SELECTED && k < layer->n_inputs; k++)
        if (kin[layer->inputs[k]] == RN_KIN_SELECTED)
          kin[i] = RN_KIN_NEIGHBOUR;
      for (int k = 0; kin[i] != RN_KIN_SELECTED && k < layer->n_outputs; k++)
        if (kin[layer->outputs[k]] == RN_KIN_SELECTED)
          kin[i] = RN_KIN_NEIGHBOUR;
    }

  return kin;
}

/**
 * rn_canvas_stands_out:
 *
 * Returns: whether a layer is drawn as strongly as ever while something is selected: it, or what
 *   stands for it, belongs to the selection, feeds it or is fed by it
 */
gboolean
rn_canvas_stands_out (RnCanvas *self, int layer)
{
  g_autofree RnKin *kin = NULL;

  g_return_val_if_fail (RN_IS_CANVAS (self) && self->scene != NULL, FALSE);
  g_return_val_if_fail (layer >= 0 && layer < rn_model_get_n_layers (self->scene->model), FALSE);

  if (self->selected_layer < 0 && self->selected_block < 0 && self->selected_part < 0)
    return TRUE;
  kin = rn_canvas_find_kin (self);
  if (kin[layer] != RN_KIN_NONE)
    return TRUE;
  for (int i = 0; i < rn_model_get_n_layers (self->scene->model); i++)
    if (kin[i] != RN_KIN_NONE
        && rn_scene_place_equal (rn_scene_get_place (self->scene, i),
                                 rn_scene_get_place (self->scene, layer)))
      return TRUE;

  return FALSE;
}
