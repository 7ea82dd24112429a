/* What the weights that are shown are: origin, classes, licence, how their names fit. */
#pragma once

#include "ui/document/document.h"
#include "ui/inspector/fact-table.h"

G_BEGIN_DECLS

#define RN_TYPE_WEIGHTS_POPOVER (rn_weights_popover_get_type ())
G_DECLARE_FINAL_TYPE (RnWeightsPopover, rn_weights_popover, RN, WEIGHTS_POPOVER, GtkPopover)

void         rn_weights_popover_set_document (RnWeightsPopover *self,
                                              RnDocument       *document);
RnFactTable *rn_weights_popover_get_facts    (RnWeightsPopover *self);
const char  *rn_weights_popover_get_map      (RnWeightsPopover *self);
const char  *rn_weights_popover_get_sums     (RnWeightsPopover *self);

G_END_DECLS
