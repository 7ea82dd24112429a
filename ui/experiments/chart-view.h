/* A bar chart whose rows can be chosen by pointer and keyboard. */
#pragma once

#include <gtk/gtk.h>

#include "ui/draw/chart.h"

G_BEGIN_DECLS

#define RN_TYPE_CHART_VIEW (rn_chart_view_get_type ())
G_DECLARE_FINAL_TYPE (RnChartView, rn_chart_view, RN, CHART_VIEW, GtkWidget)

GtkWidget *rn_chart_view_new        (void);
void       rn_chart_view_set_chart  (RnChartView *self,
                                     RnChart     *chart);
RnChart   *rn_chart_view_get_chart  (RnChartView *self);
void       rn_chart_view_set_marked (RnChartView *self,
                                     int          category);
gboolean   rn_chart_view_is_dark    (RnChartView *self);

G_END_DECLS
