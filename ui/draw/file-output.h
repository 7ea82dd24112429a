/* Files written whole or not at all. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean rn_file_output_write (const char *path, const void *data, gsize length, GError **error);

G_END_DECLS
