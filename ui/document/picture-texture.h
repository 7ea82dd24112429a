/* Pictures as GDK's textures, and back. */
#pragma once

#include <gdk/gdk.h>

#include "engine/tensor/picture.h"

G_BEGIN_DECLS

GdkTexture *rn_picture_to_texture   (RnPicture   *picture);
RnPicture  *rn_picture_from_texture (GdkTexture  *texture,
                                     GError     **error);

G_END_DECLS
