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

/**
 * rn_picture_from_texture:
 * @texture: e.g. from the clipboard
 *
 * Returns: (transfer full) (nullable): its pixels over white, or %NULL where it is too large
 */
RnPicture *
rn_picture_from_texture (GdkTexture *texture, GError **error)
{
  int width = gdk_texture_get_width (texture), height = gdk_texture_get_height (texture);
  g_autoptr (RnPicture) picture = rn_picture_new (width, height, error);
  g_autofree guint32 *pixels = NULL;

  if (picture == NULL)
    return NULL;

  pixels = g_try_new (guint32, (gsize) width * height);
  if (pixels == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                   "no memory for a picture of %d by %d pixels", width, height);
      return NULL;
    }

  /* Premultiplied, blue in the lowest byte of each word. */
  gdk_texture_download (texture, (guchar *) pixels, (gsize) width * sizeof *pixels);
  for (gsize i = 0; i < (gsize) width * height; i++)
    {
      guint white = 255 - (pixels[i] >> 24);

      for (int c = 0; c < 3; c++)
        picture->rgb[3 * i + c] = MIN (((pixels[i] >> (16 - 8 * c)) & 255) + white, 255);
    }

  return g_steal_pointer (&picture);
}
