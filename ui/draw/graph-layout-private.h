#pragma once

#include "ui/draw/graph-layout.h"

G_BEGIN_DECLS

RnGraphLayout *rn_graph_layout_alloc (int n_nodes, int n_edges);
void rn_stroke_clear (RnStroke *stroke);

G_END_DECLS
