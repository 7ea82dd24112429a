#include "tests/unit/teach/views.h"

#include <gdk-pixbuf/gdk-pixbuf.h>

/* Writes another part of a bundled picture, or its mirror image.
 * Returns: (transfer full): the file, @sample-@i.png in @folder */
GFile *
teach_views_make (const char *folder, const char *sample, int i)
{
  g_autofree char *file = g_strconcat (sample, ".png", NULL);
  g_autofree char *from = g_build_filename (g_getenv ("RN_DATA_DIR"), "samples", file, NULL);
  g_autofree char *name = g_strdup_printf ("%s-%d.png", sample, i);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GdkPixbuf) whole = gdk_pixbuf_new_from_file (from, NULL);
  g_autoptr (GdkPixbuf) part = gdk_pixbuf_new_subpixbuf (whole, 4 * i, 3 * i, 190, 190);
  g_autoptr (GdkPixbuf) view = gdk_pixbuf_flip (part, i % 2);

  g_assert_true (gdk_pixbuf_save (view, path, "png", NULL, NULL));

  return g_file_new_for_path (path);
}
