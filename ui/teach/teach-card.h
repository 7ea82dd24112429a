/* A box of pictures: a class to be taught, with its name and what can be done with it. */
#pragma once

#include <gtk/gtk.h>

#include "ui/teach/teaching.h"

G_BEGIN_DECLS

#define RN_TYPE_TEACH_CARD (rn_teach_card_get_type ())
G_DECLARE_FINAL_TYPE (RnTeachCard, rn_teach_card, RN, TEACH_CARD, GtkBox)

GtkWidget  *rn_teach_card_new         (RnTeaching  *teaching,
                                       RnTeachBox  *box);
RnTeachBox *rn_teach_card_get_box     (RnTeachCard *self);
GtkEditable *rn_teach_card_get_name   (RnTeachCard *self);
GtkFlowBox *rn_teach_card_get_tiles   (RnTeachCard *self);
const char *rn_teach_card_get_counted (RnTeachCard *self);

G_END_DECLS
