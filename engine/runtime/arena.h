/* One large block of memory for all activations. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _RnArena RnArena;

RnArena *rn_arena_new  (gint64         n_floats,
                        int            batch,
                        GError       **error);
void     rn_arena_free (RnArena       *self);
float   *rn_arena_get  (const RnArena *self,
                        gint64         offset);

G_END_DECLS
