/* How the learn view is opened, by people and by lessons. */
#pragma once

#include "ui/document/document.h"
#include "ui/learn/learning.h"
#include "ui/weights/weights-store.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

void        rn_learn_actions_add          (GtkApplicationWindow *window,
                                           RnDocument           *document,
                                           RnWeightsStore       *store);
RnLearning *rn_learn_actions_get_learning (GtkApplicationWindow *window);
GtkWindow  *rn_learn_actions_show         (GtkApplicationWindow *window);
GtkWindow  *rn_learn_actions_get_window   (GtkApplicationWindow *window);

G_END_DECLS
