/* What two networks that learn look like: figures, pictures and tables. */
#pragma once

#include "ui/draw/figure.h"
#include "ui/learn/learning.h"

G_BEGIN_DECLS

typedef enum
{
  RN_LEARN_GRADIENTS, /* L2 norm of the loss's derivative by each block's output */
  RN_LEARN_RESPONSES, /* standard deviation of what each block's branch adds */
} RnLearnQuantity;

/* How many steps are averaged for the curve of the training error. */
#define RN_LEARN_MEAN_STEPS 20

RnColor   rn_learn_get_color        (int                  run,
                                     gboolean             dark);
char     *rn_learn_get_title        (RnLearning          *learning,
                                     int                  run);
RnFigure *rn_learn_figure_errors    (RnLearning          *learning,
                                     gboolean             dark);
RnFigure *rn_learn_figure_blocks    (RnLearning          *learning,
                                     RnLearnQuantity      quantity,
                                     gboolean             dark);

/* Kernels and features of the shot that is shown. */
double    rn_learn_maps_get_height  (double               width,
                                     double               font_size);
void      rn_learn_maps_draw        (RnLearning          *learning,
                                     int                  run,
                                     const RnChartStyle  *style,
                                     cairo_t             *cr,
                                     double               width);
gboolean  rn_learn_maps_write_png   (RnLearning          *learning,
                                     const char          *path,
                                     GError             **error);

/* Tables, RFC 4180. */
char     *rn_learn_table_errors     (RnLearning          *learning);
char     *rn_learn_table_blocks     (RnLearning          *learning);
char     *rn_learn_table_maps       (RnLearning          *learning);

G_END_DECLS
