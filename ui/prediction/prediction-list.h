/* What the network says of the picture, and whose weights say so. */
#pragma once

#include <gtk/gtk.h>

#include "ui/document/document.h"
#include "ui/prediction/class-map-bar.h"

G_BEGIN_DECLS

#define RN_TYPE_PREDICTION_LIST (rn_prediction_list_get_type ())
G_DECLARE_FINAL_TYPE (RnPredictionList, rn_prediction_list, RN, PREDICTION_LIST, GtkWidget)

void        rn_prediction_list_set_document     (RnPredictionList *self,
                                                 RnDocument       *document);
const char *rn_prediction_list_get_label        (RnPredictionList *self,
                                                 int               i);
const char *rn_prediction_list_get_note         (RnPredictionList *self);
const char *rn_prediction_list_get_before       (RnPredictionList *self);
const char *rn_prediction_list_get_weights_text (RnPredictionList *self);
RnClassMapBar *rn_prediction_list_get_maps      (RnPredictionList *self);

G_END_DECLS
