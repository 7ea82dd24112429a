/* What the canvas draws of the edits in force. */
#pragma once

#include "engine/runtime/edit.h"
#include "ui/canvas/canvas-private.h"

G_BEGIN_DECLS

RnCanvasEdits *rn_canvas_edits_new (const RnModel *model, const char *const *edits);
void rn_canvas_edits_free (RnCanvasEdits *self);
gboolean rn_canvas_edits_stop_edge (const RnCanvasEdits *self, const RnSceneEdge *edge);
void rn_canvas_draw_edits (RnCanvas *self, GtkSnapshot *snapshot, const RnRect *sight);

G_END_DECLS
