#pragma once

#include "engine/model/layer.h"

G_BEGIN_DECLS

void rn_keras_code_add_arguments (GString       *text,
                                  const RnLayer *layer);
void rn_keras_code_add_borders   (GString       *text,
                                  const RnPads  *pads);

G_END_DECLS
