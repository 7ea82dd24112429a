/* What a layer is in a residual network, said without its name. */
#pragma once

#include "engine/model/model.h"

G_BEGIN_DECLS

/**
 * RnLayerRole:
 *
 * One number for kind, stage, block and unit; %RN_LAYER_ROLE_NONE where a layer has no such role.
 * Stage 1 is the stem, stage 0 the classifier. Units count the convolutions of a block's branch
 * from 1; unit 0 is the projection on its shortcut.
 */
typedef guint32 RnLayerRole;

#define RN_LAYER_ROLE_NONE 0

RnLayerRole  rn_layer_role_from_name  (const char    *name);
RnLayerRole *rn_layer_roles_for_model (const RnModel *model);

G_END_DECLS
