/* The picture as the network sees it, with its name, the others of its strip, and what is laid over
 * it. */
#pragma once

#include "ui/document/document.h"
#include "ui/picture/picture-strip.h"
#include "ui/picture/picture-view.h"

G_BEGIN_DECLS

#define RN_TYPE_PICTURE_PANE (rn_picture_pane_get_type ())
G_DECLARE_FINAL_TYPE (RnPicturePane, rn_picture_pane, RN, PICTURE_PANE, GtkWidget)

void            rn_picture_pane_set_document  (RnPicturePane *self,
                                               RnDocument    *document);
const char     *rn_picture_pane_get_name      (RnPicturePane *self);
GdkPaintable   *rn_picture_pane_get_paintable (RnPicturePane *self);
RnPictureView  *rn_picture_pane_get_view      (RnPicturePane *self);
RnPictureStrip *rn_picture_pane_get_strip     (RnPicturePane *self);
const char     *rn_picture_pane_get_caption   (RnPicturePane *self);
gboolean        rn_picture_pane_has_effective (RnPicturePane *self);

G_END_DECLS
