/* What stands for a layer on the screen, and where. */
#include "ui/draw/scene-private.h"

/* Stem, stages and head. */
int
rn_structure_get_n_parts (const RnStructure *structure)
{
  return structure->n_stages + 2;
}

/* Returns: the part that a layer is in: 0 for the stem, then the stages, the head last */
int
rn_structure_find_part (const RnStructure *structure, int layer)
{
  switch (structure->part_of[layer])
    {
    case RN_PART_STAGE:
      return structure->stage_of[layer] + 1;
    case RN_PART_HEAD:
      return structure->n_stages + 1;
    default:
      return 0;
    }
}

/**
 * rn_scene_find_part:
 *
 * Returns: the part whose card or title is at a place, or -1
 */
int
rn_scene_find_part (const RnScene *self, double x, double y)
{
  for (int p = 0; p < self->n_parts; p++)
    if (self->parts[p].frame.width > 0 && !self->parts[p].open &&
        rn_rect_contains (&self->parts[p].frame, x, y))
      return p;
  for (int i = 0; i < self->n_columns; i++)
    if (rn_rect_contains (&self->columns[i].header, x, y))
      return self->columns[i].part;

  return -1;
}

/**
 * rn_scene_get_place:
 *
 * Returns: the layer itself, the one it is folded into, or the closed block or part around it
 */
RnScenePlace
rn_scene_get_place (const RnScene *self, int layer)
{
  const RnStructure *structure = rn_model_get_structure (self->model);
  int host = self->layers[layer].host, block = structure->block_of[layer];

  if (self->layers[host].visible)
    return (RnScenePlace){ host, -1, -1 };
  if (block >= 0 && self->blocks[block].visible)
    return (RnScenePlace){ -1, block, -1 };

  return (RnScenePlace){ -1, -1, rn_structure_find_part (structure, layer) };
}

gboolean
rn_scene_place_equal (RnScenePlace a, RnScenePlace b)
{
  return a.layer == b.layer && a.block == b.block && a.part == b.part;
}

RnRect
rn_scene_get_place_bounds (const RnScene *self, RnScenePlace place)
{
  if (place.layer >= 0)
    return self->layers[place.layer].bounds;
  if (place.block >= 0)
    return self->blocks[place.block].visible
               ? self->blocks[place.block].frame
               : rn_scene_get_layer_bounds (
                     self, rn_model_get_structure (self->model)->blocks[place.block].output);

  return place.part >= 0 ? self->parts[place.part].frame : (RnRect){ 0 };
}

/**
 * rn_scene_get_layer_bounds:
 *
 * Returns: the box of a layer, or of what stands for it
 */
RnRect
rn_scene_get_layer_bounds (const RnScene *self, int layer)
{
  RnScenePlace place = rn_scene_get_place (self, layer);

  return place.layer >= 0   ? self->layers[place.layer].bounds
         : place.block >= 0 ? self->blocks[place.block].frame
                            : self->parts[place.part].frame;
}

static gboolean
is_relu (const RnLayer *layer)
{
  return layer->kind == RN_LAYER_RELU ||
         (layer->kind == RN_LAYER_ACTIVATION &&
          layer->config.activation.function == RN_ACTIVATION_RELU);
}

/* The batch norm or ReLU that alone takes a layer's output and belongs to the same block, or -1. */
static int
find_follower (const RnModel *model, int index, gboolean norm)
{
  const RnStructure *structure = rn_model_get_structure (model);
  const RnLayer *layer = rn_model_get_layer (model, index);
  const RnLayer *next;

  if (layer->n_outputs != 1)
    return -1;
  next = rn_model_get_layer (model, layer->outputs[0]);
  if (structure->block_of[index] != structure->block_of[next->index] ||
      structure->part_of[index] != structure->part_of[next->index] ||
      structure->stage_of[index] != structure->stage_of[next->index])
    return -1;

  return (norm ? next->kind == RN_LAYER_BATCH_NORM : is_relu (next)) ? next->index : -1;
}

/* Gives batch norm and ReLU behind a convolution the convolution as host. */
void
rn_scene_fold (RnScene *self)
{
  for (int i = 0; i < self->n_layers; i++)
    {
      RnLayerKind kind = rn_model_get_layer (self->model, i)->kind;
      int end = i, next;

      if (kind != RN_LAYER_CONV && kind != RN_LAYER_DEPTHWISE_CONV &&
          kind != RN_LAYER_SEPARABLE_CONV)
        continue;
      for (int norm = 1; norm >= 0; norm--)
        if ((next = find_follower (self->model, end, norm)) >= 0)
          self->layers[end = next].host = i;
    }
}

/**
 * rn_scene_get_fold_end:
 *
 * Returns: the last of the layers that are folded into @layer; @layer itself where none is
 */
int
rn_scene_get_fold_end (const RnScene *self, int layer)
{
  int end = layer;

  for (const RnLayer *l = rn_model_get_layer (self->model, end);
       l->n_outputs == 1 && l->outputs[0] != layer && self->layers[l->outputs[0]].host == layer;
       l = rn_model_get_layer (self->model, end))
    end = l->outputs[0];

  return end;
}
