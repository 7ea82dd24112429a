/* What is selected: a layer or a block, its facts and its feature maps. */
#pragma once

#include "ui/document/document.h"
#include "ui/gallery/gallery-pane.h"
#include "ui/inspector/block-page.h"
#include "ui/inspector/fact-table.h"
#include "ui/inspector/growth.h"
#include "ui/inspector/weights-page.h"
#include "ui/inspector/why-page.h"

G_BEGIN_DECLS

#define RN_TYPE_INSPECTOR (rn_inspector_get_type ())
G_DECLARE_FINAL_TYPE (RnInspector, rn_inspector, RN, INSPECTOR, GtkWidget)

void              rn_inspector_set_document  (RnInspector *self,
                                              RnDocument  *document);
const char       *rn_inspector_get_title     (RnInspector *self);
RnFactTable      *rn_inspector_get_facts     (RnInspector *self);
RnGalleryPane    *rn_inspector_get_gallery   (RnInspector *self);
RnWhyPage        *rn_inspector_get_why       (RnInspector *self);
RnWeightsPage    *rn_inspector_get_weights   (RnInspector *self);
RnBlockPage      *rn_inspector_get_block     (RnInspector *self);
RnGradientFinder *rn_inspector_get_gradients (RnInspector *self);
RnGrowth         *rn_inspector_get_growth    (RnInspector *self);
void              rn_inspector_show_page     (RnInspector *self,
                                              const char  *name);
const char       *rn_inspector_get_page      (RnInspector *self);

G_END_DECLS
