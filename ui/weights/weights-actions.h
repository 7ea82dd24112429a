/* What a window can do about weights: `win.weights` shows them all, `win.open-recent` opens one. */
#pragma once

#include "ui/document/document.h"
#include "ui/weights/weights-dialog.h"

G_BEGIN_DECLS

#define RN_TYPE_WEIGHTS_ACTIONS (rn_weights_actions_get_type ())
G_DECLARE_FINAL_TYPE (RnWeightsActions, rn_weights_actions, RN, WEIGHTS_ACTIONS, GObject)

RnWeightsActions *rn_weights_actions_new        (GtkApplicationWindow *window,
                                                 RnDocument           *document,
                                                 GMenu                *recent_menu);
void              rn_weights_actions_stop       (RnWeightsActions     *self);
RnWeightsStore   *rn_weights_actions_get_store  (RnWeightsActions     *self);
RnWeightsDialog  *rn_weights_actions_get_dialog (RnWeightsActions     *self);

G_END_DECLS
