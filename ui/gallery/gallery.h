/* All channels of a layer as small pictures, in as many columns as fit. */
#pragma once

#include <gtk/gtk.h>

#include "ui/gallery/maps.h"

G_BEGIN_DECLS

#define RN_TYPE_GALLERY (rn_gallery_get_type ())
G_DECLARE_FINAL_TYPE (RnGallery, rn_gallery, RN, GALLERY, GtkWidget)

/* Width and height of a map as it is shown, in logical pixels: 56 = 7 * 8 = 14 * 4 = 28 * 2. */
#define RN_GALLERY_TILE 56

void    rn_gallery_set_maps     (RnGallery *self,
                                 RnMaps    *maps);
RnMaps *rn_gallery_get_maps     (RnGallery *self);
int     rn_gallery_get_selected (RnGallery *self);
void    rn_gallery_set_selected (RnGallery *self,
                                 int        channel);
int     rn_gallery_get_n_tiles  (RnGallery *self);

G_END_DECLS
