/* The feature maps of the layer that is selected: all of them, and one enlarged. */
#pragma once

#include "ui/document/document.h"
#include "ui/gallery/bars.h"
#include "ui/gallery/gallery.h"

G_BEGIN_DECLS

#define RN_TYPE_GALLERY_PANE (rn_gallery_pane_get_type ())
G_DECLARE_FINAL_TYPE (RnGalleryPane, rn_gallery_pane, RN, GALLERY_PANE, GtkWidget)

void       rn_gallery_pane_set_document  (RnGalleryPane *self,
                                          RnDocument    *document);
void       rn_gallery_pane_set_layer     (RnGalleryPane *self,
                                          int            layer);
void       rn_gallery_pane_select_channel
                                         (RnGalleryPane *self,
                                          int            channel);
RnMaps    *rn_gallery_pane_get_maps      (RnGalleryPane *self);
RnGallery *rn_gallery_pane_get_gallery   (RnGalleryPane *self);
gboolean   rn_gallery_pane_get_untrained (RnGalleryPane *self);

G_END_DECLS
