/* Text from files that ends up in messages of one line. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *rn_clean_text (const char *text,
                     gsize       max_length);

G_END_DECLS
