/* What the parts of RnTutor share. */
#pragma once

#include "ui/tutor/progress-file.h"
#include "ui/tutor/tutor-work.h"
#include "ui/tutor/tutor.h"

G_BEGIN_DECLS

#define RN_TUTOR_HELP_STAGES 3
#define RN_TUTOR_TEXT_SIZES 3

struct _RnTutor
{
  GtkWidget parent_instance;

  /* template */
  GtkWidget *card;
  GtkLabel *title;
  GtkScrolledWindow *scrolled;
  GtkWidget *content;
  GtkLabel *place;
  GtkLabel *text;
  GtkLabel *cite;
  RnTaskView *task;
  GtkLabel *verdict;
  GtkLabel *help;
  GtkButton *hint, *show, *check, *back, *next;

  /* owned */
  RnDocument *document;
  RnLearning *learning; /* whose networks learn for lessons */
  char *brief;          /* see rn_lesson_runs_set_brief() */
  RnLab *lab; /* while a lesson is open */
  RnLesson *lesson;
  RnBinding *told; /* the step's model as the text took it, or NULL where it was not shown yet */
  RnLessonProgress *progress;
  GMenu *menu;
  GCancellable *cancellable; /* of the question under way */

  int text_size; /* 0 normal, to RN_TUTOR_TEXT_SIZES - 1 */
  int step;
  int help_stage;       /* how many stages of help were given */
  gboolean passed;      /* the step's task is done, or there is none */
  gboolean focus_waits; /* for the model that the step is about */
};

const RnStep *rn_tutor_get_step_shown (RnTutor *self);
gboolean rn_tutor_is_at_last (RnTutor *self);
void rn_tutor_go_to (RnTutor *self, int step);
void rn_tutor_show_focus (RnTutor *self, gboolean asked);
void rn_tutor_set_up_learning (RnTutor *self, gboolean asked, gboolean start);
void rn_tutor_ask (RnTutor *self, RnTutorWork *work);
RnTutorWork *rn_tutor_new_work (RnTutor *self, RnTutorQuestion question);
void rn_tutor_check (RnTutor *self);
void rn_tutor_close (RnTutor *self);
void rn_tutor_update_menu (RnTutor *self);
void rn_tutor_fit (RnTutor *self);

void rn_tutor_class_add_actions (GtkWidgetClass *widget_class);

G_END_DECLS
