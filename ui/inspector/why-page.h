/* Why a unit has its value: the arithmetic behind it, largest terms first. */
#pragma once

#include <gtk/gtk.h>

#include "engine/analysis/explanation.h"
#include "ui/document/document.h"

G_BEGIN_DECLS

#define RN_TYPE_WHY_PAGE (rn_why_page_get_type ())
G_DECLARE_FINAL_TYPE (RnWhyPage, rn_why_page, RN, WHY_PAGE, GtkWidget)

void                 rn_why_page_set_document    (RnWhyPage  *self,
                                                  RnDocument *document);
void                 rn_why_page_explain         (RnWhyPage  *self,
                                                  int         layer,
                                                  RnUnit      unit);
const RnExplanation *rn_why_page_get_explanation (RnWhyPage  *self);

G_END_DECLS
