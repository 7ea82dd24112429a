/* A figure in the window. */
#pragma once

#include <gtk/gtk.h>

#include "ui/draw/figure.h"

G_BEGIN_DECLS

#define RN_TYPE_FIGURE_VIEW (rn_figure_view_get_type ())
G_DECLARE_FINAL_TYPE (RnFigureView, rn_figure_view, RN, FIGURE_VIEW, GtkWidget)

void         rn_figure_view_set_figure (RnFigureView *self,
                                        RnFigure     *figure,
                                        const char   *description);
RnFigure    *rn_figure_view_get_figure (RnFigureView *self);
RnChartStyle rn_figure_view_get_style  (GtkWidget    *widget);
gboolean     rn_figure_view_is_dark    (GtkWidget    *widget);

G_END_DECLS
