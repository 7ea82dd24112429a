/* What follows from a layer's configuration and inputs: its output's shape and its weights. */
#pragma once

#include "engine/model/layer.h"

G_BEGIN_DECLS

gboolean rn_layer_infer (RnLayer              *layer,
                         const RnShape *const *inputs,
                         GError              **error);

G_END_DECLS
