#include "ui/canvas/cairo-node.h"

/**
 * rn_cairo_node_append:
 *
 * Like gtk_snapshot_append_cairo(), for what may stand far from the origin. GTK keeps what is drawn
 * as a recording, and cairo 1.16 plays it back in a picture whose size, and thus its scale, it
 * rounds to whole pixels: at 60 % a box 9,000 points down would be drawn many points lower than it
 * stands, and be cut off there. A node of its own origin is off by less than a pixel. (GTK's own
 * function adds translations to what is recorded, so that one around it would not do.)
 *
 * Returns: (transfer full): a context in the snapshot's coordinates
 */
cairo_t *
rn_cairo_node_append (GtkSnapshot *snapshot, const graphene_rect_t *bounds)
{
  GskRenderNode *node
      = gsk_cairo_node_new (&GRAPHENE_RECT_INIT (0, 0, bounds->size.width, bounds->size.height));
  cairo_t *cr = gsk_cairo_node_get_draw_context (node);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &bounds->origin);
  gtk_snapshot_append_node (snapshot, node);
  gtk_snapshot_restore (snapshot);
  gsk_render_node_unref (node);
  cairo_translate (cr, -bounds->origin.x, -bounds->origin.y);

  return cr;
}
