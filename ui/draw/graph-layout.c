#include "ui/draw/graph-layout-private.h"

RnGraphLayout *
rn_graph_layout_alloc (int n_nodes, int n_edges)
{
  RnGraphLayout *self = g_new0 (RnGraphLayout, 1);

  self->ref_count = 1;
  self->n_nodes = n_nodes;
  self->nodes = g_new0 (RnGraphNode, n_nodes);
  self->n_edges = n_edges;
  self->edges = g_new0 (RnGraphEdge, n_edges);

  return self;
}

RnGraphLayout *
rn_graph_layout_ref (RnGraphLayout *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
rn_stroke_clear (RnStroke *stroke)
{
  g_clear_pointer (&stroke->points, g_free);
  g_clear_pointer (&stroke->text, g_free);
  g_clear_pointer (&stroke->font, g_free);
}

static void
free_strokes (RnStroke *strokes, int n)
{
  for (int i = 0; i < n; i++)
    rn_stroke_clear (&strokes[i]);
  g_free (strokes);
}

void
rn_graph_layout_unref (RnGraphLayout *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  for (int i = 0; i < self->n_nodes; i++)
    free_strokes (self->nodes[i].strokes, self->nodes[i].n_strokes);
  for (int i = 0; i < self->n_edges; i++)
    free_strokes (self->edges[i].strokes, self->edges[i].n_strokes);
  g_free (self->nodes);
  g_free (self->edges);
  g_free (self);
}
