/* The feature maps of the layer that is selected: all of them, one enlarged, and those pinned. */
#pragma once

#include "ui/document/document.h"
#include "ui/gallery/bars.h"
#include "ui/gallery/gallery.h"
#include "ui/gallery/legend.h"
#include "ui/gallery/map-view.h"
#include "ui/gallery/pin-board.h"

G_BEGIN_DECLS

#define RN_TYPE_GALLERY_PANE (rn_gallery_pane_get_type ())
G_DECLARE_FINAL_TYPE (RnGalleryPane, rn_gallery_pane, RN, GALLERY_PANE, GtkWidget)

void        rn_gallery_pane_set_document  (RnGalleryPane  *self,
                                           RnDocument     *document);
void        rn_gallery_pane_set_layer     (RnGalleryPane  *self,
                                           int             layer);
void        rn_gallery_pane_select_channel (RnGalleryPane *self,
                                           int             channel);
void        rn_gallery_pane_set_options   (RnGalleryPane  *self,
                                           RnChannelOrder  order,
                                           RnMapsScale     scale,
                                           RnColorMap      colors);
void        rn_gallery_pane_set_overlay   (RnGalleryPane  *self,
                                           gboolean        overlay);
void        rn_gallery_pane_save          (RnGalleryPane  *self,
                                           const char     *path);
gboolean    rn_gallery_pane_get_saving    (RnGalleryPane  *self);
RnMaps     *rn_gallery_pane_get_maps      (RnGalleryPane  *self);
RnGallery  *rn_gallery_pane_get_gallery   (RnGalleryPane  *self);
RnMapView  *rn_gallery_pane_get_view      (RnGalleryPane  *self);
RnLegend   *rn_gallery_pane_get_legend    (RnGalleryPane  *self);
RnPinBoard *rn_gallery_pane_get_pins      (RnGalleryPane  *self);
RnBars     *rn_gallery_pane_get_bars      (RnGalleryPane  *self);
gboolean    rn_gallery_pane_get_untrained (RnGalleryPane  *self);

G_END_DECLS
