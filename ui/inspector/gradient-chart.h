/* The gradient of a class's loss at every block, as bars; looked for while it is shown. */
#pragma once

#include "ui/chart/bar-chart.h"
#include "ui/inspector/gradient-finder.h"

G_BEGIN_DECLS

#define RN_TYPE_GRADIENT_CHART (rn_gradient_chart_get_type ())
G_DECLARE_FINAL_TYPE (RnGradientChart, rn_gradient_chart, RN, GRADIENT_CHART, GtkWidget)

void        rn_gradient_chart_set_document (RnGradientChart  *self,
                                            RnDocument       *document,
                                            RnGradientFinder *finder);
void        rn_gradient_chart_mark         (RnGradientChart  *self,
                                            int               block);
RnBarChart *rn_gradient_chart_get_bars     (RnGradientChart  *self);
const char *rn_gradient_chart_get_text     (RnGradientChart  *self);

G_END_DECLS
