/* A laid out graph as SVG. */
#pragma once

#include "ui/draw/graph-layout.h"

G_BEGIN_DECLS

char *rn_graph_layout_to_svg (const RnGraphLayout *self,
                              const char *title,
                              const char *const *node_names);

G_END_DECLS
