/* Ways of edges: chains of cubic curves. */
#pragma once

#include "ui/draw/graph-layout.h"

G_BEGIN_DECLS

GArray *rn_path_new (double x, double y);
void rn_path_add (GArray *points, double x, double y);
void rn_path_line_to (GArray *points, double x, double y);
GArray *rn_path_route (const RnPoint *way, int n);

G_END_DECLS
