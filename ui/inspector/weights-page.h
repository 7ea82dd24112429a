/* A layer's weights: kernels as pictures, their histogram, and what they are like. */
#pragma once

#include "engine/analysis/weight-stats.h"
#include "ui/document/document.h"
#include "ui/gallery/gallery.h"

G_BEGIN_DECLS

#define RN_TYPE_WEIGHTS_PAGE (rn_weights_page_get_type ())
G_DECLARE_FINAL_TYPE (RnWeightsPage, rn_weights_page, RN, WEIGHTS_PAGE, GtkWidget)

void                 rn_weights_page_set_document (RnWeightsPage *self,
                                                   RnDocument    *document);
void                 rn_weights_page_set_layer    (RnWeightsPage *self,
                                                   int            layer);
void                 rn_weights_page_choose       (RnWeightsPage *self,
                                                   int            weight,
                                                   int            filter);
const RnWeightStats *rn_weights_page_get_stats    (RnWeightsPage *self);
RnGallery           *rn_weights_page_get_gallery  (RnWeightsPage *self);

G_END_DECLS
