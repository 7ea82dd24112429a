/* Textures as render nodes that are quick to draw again and again. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GskRenderNode *rn_texture_node_new (GtkWidget *widget, GdkTexture *texture, const graphene_rect_t *bounds);

G_END_DECLS
