#pragma once

#include "ui/draw/scene.h"

G_BEGIN_DECLS

RnScene *rn_scene_alloc (RnModel *model, RnLook look);
RnEdgeKind rn_scene_edge_kind (const RnModel *model, int from, int to, int *block);
void rn_scene_fold (RnScene *self);
RnRect rn_points_bounds (const RnPoint *points, int n);

G_END_DECLS
