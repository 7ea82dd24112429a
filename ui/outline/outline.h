/* The network as an outline: stem, stages, blocks, layers. */
#pragma once

#include <gtk/gtk.h>

#include "ui/document/document.h"

G_BEGIN_DECLS

#define RN_TYPE_OUTLINE (rn_outline_get_type ())
G_DECLARE_FINAL_TYPE (RnOutline, rn_outline, RN, OUTLINE, GtkWidget)

void  rn_outline_set_document       (RnOutline  *self,
                                     RnDocument *document);
char *rn_outline_get_selected_title (RnOutline  *self);

G_END_DECLS
