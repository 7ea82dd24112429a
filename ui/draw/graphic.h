/* Something drawn once, written as often and in as many formats as wanted. */
#pragma once

#include <cairo.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RnGraphic:
 * @recording: what was drawn
 * @width: in points
 * @height: likewise
 *
 * Immutable, reference-counted; may be used on any thread.
 */
typedef struct
{
  char *title;
  cairo_surface_t *recording;
  double width;
  double height;

  /*< private >*/
  gint ref_count;
} RnGraphic;

RnGraphic *rn_graphic_new (const char *title, double width, double height);
RnGraphic *rn_graphic_ref (RnGraphic *self);
void rn_graphic_unref (RnGraphic *self);
void rn_graphic_paint (const RnGraphic *self, cairo_t *cr);
cairo_surface_t *rn_graphic_to_image (const RnGraphic *self, double scale, GError **error);
gboolean rn_graphic_write (const RnGraphic *self, const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnGraphic, rn_graphic_unref)

G_END_DECLS
