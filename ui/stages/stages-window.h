/* ResNet-18 and ResNet-50 side by side: both graphs, and what each stage costs. */
#pragma once

#include "ui/canvas/canvas.h"

G_BEGIN_DECLS

#define RN_TYPE_STAGES_WINDOW (rn_stages_window_get_type ())
G_DECLARE_FINAL_TYPE (RnStagesWindow, rn_stages_window, RN, STAGES_WINDOW, GtkWindow)

GtkWidget  *rn_stages_window_new         (void);
RnCanvas   *rn_stages_window_get_canvas  (RnStagesWindow *self,
                                          int             side);
gboolean    rn_stages_window_is_measured (RnStagesWindow *self);
const char *rn_stages_window_get_text    (RnStagesWindow *self,
                                          int             row,
                                          int             column);

G_END_DECLS
