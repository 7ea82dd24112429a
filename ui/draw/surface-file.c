#include "ui/draw/surface-file.h"

#include "ui/draw/file-output.h"

#define MARGIN 24
#define MAX_SIDE 32767 /* cairo's */

/* A #cairo_write_func_t of a #GByteArray. */
cairo_status_t
rn_surface_append_bytes (void *bytes, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (bytes, data, length);

  return CAIRO_STATUS_SUCCESS;
}

/**
 * rn_surface_write_png:
 * @path: a file, written whole or not at all
 *
 * Returns: %FALSE with @error set to one line
 */
gboolean
rn_surface_write_png (cairo_surface_t *surface, const char *path, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  cairo_status_t status =
      cairo_surface_write_to_png_stream (surface, rn_surface_append_bytes, bytes);

  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "cairo cannot draw %s: %s", path,
                   cairo_status_to_string (status));
      return FALSE;
    }

  return rn_file_output_write (path, bytes->data, bytes->len, error);
}

/**
 * rn_surface_file_write:
 * @path: a file, written whole or not at all
 * @width: of what @draw draws, in pixels; so is @height; a white margin comes around it
 * @draw: called once with @data
 */
gboolean
rn_surface_file_write (
    const char *path, int width, int height, RnDrawFunc draw, gpointer data, GError **error)
{
  cairo_surface_t *surface = cairo_image_surface_create (
      CAIRO_FORMAT_RGB24, MIN (width + 2 * MARGIN, MAX_SIDE), MIN (height + 2 * MARGIN, MAX_SIDE));
  cairo_t *cr = cairo_create (surface);
  gboolean written;

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_translate (cr, MARGIN, MARGIN);
  draw (cr, data);
  cairo_destroy (cr);
  written = rn_surface_write_png (surface, path, error);
  cairo_surface_destroy (surface);

  return written;
}
