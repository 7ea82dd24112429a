/* Scenes between two scenes, for motion. */
#include "ui/draw/scene-private.h"

static double
mix (double from, double to, double t)
{
  return from + (to - from) * t;
}

static RnRect
mix_rects (const RnRect *from, const RnRect *to, double t)
{
  return (RnRect){ mix (from->x, to->x, t), mix (from->y, to->y, t),
                   mix (from->width, to->width, t), mix (from->height, to->height, t) };
}

/* A layer that appears grows out of the block that was closed around it. */
static RnSceneLayer
mix_layers (const RnScene *from, const RnScene *to, int i, double t)
{
  RnSceneLayer layer = to->layers[i];
  RnRect start = rn_scene_get_layer_bounds (from, i);

  if (!layer.visible)
    return layer;
  layer.bounds = mix_rects (&start, &layer.bounds, t);
  if (from->layers[i].visible)
    layer.thumbnail = mix_rects (&from->layers[i].thumbnail, &layer.thumbnail, t);
  else
    layer.thumbnail.width = 0;

  return layer;
}

/* A block that appears grows out of the part that was closed around it. */
static RnSceneBlock
mix_blocks (const RnScene *scene, const RnSceneBlock *from, const RnSceneBlock *to, double t)
{
  int output = rn_model_get_structure (scene->model)->blocks[from - scene->blocks].output;
  RnRect start = rn_scene_get_layer_bounds (scene, output);
  RnSceneBlock block = *to;

  if (!from->visible)
    {
      block.frame = mix_rects (&start, &to->frame, t);
      block.thumbnail.width = 0;
      return block;
    }
  block.frame = mix_rects (&from->frame, &to->frame, t);
  block.header = mix_rects (&from->header, &to->header, t);
  block.sum = (RnPoint){ mix (from->sum.x, to->sum.x, t), mix (from->sum.y, to->sum.y, t) };
  if (from->open == to->open)
    block.thumbnail = mix_rects (&from->thumbnail, &to->thumbnail, t);
  else
    block.thumbnail.width = 0;

  return block;
}

static RnScenePart
mix_parts (const RnScenePart *from, const RnScenePart *to, double t)
{
  RnScenePart part = *to;

  part.frame = mix_rects (&from->frame, &to->frame, t);
  if (from->open == to->open)
    part.thumbnail = mix_rects (&from->thumbnail, &to->thumbnail, t);
  else
    part.thumbnail.width = 0;

  return part;
}

static const RnSceneEdge *
find_same_edge (const RnScene *scene, const RnSceneEdge *edge, int hint)
{
  for (int k = 0; k < scene->n_edges; k++)
    {
      const RnSceneEdge *other = &scene->edges[(hint + k) % scene->n_edges];

      if (other->from == edge->from && other->to == edge->to && other->block == edge->block)
        return other;
    }

  return NULL;
}

static RnSceneEdge
mix_edges (const RnScene *from, const RnSceneEdge *to, int hint, double t)
{
  const RnSceneEdge *old = find_same_edge (from, to, hint);
  RnSceneEdge edge = *to;

  edge.points = g_memdup2 (to->points, to->n_points * sizeof (RnPoint));
  if (old != NULL && old->n_points == to->n_points)
    for (int i = 0; i < edge.n_points; i++)
      edge.points[i] = (RnPoint){ mix (old->points[i].x, to->points[i].x, t),
                                  mix (old->points[i].y, to->points[i].y, t) };
  edge.bounds = rn_points_bounds (edge.points, edge.n_points);

  return edge;
}

/**
 * rn_scene_interpolate:
 * @from: a scene of the Blocks look
 * @to: another one of the same model
 * @progress: 0 at @from, 1 at @to
 *
 * Returns: (transfer full): a scene on the way
 */
RnScene *
rn_scene_interpolate (RnScene *from, RnScene *to, double progress)
{
  RnScene *self;

  g_return_val_if_fail (from->model == to->model, NULL);

  self = rn_scene_alloc (to->model, to->look);
  self->width = mix (from->width, to->width, progress);
  self->height = mix (from->height, to->height, progress);
  for (int i = 0; i < self->n_layers; i++)
    self->layers[i] = mix_layers (from, to, i, progress);
  for (int i = 0; i < self->n_blocks; i++)
    self->blocks[i] = mix_blocks (from, &from->blocks[i], &to->blocks[i], progress);
  for (int i = 0; i < self->n_parts; i++)
    self->parts[i] = mix_parts (&from->parts[i], &to->parts[i], progress);
  self->n_columns = to->n_columns;
  self->columns = g_new0 (RnSceneColumn, to->n_columns);
  for (int i = 0; i < to->n_columns; i++)
    {
      const RnSceneColumn *old = i < from->n_columns ? &from->columns[i] : &to->columns[i];

      self->columns[i].part = to->columns[i].part;
      self->columns[i].title = g_strdup (to->columns[i].title);
      self->columns[i].subtitle = g_strdup (to->columns[i].subtitle);
      self->columns[i].header = mix_rects (&old->header, &to->columns[i].header, progress);
    }
  self->n_edges = to->n_edges;
  self->edges = g_new0 (RnSceneEdge, to->n_edges);
  for (int i = 0; i < to->n_edges; i++)
    self->edges[i] = mix_edges (from, &to->edges[i], i, progress);

  return self;
}
