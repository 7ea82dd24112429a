/* The window of all weights: use them, fetch them. */
#pragma once

#include "ui/weights/weights-row.h"

G_BEGIN_DECLS

#define RN_TYPE_WEIGHTS_DIALOG (rn_weights_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RnWeightsDialog, rn_weights_dialog, RN, WEIGHTS_DIALOG, GtkWindow)

GtkWindow    *rn_weights_dialog_new     (GtkWindow       *parent,
                                         RnWeightsStore  *store,
                                         RnDocument      *document);
RnWeightsRow *rn_weights_dialog_get_row (RnWeightsDialog *self,
                                         int              i);

G_END_DECLS
