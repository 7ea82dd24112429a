/* Pictures as GDK's textures. */
#pragma once

#include <gdk/gdk.h>

#include "engine/tensor/picture.h"

G_BEGIN_DECLS

GdkTexture *rn_picture_to_texture (RnPicture *picture);

G_END_DECLS
