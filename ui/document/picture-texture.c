#include "ui/document/picture-texture.h"

static void
unref_picture (gpointer picture)
{
  rn_picture_unref (picture);
}

/* Returns: (transfer full): a texture that shares the picture's memory; any thread may ask */
GdkTexture *
rn_picture_to_texture (RnPicture *picture)
{
  gsize stride = (gsize) picture->width * 3;
  g_autoptr (GBytes) bytes = g_bytes_new_with_free_func (picture->rgb, stride * picture->height,
                                                         unref_picture, rn_picture_ref (picture));

  return gdk_memory_texture_new (picture->width, picture->height, GDK_MEMORY_R8G8B8, bytes, stride);
}
