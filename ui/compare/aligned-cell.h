/* Draws a row of the two graphs: a box on each side, the sign between them, the shortcuts beside them. */
#pragma once

#include <gtk/gtk.h>

#include "ui/compare/aligned-row.h"

G_BEGIN_DECLS

#define RN_TYPE_ALIGNED_CELL (rn_aligned_cell_get_type ())
G_DECLARE_FINAL_TYPE (RnAlignedCell, rn_aligned_cell, RN, ALIGNED_CELL, GtkWidget)

GtkWidget *rn_aligned_cell_new     (void);
void       rn_aligned_cell_set_row (RnAlignedCell *self,
                                    RnAlignedRow  *row);

G_END_DECLS
