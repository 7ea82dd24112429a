/* The main window. */
#pragma once

#include <gtk/gtk.h>

#include "ui/document/document.h"
#include "ui/experiments/experiments.h"
#include "ui/inspector/inspector.h"
#include "ui/outline/outline.h"
#include "ui/picture/picture-pane.h"
#include "ui/prediction/prediction-list.h"
#include "ui/tutor/tutor.h"
#include "ui/weights/network-bar.h"
#include "ui/weights/weights-actions.h"
#include "ui/window/canvas-pane.h"

G_BEGIN_DECLS

#define RN_TYPE_WINDOW (rn_window_get_type ())
G_DECLARE_FINAL_TYPE (RnWindow, rn_window, RN, WINDOW, GtkApplicationWindow)

GtkWidget        *rn_window_new             (GtkApplication *application,
                                             RnDocument     *document);
RnDocument       *rn_window_get_document    (RnWindow       *self);
RnNetworkBar     *rn_window_get_network_bar (RnWindow       *self);
RnWeightsActions *rn_window_get_weights     (RnWindow       *self);
RnPicturePane    *rn_window_get_picture     (RnWindow       *self);
RnPredictionList *rn_window_get_predictions (RnWindow       *self);
RnOutline        *rn_window_get_outline     (RnWindow       *self);
RnCanvasPane     *rn_window_get_canvas_pane (RnWindow       *self);
RnInspector      *rn_window_get_inspector   (RnWindow       *self);
RnExperiments    *rn_window_get_experiments (RnWindow       *self);
RnTutor          *rn_window_get_tutor       (RnWindow       *self);
const char       *rn_window_get_right       (RnWindow       *self);
void              rn_window_show_right      (RnWindow       *self,
                                             const char     *page);
const char       *rn_window_get_message     (RnWindow       *self);
const char       *rn_window_get_misfit      (RnWindow       *self);
const char       *rn_window_get_status      (RnWindow       *self);

G_END_DECLS
