/* The two sweeps: one edit on each block in turn, and what is lost by it, as a chart. */
#pragma once

#include <gtk/gtk.h>

#include "ui/document/document.h"
#include "ui/experiments/chart-view.h"

G_BEGIN_DECLS

#define RN_TYPE_SWEEP_VIEW (rn_sweep_view_get_type ())
G_DECLARE_FINAL_TYPE (RnSweepView, rn_sweep_view, RN, SWEEP_VIEW, GtkWidget)

void         rn_sweep_view_set_document (RnSweepView *self,
                                         RnDocument  *document);
gboolean     rn_sweep_view_get_busy     (RnSweepView *self);
double       rn_sweep_view_get_share    (RnSweepView *self);
RnChartView *rn_sweep_view_get_chart    (RnSweepView *self);
gboolean     rn_sweep_view_save         (RnSweepView *self,
                                         const char  *path,
                                         GError     **error);

G_END_DECLS
