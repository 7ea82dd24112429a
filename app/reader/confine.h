/* Takes from this process what parsing a file does not need. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean rn_confine (guint64   n_bytes,
                     GError **error);

G_END_DECLS
