#include "ui/draw/graphic.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>

#include "ui/draw/file-output.h"
#include "ui/draw/surface-file.h"

/* Pixels for a point: sharp on paper and on a projector. */
#define PNG_SCALE 2.0

/* What cairo's images can hold at all, and what is sensible to hold in memory. */
#define MAX_SIDE 32767.0
#define MAX_PIXELS 1.2e8

/* The largest page that PDF allows without a unit of its own (ISO 32000-1, annex C.2). */
#define MAX_PAGE 14400.0

/**
 * rn_graphic_new:
 *
 * Returns: (transfer full): an empty graphic; draw on its recording before it is shared
 */
RnGraphic *
rn_graphic_new (const char *title, double width, double height)
{
  RnGraphic *self;
  cairo_rectangle_t extents = { 0, 0, width, height };

  g_return_val_if_fail (title != NULL, NULL);
  g_return_val_if_fail (width > 0 && height > 0, NULL);

  self = g_new0 (RnGraphic, 1);
  self->ref_count = 1;
  self->title = g_strdup (title);
  self->width = width;
  self->height = height;
  self->recording = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, &extents);

  return self;
}

RnGraphic *
rn_graphic_ref (RnGraphic *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
rn_graphic_unref (RnGraphic *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  /* cairo 1.16's SVG surface never lets go of a recording that was painted on it: what is recorded
   * goes here, whoever holds the rest. */
  cairo_surface_finish (self->recording);
  cairo_surface_destroy (self->recording);
  g_free (self->title);
  g_free (self);
}

/* Paints it with its upper left corner at the origin. */
void
rn_graphic_paint (const RnGraphic *self, cairo_t *cr)
{
  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, self->width, self->height);
  cairo_clip (cr);
  cairo_set_source_surface (cr, self->recording, 0, 0);
  cairo_paint (cr);
  cairo_restore (cr);
}

static gboolean
check_cairo (cairo_status_t status, GError **error)
{
  if (status == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot draw the picture: %s",
               cairo_status_to_string (status));

  return FALSE;
}

/**
 * rn_graphic_to_image:
 * @scale: pixels for a point; less where the image would be too large
 *
 * Returns: (transfer full) (nullable): an image surface
 */
cairo_surface_t *
rn_graphic_to_image (const RnGraphic *self, double scale, GError **error)
{
  cairo_surface_t *image;
  cairo_status_t status;
  cairo_t *cr;

  g_return_val_if_fail (self != NULL && scale > 0, NULL);

  scale = MIN (scale, MAX_SIDE / MAX (self->width, self->height));
  scale = MIN (scale, sqrt (MAX_PIXELS / (self->width * self->height)));
  image = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, MAX (1, (int)(self->width * scale)),
                                      MAX (1, (int)(self->height * scale)));
  cr = cairo_create (image);
  cairo_scale (cr, scale, scale);
  rn_graphic_paint (self, cr);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (check_cairo (status, error))
    return image;
  cairo_surface_destroy (image);

  return NULL;
}

static GByteArray *
encode_png (const RnGraphic *self, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  cairo_surface_t *image = rn_graphic_to_image (self, PNG_SCALE, error);
  cairo_status_t status;

  if (image == NULL)
    return NULL;
  status = cairo_surface_write_to_png_stream (image, rn_surface_append_bytes, bytes);
  cairo_surface_destroy (image);

  return check_cairo (status, error) ? g_steal_pointer (&bytes) : NULL;
}

static GByteArray *
encode_vectors (const RnGraphic *self, gboolean pdf, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  double scale = pdf ? MIN (1, MAX_PAGE / MAX (self->width, self->height)) : 1;
  double width = self->width * scale, height = self->height * scale;
  cairo_surface_t *surface =
      pdf ? cairo_pdf_surface_create_for_stream (rn_surface_append_bytes, bytes, width, height)
          : cairo_svg_surface_create_for_stream (rn_surface_append_bytes, bytes, width, height);
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  if (pdf)
    cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, self->title);
  cairo_scale (cr, scale, scale);
  rn_graphic_paint (self, cr);
  status = cairo_status (cr);
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);

  return check_cairo (status, error) ? g_steal_pointer (&bytes) : NULL;
}

/**
 * rn_graphic_write:
 * @path: its ending says the format: .png, .svg or .pdf
 *
 * The file comes into being whole or not at all.
 *
 * Returns: %FALSE with @error set, one line, where it cannot
 */
gboolean
rn_graphic_write (const RnGraphic *self, const char *path, GError **error)
{
  g_autofree char *lower = NULL;
  g_autoptr (GByteArray) bytes = NULL;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  lower = g_ascii_strdown (path, -1);
  if (g_str_has_suffix (lower, ".png"))
    bytes = encode_png (self, error);
  else if (g_str_has_suffix (lower, ".svg") || g_str_has_suffix (lower, ".pdf"))
    bytes = encode_vectors (self, g_str_has_suffix (lower, ".pdf"), error);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
                 "%s: the name of a picture of the graph ends in .png, .svg or .pdf", path);

  return bytes != NULL && rn_file_output_write (path, bytes->data, bytes->len, error);
}
