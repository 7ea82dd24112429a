/* The middle of the window: the graph, what it is of, and the tools to move in it. */
#pragma once

#include "ui/canvas/canvas.h"
#include "ui/document/document.h"
#include "ui/window/variant-popover.h"

G_BEGIN_DECLS

#define RN_TYPE_CANVAS_PANE (rn_canvas_pane_get_type ())
G_DECLARE_FINAL_TYPE (RnCanvasPane, rn_canvas_pane, RN, CANVAS_PANE, GtkWidget)

void        rn_canvas_pane_set_document (RnCanvasPane *self,
                                         RnDocument   *document);
RnCanvas   *rn_canvas_pane_get_canvas   (RnCanvasPane *self);
RnVariantPopover *
            rn_canvas_pane_get_variant  (RnCanvasPane *self);
gboolean    rn_canvas_pane_stop_search  (RnCanvasPane *self);
void        rn_canvas_pane_search       (RnCanvasPane *self,
                                         const char   *text);
const char *rn_canvas_pane_get_hits     (RnCanvasPane *self);

G_END_DECLS
