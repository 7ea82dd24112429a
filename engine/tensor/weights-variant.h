/* Which variant of a built-in model a set of weights was made for. */
#pragma once

#include "engine/model/catalog.h"
#include "engine/tensor/weights.h"

G_BEGIN_DECLS

gboolean rn_weights_get_variant (RnWeights   *weights,
                                 const char  *id,
                                 RnVariant   *variant,
                                 GError     **error);

G_END_DECLS
