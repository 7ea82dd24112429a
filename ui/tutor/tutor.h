/* The tutor's card: one step of a lesson, its question, and what is said of the answer. */
#pragma once

#include "ui/document/document.h"
#include "ui/learn/learning.h"
#include "ui/lessons/lesson.h"
#include "ui/tutor/task-view.h"

G_BEGIN_DECLS

#define RN_TYPE_TUTOR (rn_tutor_get_type ())
G_DECLARE_FINAL_TYPE (RnTutor, rn_tutor, RN, TUTOR, GtkWidget)

GtkWidget *rn_tutor_new (void);
void rn_tutor_set_document (RnTutor *self, RnDocument *document);
void rn_tutor_set_learning (RnTutor *self, RnLearning *learning);
void rn_tutor_set_brief (RnTutor *self, const char *brief);
void rn_tutor_open_lesson (RnTutor *self, RnLesson *lesson);
void rn_tutor_open_file (RnTutor *self, GFile *file);
GMenuModel *rn_tutor_get_menu (RnTutor *self);
gboolean rn_tutor_open_named (RnTutor *self, const char *name);
void rn_tutor_reset (RnTutor *self);

RnDocument *rn_tutor_get_document (RnTutor *self);
RnLesson *rn_tutor_get_lesson (RnTutor *self);
int rn_tutor_get_step (RnTutor *self);
gboolean rn_tutor_get_busy (RnTutor *self);
gboolean rn_tutor_get_passed (RnTutor *self);
const char *rn_tutor_get_text (RnTutor *self);
const char *rn_tutor_get_verdict (RnTutor *self);
const char *rn_tutor_get_help (RnTutor *self);
RnTaskView *rn_tutor_get_task (RnTutor *self);

G_END_DECLS
