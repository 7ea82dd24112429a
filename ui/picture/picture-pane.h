/* The picture as the network sees it, with its name. */
#pragma once

#include <gtk/gtk.h>

#include "ui/document/document.h"

G_BEGIN_DECLS

#define RN_TYPE_PICTURE_PANE (rn_picture_pane_get_type ())
G_DECLARE_FINAL_TYPE (RnPicturePane, rn_picture_pane, RN, PICTURE_PANE, GtkWidget)

void          rn_picture_pane_set_document  (RnPicturePane *self,
                                             RnDocument    *document);
const char   *rn_picture_pane_get_name      (RnPicturePane *self);
GdkPaintable *rn_picture_pane_get_paintable (RnPicturePane *self);

G_END_DECLS
