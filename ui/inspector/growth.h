/* How the receptive field grew on the way to a layer, as a chart. */
#pragma once

#include "engine/model/costs.h"
#include "ui/chart/bar-chart.h"

G_BEGIN_DECLS

#define RN_TYPE_GROWTH (rn_growth_get_type ())
G_DECLARE_FINAL_TYPE (RnGrowth, rn_growth, RN, GROWTH, GtkWidget)

void        rn_growth_set_layer (RnGrowth      *self,
                                 const RnModel *model,
                                 int            layer);
RnBarChart *rn_growth_get_chart (RnGrowth      *self);

G_END_DECLS
