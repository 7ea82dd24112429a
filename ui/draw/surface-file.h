/* What is drawn with cairo, as a PNG file. */
#pragma once

#include <cairo.h>
#include <gio/gio.h>

G_BEGIN_DECLS

typedef void (*RnDrawFunc) (cairo_t *cr, gpointer data);

cairo_status_t rn_surface_append_bytes (void                 *bytes,
                                        const unsigned char  *data,
                                        unsigned int          length);
gboolean       rn_surface_write_png    (cairo_surface_t      *surface,
                                        const char           *path,
                                        GError              **error);
gboolean       rn_surface_file_write   (const char           *path,
                                        int                   width,
                                        int                   height,
                                        RnDrawFunc            draw,
                                        gpointer              data,
                                        GError              **error);

G_END_DECLS
