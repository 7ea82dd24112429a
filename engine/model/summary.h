/* Keras 2.3.1's model.summary(), byte for byte. */
#pragma once

#include "engine/model/model.h"

G_BEGIN_DECLS

char *rn_model_to_summary (const RnModel *model);

G_END_DECLS
