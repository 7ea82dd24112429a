/* Layers by what is written of them. */
#pragma once

#include "engine/model/model.h"

G_BEGIN_DECLS

void rn_layer_search (const RnModel *model,
                      const char    *text,
                      GArray        *found);

G_END_DECLS
