/* What a command calls an IMAGE, as the network's input. */
#pragma once

#include "engine/model/model.h"
#include "engine/tensor/picture.h"

G_BEGIN_DECLS

RnTensor *rn_input_image_load (const char     *path,
                               const RnModel  *model,
                               RnPreprocess    preprocess,
                               GError        **error);

G_END_DECLS
