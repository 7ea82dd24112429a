/* What was taught is put to the test: a picture that is asked about, and each picture left out once. */
#pragma once

#include <gtk/gtk.h>

#include "ui/teach/teach-confusion.h"
#include "ui/teach/teaching.h"

G_BEGIN_DECLS

#define RN_TYPE_TEACH_TRIAL (rn_teach_trial_get_type ())
G_DECLARE_FINAL_TYPE (RnTeachTrial, rn_teach_trial, RN, TEACH_TRIAL, GtkWidget)

void              rn_teach_trial_set_teaching  (RnTeachTrial  *self,
                                                RnTeaching    *teaching);
void              rn_teach_trial_paste         (RnTeachTrial  *self);
void              rn_teach_trial_choose        (RnTeachTrial  *self);
GtkWidget        *rn_teach_trial_get_test      (RnTeachTrial  *self);
RnTeachConfusion *rn_teach_trial_get_confusion (RnTeachTrial  *self);
GtkFlowBox       *rn_teach_trial_get_mistakes  (RnTeachTrial  *self);
const char       *rn_teach_trial_get_answer    (RnTeachTrial  *self,
                                                int            place,
                                                const char   **percent);

G_END_DECLS
