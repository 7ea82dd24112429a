/* The Keras looks: Graphviz' layout with frames around the blocks. */
#include "ui/draw/plot.h"
#include "ui/draw/scene-private.h"

#define FRAME_PADDING 9.0
#define HEADER_HEIGHT 16.0
#define THUMBNAIL_ROOM 0.8 /* inches */

/* The curve of an edge among its strokes; the arrowhead is another. */
static void
take_curve (RnSceneEdge *edge, const RnGraphEdge *source)
{
  int n = 0;

  for (int i = 0; i < source->n_strokes; i++)
    if (source->strokes[i].kind == RN_STROKE_BEZIER && source->strokes[i].n_points > n)
      {
        n = source->strokes[i].n_points;
        g_free (edge->points);
        edge->points = g_memdup2 (source->strokes[i].points, n * sizeof (RnPoint));
      }
  edge->n_points = n;
  edge->bounds = source->bounds;
}

static void
take_edges (RnScene *self)
{
  self->n_edges = self->plot->n_edges;
  self->edges = g_new0 (RnSceneEdge, self->n_edges);
  for (int i = 0; i < self->n_edges; i++)
    {
      RnSceneEdge *edge = &self->edges[i];

      edge->from = self->plot->edges[i].from;
      edge->to = self->plot->edges[i].to;
      edge->kind = rn_scene_edge_kind (self->model, edge->from, edge->to, &edge->block);
      take_curve (edge, &self->plot->edges[i]);
    }
}

static void
frame_block (RnScene *self, int index)
{
  const RnBlock *block = &rn_model_get_structure (self->model)->blocks[index];
  RnSceneBlock *result = &self->blocks[index];
  RnRect frame = { 0 };

  for (int i = 0; i < block->n_layers; i++)
    frame = rn_rect_union (&frame, &self->layers[block->layers[i]].bounds);
  for (int i = 0; i < self->n_edges; i++)
    if (self->edges[i].block == index && self->edges[i].bounds.width > 0)
      {
        RnRect across = self->edges[i].bounds;

        /* The way of a shortcut counts in its breadth, not above and below the layers. */
        across.y = frame.y;
        across.height = frame.height;
        frame = rn_rect_union (&frame, &across);
      }
  frame.x -= FRAME_PADDING;
  frame.width += 2 * FRAME_PADDING;
  frame.y -= HEADER_HEIGHT;
  frame.height += HEADER_HEIGHT + FRAME_PADDING;
  result->frame = frame;
  result->header = (RnRect){ frame.x, frame.y, frame.width, HEADER_HEIGHT };
  result->open = TRUE;
  result->visible = block->n_layers > 0;
}

/**
 * rn_scene_new_plot:
 * @look: one of the Keras looks
 *
 * Lays a model out as plot_model does, with shapes shown. Some tenths of a second: for a worker.
 *
 * Returns: (transfer full): the scene, or %NULL with @error set
 */
RnScene *
rn_scene_new_plot (RnModel *model, RnLook look, GError **error)
{
  RnPlotOptions options = look == RN_LOOK_KERAS3 ? RN_PLOT_OPTIONS_KERAS3 : RN_PLOT_OPTIONS_DEFAULT;
  g_autoptr (RnGraphLayout) plot = NULL;
  RnScene *self;

  g_return_val_if_fail (model != NULL, NULL);

  options.show_shapes = TRUE;
  options.nodesep = THUMBNAIL_ROOM; /* beside each box stands its picture */
  plot = rn_plot_lay_out (model, &options, error);
  if (plot == NULL)
    return NULL;

  self = rn_scene_alloc (model, look);
  self->plot = g_steal_pointer (&plot);
  self->width = self->plot->width;
  self->height = self->plot->height;
  for (int i = 0; i < self->n_layers; i++)
    {
      RnRect *bounds = &self->layers[i].bounds;
      double side;

      *bounds = self->plot->nodes[i].bounds;
      self->layers[i].visible = TRUE;
      side = MIN (bounds->height, THUMBNAIL_ROOM * 72 - 8);
      self->layers[i].thumbnail = (RnRect){ bounds->x + bounds->width + 3, bounds->y, side, side };
    }
  take_edges (self);
  for (int i = 0; i < self->n_blocks; i++)
    frame_block (self, i);

  return self;
}
