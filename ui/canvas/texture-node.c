#include "ui/canvas/texture-node.h"

static cairo_surface_t *
download (GdkTexture *texture)
{
  cairo_surface_t *surface = cairo_image_surface_create (
      CAIRO_FORMAT_ARGB32, gdk_texture_get_width (texture), gdk_texture_get_height (texture));

  gdk_texture_download (texture, cairo_image_surface_get_data (surface),
                        cairo_image_surface_get_stride (surface));
  cairo_surface_mark_dirty (surface);

  return surface;
}

/**
 * rn_texture_node_new:
 * @widget: where it will be drawn; realized
 * @bounds: where the texture goes
 *
 * GTK 4.8's cairo renderer converts a texture's pixels each time it draws it, in sight or not: some
 * 150 µs for 64 by 64 of them. There the node is cairo's own picture, which takes a tenth of that,
 * and nothing out of sight. Other renderers get a texture node. Keep the node rather than make it
 * anew for each frame.
 *
 * Returns: (transfer full): the node
 */
GskRenderNode *
rn_texture_node_new (GtkWidget *widget, GdkTexture *texture, const graphene_rect_t *bounds)
{
  GtkNative *native = gtk_widget_get_native (widget);
  GskRenderer *renderer = native != NULL ? gtk_native_get_renderer (native) : NULL;
  cairo_surface_t *surface;
  GskRenderNode *node;
  cairo_t *cr;

  if (renderer == NULL || !GSK_IS_CAIRO_RENDERER (renderer))
    return gsk_texture_node_new (texture, bounds);

  surface = download (texture);
  node = gsk_cairo_node_new (bounds);
  cr = gsk_cairo_node_get_draw_context (node);
  cairo_translate (cr, bounds->origin.x, bounds->origin.y);
  cairo_scale (cr, bounds->size.width / cairo_image_surface_get_width (surface),
               bounds->size.height / cairo_image_surface_get_height (surface));
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_BILINEAR);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_rectangle (cr, 0, 0, cairo_image_surface_get_width (surface),
                   cairo_image_surface_get_height (surface));
  cairo_fill (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);

  return node;
}
