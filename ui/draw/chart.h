/* Bar charts: one row of bars a category, drawn with cairo alone. */
#pragma once

#include <pango/pangocairo.h>

#include "ui/draw/graph-layout.h"

G_BEGIN_DECLS

#define RN_CHART_MAX_SERIES 4

/**
 * RnChartSeries:
 * @name: what the legend calls it
 * @color: of its bars
 * @values: one a category; NAN for none
 */
typedef struct
{
  char *name;
  RnColor color;
  double *values;
} RnChartSeries;

/**
 * RnChart:
 * @title: (nullable): above the bars
 * @unit: (nullable): behind each value, e.g. "%"
 * @n_categories: rows
 * @categories: their names, at the left
 * @groups: (nullable): for each category a number; a gap stands where it changes
 * @n_series: bars a row
 * @low: what the left edge of the bars stands for; zero or less
 * @high: likewise the right edge; above @low
 *
 * Free for the owner to fill; rn_chart_fit() chooses @low and @high.
 */
typedef struct
{
  char *title;
  char *unit;
  int n_categories;
  char **categories;
  int *groups;
  int n_series;
  RnChartSeries series[RN_CHART_MAX_SERIES];
  double low;
  double high;
} RnChart;

/**
 * RnChartStyle:
 * @text: colour of words
 * @dim: of lines
 * @accent: behind the row at @marked
 * @font_size: in pixels
 * @marked: a category, or -1
 */
typedef struct
{
  RnColor text;
  RnColor dim;
  RnColor accent;
  double font_size;
  int marked;
} RnChartStyle;

RnChart *rn_chart_new            (int                  n_categories,
                                  int                  n_series);
void     rn_chart_free           (RnChart             *self);
void     rn_chart_fit            (RnChart             *self);
double   rn_chart_get_height     (const RnChart       *self,
                                  double               font_size);
void     rn_chart_draw           (const RnChart       *self,
                                  const RnChartStyle  *style,
                                  cairo_t             *cr,
                                  double               width);
int      rn_chart_find           (const RnChart       *self,
                                  double               font_size,
                                  double               y);
void     rn_chart_get_row        (const RnChart       *self,
                                  double               font_size,
                                  int                  category,
                                  double              *y,
                                  double              *height);
gboolean rn_chart_write_png      (const RnChart       *self,
                                  const char          *path,
                                  GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnChart, rn_chart_free)

G_END_DECLS
