/* Pictures to be taught: views of the bundled samples. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GFile *teach_views_make (const char *folder, const char *sample, int i);

G_END_DECLS
