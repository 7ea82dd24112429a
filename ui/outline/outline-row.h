/* What stands in a row of the outline: title, shape, and a line for its share of parameters. */
#pragma once

#include <gtk/gtk.h>

#include "ui/outline/outline-item.h"

G_BEGIN_DECLS

#define RN_TYPE_OUTLINE_ROW (rn_outline_row_get_type ())
G_DECLARE_FINAL_TYPE (RnOutlineRow, rn_outline_row, RN, OUTLINE_ROW, GtkWidget)

GtkWidget *rn_outline_row_new      (void);
void       rn_outline_row_set_item (RnOutlineRow  *self,
                                    RnOutlineItem *item);

G_END_DECLS
