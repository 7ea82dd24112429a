/* Graphviz' drawing instructions (the attributes _draw_, _ldraw_ …) read into strokes. */
#pragma once

#include "ui/draw/graph-layout.h"

G_BEGIN_DECLS

gboolean rn_xdot_read (const char *instructions, double left, double top, GArray *strokes);

G_END_DECLS
