/* What the colours of maps stand for: a strip of them between two numbers. */
#pragma once

#include <gtk/gtk.h>

#include "ui/draw/feature-map.h"

G_BEGIN_DECLS

#define RN_TYPE_LEGEND (rn_legend_get_type ())
G_DECLARE_FINAL_TYPE (RnLegend, rn_legend, RN, LEGEND, GtkWidget)

void        rn_legend_set      (RnLegend      *self,
                                RnColorMap     colors,
                                const RnRange *range);
const char *rn_legend_get_low  (RnLegend      *self);
const char *rn_legend_get_high (RnLegend      *self);

G_END_DECLS
