/* In the header bar: which model is shown, with which weights. */
#pragma once

#include "ui/weights/weights-popover.h"

G_BEGIN_DECLS

#define RN_TYPE_NETWORK_BAR (rn_network_bar_get_type ())
G_DECLARE_FINAL_TYPE (RnNetworkBar, rn_network_bar, RN, NETWORK_BAR, GtkWidget)

void              rn_network_bar_set_document (RnNetworkBar *self,
                                               RnDocument   *document);
const char       *rn_network_bar_get_weights  (RnNetworkBar *self);
GtkWidget        *rn_network_bar_get_opened   (RnNetworkBar *self);
RnWeightsPopover *rn_network_bar_get_popover  (RnNetworkBar *self);

G_END_DECLS
