/* The picture as the network sees it, with what is laid over it: a map, and a unit's field. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RN_TYPE_PICTURE_VIEW (rn_picture_view_get_type ())
G_DECLARE_FINAL_TYPE (RnPictureView, rn_picture_view, RN, PICTURE_VIEW, GtkWidget)

void        rn_picture_view_set_picture (RnPictureView         *self,
                                         GdkTexture            *picture,
                                         const char            *name);
GdkTexture *rn_picture_view_get_picture (RnPictureView         *self);
void        rn_picture_view_set_overlay (RnPictureView         *self,
                                         GdkTexture            *overlay,
                                         double                 opacity);
GdkTexture *rn_picture_view_get_overlay (RnPictureView         *self);
void        rn_picture_view_set_field   (RnPictureView         *self,
                                         const graphene_rect_t *box,
                                         GdkTexture            *effective,
                                         const graphene_rect_t *core);
gboolean    rn_picture_view_get_field   (RnPictureView         *self,
                                         graphene_rect_t       *box);

G_END_DECLS
