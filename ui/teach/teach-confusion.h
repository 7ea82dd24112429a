/* Which class was taken for which: a row a class, a column what it was taken for. */
#pragma once

#include <gtk/gtk.h>

#include "ui/teach/teaching.h"

G_BEGIN_DECLS

#define RN_TYPE_TEACH_CONFUSION (rn_teach_confusion_get_type ())
G_DECLARE_FINAL_TYPE (RnTeachConfusion, rn_teach_confusion, RN, TEACH_CONFUSION, GtkWidget)

void        rn_teach_confusion_show     (RnTeachConfusion *self,
                                         RnTeaching       *teaching);
const char *rn_teach_confusion_get_cell (RnTeachConfusion *self,
                                         int               right,
                                         int               taken_for);

G_END_DECLS
