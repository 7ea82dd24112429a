/* Figures with two axes: curves and upright bars, drawn with cairo alone. */
#pragma once

#include <pango/pangocairo.h>

#include "ui/draw/chart.h"

G_BEGIN_DECLS

#define RN_FIGURE_MAX_SERIES 8

typedef enum
{
  RN_FIGURE_LINE, /* thin */
  RN_FIGURE_DOTS, /* thick, with a dot at each point */
  RN_FIGURE_BARS, /* a bar at each point; those of several series stand beside each other */
} RnFigureKind;

/**
 * RnFigureSeries:
 * @points: [n][2], x and y; NAN for y is a gap
 */
typedef struct
{
  char *name;
  RnFigureKind kind;
  RnColor color;
  int n;
  double (*points)[2];
} RnFigureSeries;

/**
 * RnFigure:
 * @x_low: what the left end stands for, and so on; @y_low must be above 0 where @logarithmic
 * @percent: y is a share and is written as per cent
 * @whole: x counts things: only whole numbers stand below it
 * @mark: an upright line at that x; NAN for none
 */
typedef struct
{
  char *title;
  char *x_label;
  double x_low, x_high, y_low, y_high;
  gboolean logarithmic;
  gboolean percent;
  gboolean whole;
  double mark;
  int n_series;
  RnFigureSeries series[RN_FIGURE_MAX_SERIES];
} RnFigure;

RnFigure       *rn_figure_new       (const char          *title,
                                     const char          *x_label);
void            rn_figure_free      (RnFigure            *self);
RnFigureSeries *rn_figure_add       (RnFigure            *self,
                                     const char          *name,
                                     RnFigureKind         kind,
                                     RnColor              color,
                                     int                  n);
void            rn_figure_fit_range (RnFigure            *self,
                                     double               low,
                                     double               high);
void            rn_figure_draw      (const RnFigure      *self,
                                     const RnChartStyle  *style,
                                     cairo_t             *cr,
                                     double               width,
                                     double               height);
gboolean        rn_figure_write_png (const RnFigure      *self,
                                     const char          *path,
                                     GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnFigure, rn_figure_free)

G_END_DECLS
