/* Builders of the residual networks of the catalogue. */
#pragma once

#include "engine/model/catalog.h"

G_BEGIN_DECLS

RnModel *rn_resnet50_build (const RnVariant *variant, int input_size, GError **error);
RnModel *rn_resnet18_build (const RnVariant *variant, int input_size, GError **error);

G_END_DECLS
