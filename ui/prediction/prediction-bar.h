/* One class and how probable it is, as a bar behind its name; below it, where the network was edited,
 * a second bar: how probable it was before. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RN_TYPE_PREDICTION_BAR (rn_prediction_bar_get_type ())
G_DECLARE_FINAL_TYPE (RnPredictionBar, rn_prediction_bar, RN, PREDICTION_BAR, GtkWidget)

GtkWidget  *rn_prediction_bar_new         (void);
void        rn_prediction_bar_set         (RnPredictionBar *self,
                                           const char      *label,
                                           double           probability,
                                           double           before);
const char *rn_prediction_bar_get_label   (RnPredictionBar *self);
const char *rn_prediction_bar_get_percent (RnPredictionBar *self);

G_END_DECLS
