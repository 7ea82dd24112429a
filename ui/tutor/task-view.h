/* Where a task is answered: an entry, options, choices, or what is selected in the graph. */
#pragma once

#include <gtk/gtk.h>

#include "ui/document/document.h"
#include "ui/learn/learning.h"
#include "ui/lessons/judge.h"

G_BEGIN_DECLS

#define RN_TYPE_TASK_VIEW (rn_task_view_get_type ())
G_DECLARE_FINAL_TYPE (RnTaskView, rn_task_view, RN, TASK_VIEW, GtkWidget)

GtkWidget *rn_task_view_new (void);
void rn_task_view_set_document (RnTaskView *self, RnDocument *document);
void rn_task_view_set_task (RnTaskView *self,
                            const RnTask *task,
                            const char *const *options,
                            const char *language);
void rn_task_view_set_run (RnTaskView *self, RnLearning *learning, const char *setup);
void rn_task_view_get_answer (RnTaskView *self, RnAnswer *answer);
void rn_task_view_fill (RnTaskView *self, const RnAnswer *answer);
void rn_task_view_offer_solution (RnTaskView *self);
gboolean rn_task_view_focus (RnTaskView *self);

G_END_DECLS
