/* What a run and a search show on the canvas. */
#include "ui/canvas/canvas-private.h"

/* A picture is on its way through the network: layers stand back until they are done. */
void
rn_canvas_begin_run (RnCanvas *self)
{
  g_return_if_fail (RN_IS_CANVAS (self));

  self->running = self->model != NULL;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* A layer that has just been done lights up; one that is to be done again stands back. */
void
rn_canvas_set_layer_done (RnCanvas *self, int layer, gboolean done)
{
  g_return_if_fail (RN_IS_CANVAS (self));

  if (layer < 0 || layer >= self->n_model_layers || self->done[layer] == !!done)
    return;
  self->done[layer] = !!done;
  self->done_time[layer] = 0;
  if (done && rn_canvas_can_animate (self))
    {
      self->done_time[layer] = g_get_monotonic_time ();
      rn_canvas_start_tick (self);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The run is over, whole or not: nothing stands back any more. */
void
rn_canvas_end_run (RnCanvas *self)
{
  g_return_if_fail (RN_IS_CANVAS (self));

  self->running = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * rn_canvas_set_thumbnail:
 * @texture: (nullable): what the layer computes; shown small, so 64 pixels a side are plenty
 */
void
rn_canvas_set_thumbnail (RnCanvas *self, int layer, GdkTexture *texture)
{
  g_return_if_fail (RN_IS_CANVAS (self));

  if (layer < 0 || layer >= self->n_model_layers)
    return;
  if (!g_set_object (&self->thumbnails[layer], texture))
    return;
  g_clear_pointer (&self->thumbnail_nodes[layer], gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Returns: (transfer none) (nullable): the layer's picture */
GdkTexture *
rn_canvas_get_thumbnail (RnCanvas *self, int layer)
{
  g_return_val_if_fail (RN_IS_CANVAS (self), NULL);

  return layer >= 0 && layer < self->n_model_layers ? self->thumbnails[layer] : NULL;
}

/**
 * rn_canvas_set_marks:
 * @layers: (array length=n_layers): layers that a search has found; marked until the next call
 */
void
rn_canvas_set_marks (RnCanvas *self, const int *layers, int n_layers)
{
  g_return_if_fail (RN_IS_CANVAS (self));

  g_hash_table_remove_all (self->marks);
  for (int i = 0; i < n_layers; i++)
    if (layers[i] >= 0 && layers[i] < self->n_model_layers)
      g_hash_table_add (self->marks, GINT_TO_POINTER (layers[i]));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
