#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

cairo_t *rn_cairo_node_append (GtkSnapshot *snapshot, const graphene_rect_t *bounds);

G_END_DECLS
