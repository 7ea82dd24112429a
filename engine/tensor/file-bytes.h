/* Files opened for reading, and those read that may change meanwhile and are not mapped therefore. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

int      rn_file_open_any (const char  *path,
                           GError     **error);
int      rn_file_open     (const char  *path,
                           gsize       *size,
                           GError     **error);
gboolean rn_file_read     (int          fd,
                           gsize        offset,
                           void        *bytes,
                           gsize        n_bytes,
                           const char  *label,
                           GError     **error);

G_END_DECLS
