/* Numbers as people read them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *rn_number_to_string (gint64 n);

G_END_DECLS
