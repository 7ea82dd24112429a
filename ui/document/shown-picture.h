/* One of the pictures that were opened together. */
#pragma once

#include <gdk/gdk.h>

#include "engine/tensor/picture.h"

G_BEGIN_DECLS

#define RN_TYPE_SHOWN_PICTURE (rn_shown_picture_get_type ())
G_DECLARE_FINAL_TYPE (RnShownPicture, rn_shown_picture, RN, SHOWN_PICTURE, GObject)

RnShownPicture *rn_shown_picture_new         (const char     *name,
                                              RnPicture      *picture,
                                              GdkTexture     *seen);
const char     *rn_shown_picture_get_name    (RnShownPicture *self);
RnPicture      *rn_shown_picture_get_picture (RnShownPicture *self);
GdkTexture     *rn_shown_picture_get_seen    (RnShownPicture *self);

G_END_DECLS
