/* The pictures that were opened together, small and side by side. */
#pragma once

#include <gtk/gtk.h>

#include "ui/document/document.h"

G_BEGIN_DECLS

#define RN_TYPE_PICTURE_STRIP (rn_picture_strip_get_type ())
G_DECLARE_FINAL_TYPE (RnPictureStrip, rn_picture_strip, RN, PICTURE_STRIP, GtkWidget)

void rn_picture_strip_set_document (RnPictureStrip *self,
                                    RnDocument     *document);
int  rn_picture_strip_get_n        (RnPictureStrip *self);

G_END_DECLS
