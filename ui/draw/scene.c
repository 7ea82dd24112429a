#include "ui/draw/scene-private.h"

#include <math.h>

gboolean
rn_rect_contains (const RnRect *rect, double x, double y)
{
  return x >= rect->x && x <= rect->x + rect->width && y >= rect->y && y <= rect->y + rect->height;
}

gboolean
rn_rect_intersects (const RnRect *a, const RnRect *b)
{
  return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height &&
         b->y < a->y + a->height;
}

/* The box around both; one without width counts for nothing. */
RnRect
rn_rect_union (const RnRect *a, const RnRect *b)
{
  double left = MIN (a->x, b->x), top = MIN (a->y, b->y);

  if (a->width <= 0)
    return *b;
  if (b->width <= 0)
    return *a;

  return (RnRect){ left, top, MAX (a->x + a->width, b->x + b->width) - left,
                   MAX (a->y + a->height, b->y + b->height) - top };
}

/* The box around @n points; a Bézier curve lies within that of its control points. */
RnRect
rn_points_bounds (const RnPoint *points, int n)
{
  double left = INFINITY, top = INFINITY, right = -INFINITY, bottom = -INFINITY;

  for (int i = 0; i < n; i++)
    {
      left = MIN (left, points[i].x);
      top = MIN (top, points[i].y);
      right = MAX (right, points[i].x);
      bottom = MAX (bottom, points[i].y);
    }

  return n > 0 ? (RnRect){ left, top, right - left, bottom - top } : (RnRect){ 0 };
}

static void
alloc_parts (RnScene *self)
{
  const RnStructure *structure = rn_model_get_structure (self->model);

  self->n_parts = rn_structure_get_n_parts (structure);
  self->parts = g_new0 (RnScenePart, self->n_parts);
  for (int p = 0; p < self->n_parts; p++)
    self->parts[p] = (RnScenePart){ .first = -1, .last = -1, .open = TRUE };
  for (int i = 0; i < self->n_layers; i++)
    {
      RnScenePart *part = &self->parts[rn_structure_find_part (structure, i)];

      part->first = part->first < 0 ? i : part->first;
      part->last = i;
    }
}

RnScene *
rn_scene_alloc (RnModel *model, RnLook look)
{
  RnScene *self = g_new0 (RnScene, 1);

  self->ref_count = 1;
  self->model = rn_model_ref (model);
  self->look = look;
  self->n_layers = rn_model_get_n_layers (model);
  self->layers = g_new0 (RnSceneLayer, self->n_layers);
  for (int i = 0; i < self->n_layers; i++)
    self->layers[i].host = i;
  self->n_blocks = rn_model_get_structure (model)->n_blocks;
  self->blocks = g_new0 (RnSceneBlock, self->n_blocks);
  alloc_parts (self);

  return self;
}

RnScene *
rn_scene_ref (RnScene *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
rn_scene_unref (RnScene *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  for (int i = 0; i < self->n_columns; i++)
    {
      g_free (self->columns[i].title);
      g_free (self->columns[i].subtitle);
    }
  for (int i = 0; i < self->n_edges; i++)
    g_free (self->edges[i].points);
  g_free (self->layers);
  g_free (self->blocks);
  g_free (self->parts);
  g_free (self->columns);
  g_free (self->edges);
  g_clear_pointer (&self->plot, rn_graph_layout_unref);
  rn_model_unref (self->model);
  g_free (self);
}

static gboolean
has_index (const int *indices, int n, int index)
{
  for (int i = 0; i < n; i++)
    if (indices[i] == index)
      return TRUE;

  return FALSE;
}

/* What a connection is; @block gets the block whose shortcut it belongs to, or -1. */
RnEdgeKind
rn_scene_edge_kind (const RnModel *model, int from, int to, int *block)
{
  const RnStructure *structure = rn_model_get_structure (model);
  const RnBlock *owner = rn_structure_find_block (structure, to);

  *block = -1;
  if (owner == NULL)
    return RN_EDGE_FLOW;
  if (has_index (owner->shortcut, owner->n_shortcut, from) ||
      has_index (owner->shortcut, owner->n_shortcut, to) ||
      (owner->kind == RN_SHORTCUT_IDENTITY && from == owner->input && to == owner->add))
    *block = (int) (owner - structure->blocks);
  if (*block < 0)
    return RN_EDGE_FLOW;

  return owner->kind == RN_SHORTCUT_IDENTITY ? RN_EDGE_IDENTITY : RN_EDGE_PROJECTION;
}

/**
 * rn_scene_find_layer:
 *
 * Returns: the layer at a place, or -1
 */
int
rn_scene_find_layer (const RnScene *self, double x, double y)
{
  for (int i = self->n_layers - 1; i >= 0; i--)
    if (self->layers[i].visible && rn_rect_contains (&self->layers[i].bounds, x, y))
      return i;

  return -1;
}

/**
 * rn_scene_find_block:
 *
 * Returns: the innermost block whose frame holds a place, or -1
 */
int
rn_scene_find_block (const RnScene *self, double x, double y)
{
  int found = -1;

  for (int i = 0; i < self->n_blocks; i++)
    {
      const RnRect *frame = &self->blocks[i].frame;

      if (self->blocks[i].visible && rn_rect_contains (frame, x, y) &&
          (found < 0 || frame->height < self->blocks[found].frame.height))
        found = i;
    }

  return found;
}

static RnPoint
bezier_at (const RnPoint *p, double t)
{
  double u = 1 - t;
  double a = u * u * u, b = 3 * u * u * t, c = 3 * u * t * t, d = t * t * t;

  return (RnPoint){ a * p[0].x + b * p[1].x + c * p[2].x + d * p[3].x,
                    a * p[0].y + b * p[1].y + c * p[2].y + d * p[3].y };
}

static double
distance_to_segment (RnPoint a, RnPoint b, double x, double y)
{
  double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
  double t = length > 0 ? CLAMP (((x - a.x) * dx + (y - a.y) * dy) / length, 0, 1) : 0;

  return hypot (a.x + t * dx - x, a.y + t * dy - y);
}

static double
distance_to_edge (const RnSceneEdge *edge, double x, double y)
{
  enum
  {
    STEPS = 16
  };
  double nearest = INFINITY;

  for (int i = 0; i + 3 < edge->n_points; i += 3)
    {
      RnPoint before = edge->points[i];

      for (int k = 1; k <= STEPS; k++)
        {
          RnPoint here = bezier_at (&edge->points[i], (double)k / STEPS);

          nearest = MIN (nearest, distance_to_segment (before, here, x, y));
          before = here;
        }
    }

  return nearest;
}

/**
 * rn_scene_find_edge:
 * @distance: how far from the place an edge may run
 *
 * Returns: the index of the nearest edge, shortcuts before others, or -1
 */
int
rn_scene_find_edge (const RnScene *self, double x, double y, double distance)
{
  RnRect near = { x - distance, y - distance, 2 * distance, 2 * distance };
  double best = INFINITY;
  int found = -1;

  for (int i = 0; i < self->n_edges; i++)
    {
      const RnSceneEdge *edge = &self->edges[i];
      RnRect box = edge->bounds;
      double d;

      box.width = MAX (box.width, 1e-3);
      box.height = MAX (box.height, 1e-3);
      if (!rn_rect_intersects (&box, &near))
        continue;
      d = distance_to_edge (edge, x, y);
      if (d > distance)
        continue;
      d -= edge->block >= 0 ? distance : 0;
      if (d < best)
        {
          best = d;
          found = i;
        }
    }

  return found;
}
