/* The fields of a setup: two networks, the pictures, and how they learn. */
#pragma once

#include <gtk/gtk.h>

#include "ui/learn/data-fetch.h"
#include "ui/learn/learning.h"
#include "ui/learn/net-picker.h"

G_BEGIN_DECLS

#define RN_TYPE_LEARN_FORM (rn_learn_form_get_type ())
G_DECLARE_FINAL_TYPE (RnLearnForm, rn_learn_form, RN, LEARN_FORM, GtkWidget)

void         rn_learn_form_set_learning (RnLearnForm *self,
                                         RnLearning  *learning,
                                         RnWeightsStore *store);
void         rn_learn_form_take_folder  (RnLearnForm *self,
                                         GFile       *folder);
RnDataFetch *rn_learn_form_get_fetch    (RnLearnForm *self);
RnNetPicker *rn_learn_form_get_picker   (RnLearnForm *self,
                                         int          run);

G_END_DECLS
