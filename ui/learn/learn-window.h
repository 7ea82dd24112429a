/* The learn view: two networks train side by side, and one sees how.
 *
 * Its actions: learn.toggle (start or pause), learn.step, learn.stop, learn.resume, learn.back,
 * learn.forward, learn.live, learn.save (a string: errors.png, errors.csv, gradients.png,
 * responses.png, blocks.csv, maps.png, maps.csv, a.h5 or b.h5).
 */
#pragma once

#include <gtk/gtk.h>

#include "ui/learn/figure-view.h"
#include "ui/learn/learn-form.h"
#include "ui/learn/learning.h"

G_BEGIN_DECLS

#define RN_TYPE_LEARN_WINDOW (rn_learn_window_get_type ())
G_DECLARE_FINAL_TYPE (RnLearnWindow, rn_learn_window, RN, LEARN_WINDOW, GtkWindow)

GtkWidget    *rn_learn_window_new         (RnLearning     *learning,
                                           RnWeightsStore *store);
RnLearnForm  *rn_learn_window_get_form    (RnLearnWindow  *self);
RnFigureView *rn_learn_window_get_errors  (RnLearnWindow  *self);
RnFigureView *rn_learn_window_get_blocks  (RnLearnWindow  *self,
                                           gboolean        responses);
GtkRange     *rn_learn_window_get_scrub   (RnLearnWindow  *self);
void          rn_learn_window_set_side    (RnLearnWindow  *self,
                                           GtkWidget      *widget);
GtkWidget    *rn_learn_window_get_side    (RnLearnWindow  *self);
const char   *rn_learn_window_get_status  (RnLearnWindow  *self);
const char   *rn_learn_window_get_message (RnLearnWindow  *self);
gboolean      rn_learn_window_save        (RnLearnWindow  *self,
                                           const char     *what,
                                           const char     *path,
                                           GError        **error);

G_END_DECLS
