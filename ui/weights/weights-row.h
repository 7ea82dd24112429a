/* A row of the list of weights: what it is, and a button for what can be done. */
#pragma once

#include "ui/document/document.h"
#include "ui/weights/weights-store.h"

G_BEGIN_DECLS

#define RN_TYPE_WEIGHTS_ROW (rn_weights_row_get_type ())
G_DECLARE_FINAL_TYPE (RnWeightsRow, rn_weights_row, RN, WEIGHTS_ROW, GtkListBoxRow)

GtkWidget     *rn_weights_row_new         (RnWeightsItem  *item,
                                           RnWeightsStore *store,
                                           RnDocument     *document);
RnWeightsItem *rn_weights_row_get_item    (RnWeightsRow   *self);
const char    *rn_weights_row_get_verb    (RnWeightsRow   *self);
const char    *rn_weights_row_get_status  (RnWeightsRow   *self);
void           rn_weights_row_act         (RnWeightsRow   *self);

G_END_DECLS
