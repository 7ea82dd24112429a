/* Where the running program lies, and what belongs to it around there. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *rn_place_get_build (void);
char       *rn_place_find      (const char *in_build,
                                const char *beside,
                                const char *installed);

G_END_DECLS
