/* Numbers as bars, one of them picked out; a bar says what it stands for and can be chosen. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RN_TYPE_BAR_CHART (rn_bar_chart_get_type ())
G_DECLARE_FINAL_TYPE (RnBarChart, rn_bar_chart, RN, BAR_CHART, GtkWidget)

void        rn_bar_chart_set_values (RnBarChart        *self,
                                     const char        *title,
                                     const double      *values,
                                     const char *const *labels,
                                     int                n_values,
                                     int                marked);
int         rn_bar_chart_get_n      (RnBarChart        *self);
double      rn_bar_chart_get_value  (RnBarChart        *self,
                                     int                i);
const char *rn_bar_chart_get_title  (RnBarChart        *self);

G_END_DECLS
