/* A block with another shortcut: does the addition work? */
#pragma once

#include "engine/model/model.h"

G_BEGIN_DECLS

gboolean
rn_fit_find (const RnModel *model, const char *add, int *stride, int *filters, GError **error);
gboolean
rn_fit_try (const RnModel *model, const char *add, int stride, int filters, GError **error);

G_END_DECLS
