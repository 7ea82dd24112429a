/* A residual block taken apart: shortcut, branch, sum and output, and how the two weigh. */
#pragma once

#include "ui/chart/bar-chart.h"
#include "ui/document/document.h"
#include "ui/inspector/block-work.h"
#include "ui/inspector/gradient-chart.h"

G_BEGIN_DECLS

#define RN_TYPE_BLOCK_PAGE (rn_block_page_get_type ())
G_DECLARE_FINAL_TYPE (RnBlockPage, rn_block_page, RN, BLOCK_PAGE, GtkWidget)

void                rn_block_page_set_document   (RnBlockPage      *self,
                                                  RnDocument       *document,
                                                  RnGradientFinder *finder);
const RnDissection *rn_block_page_get_dissection (RnBlockPage      *self);
RnBarChart         *rn_block_page_get_ratios     (RnBlockPage      *self);
RnGradientChart    *rn_block_page_get_gradients  (RnBlockPage      *self);

G_END_DECLS
