/* What menus and keys can do with the graph: the group "view". */
#pragma once

#include "ui/canvas/canvas.h"
#include "ui/document/document.h"

G_BEGIN_DECLS

void rn_graph_actions_add (GtkWidget  *widget,
                           RnCanvas   *canvas,
                           RnDocument *document);

G_END_DECLS
