/* Controls for maps of where in the picture a class is seen. */
#pragma once

#include <gtk/gtk.h>

#include "ui/document/document.h"
#include "ui/prediction/class-map-work.h"

G_BEGIN_DECLS

#define RN_TYPE_CLASS_MAP_BAR (rn_class_map_bar_get_type ())
G_DECLARE_FINAL_TYPE (RnClassMapBar, rn_class_map_bar, RN, CLASS_MAP_BAR, GtkWidget)

void           rn_class_map_bar_set_document (RnClassMapBar  *self,
                                              RnDocument     *document);
void           rn_class_map_bar_show         (RnClassMapBar  *self,
                                              RnClassMapKind  kind);
void           rn_class_map_bar_choose       (RnClassMapBar  *self,
                                              int             class_index);
RnClassMapKind rn_class_map_bar_get_kind     (RnClassMapBar  *self);
double         rn_class_map_bar_get_progress (RnClassMapBar  *self);
gboolean       rn_class_map_bar_get_working  (RnClassMapBar  *self);

G_END_DECLS
