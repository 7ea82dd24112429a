/* The window in which a network is taught one's own classes. */
#pragma once

#include <gtk/gtk.h>

#include "ui/document/document.h"
#include "ui/teach/teach-card.h"
#include "ui/teach/teach-trial.h"

G_BEGIN_DECLS

#define RN_TYPE_TEACH_WINDOW (rn_teach_window_get_type ())
G_DECLARE_FINAL_TYPE (RnTeachWindow, rn_teach_window, RN, TEACH_WINDOW, GtkWindow)

GtkWidget    *rn_teach_window_new         (RnTeaching    *teaching,
                                           RnDocument    *document);
RnTeachCard  *rn_teach_window_get_card    (RnTeachWindow *self,
                                           int            index);
RnTeachTrial *rn_teach_window_get_trial   (RnTeachWindow *self);
const char   *rn_teach_window_get_status  (RnTeachWindow *self);
const char   *rn_teach_window_get_message (RnTeachWindow *self);
void          rn_teach_window_save        (RnTeachWindow *self,
                                           GFile         *file);

G_END_DECLS
