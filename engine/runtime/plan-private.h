/* What the parts of RnPlan share. */
#pragma once

#include "engine/runtime/plan.h"

G_BEGIN_DECLS

/**
 * RnPlanner:
 * @value_of: for each layer and layout the value, or -1; [layer * RN_N_LAYOUTS + layout]
 * @packed: RnConvKey's kernel to a step of another plan that has it packed
 * @lazy: whether steps added now are only for what is asked for
 *
 * A plan in the making.
 */
typedef struct
{
  RnPlan *plan;
  RnPool *pool;
  RnFusion *fusion;
  int *value_of;
  GHashTable *packed;
  gboolean lazy;
} RnPlanner;

int      rn_planner_get_value   (RnPlanner     *self,
                                 int            layer,
                                 RnLayout       layout);
gboolean rn_planner_is_blocked  (RnPlanner     *self,
                                 int            layer);
RnStep  *rn_planner_add_step    (RnPlanner     *self,
                                 RnStepKind     kind,
                                 int            main);
int      rn_planner_add_value   (RnPlanner     *self,
                                 RnStep        *step,
                                 int            layer,
                                 RnLayout       layout,
                                 RnRole         role);
gboolean rn_planner_add_group   (RnPlanner     *self,
                                 const RnGroup *group,
                                 gboolean      *fused,
                                 GError       **error);
gboolean rn_planner_add_generic (RnPlanner     *self,
                                 int            layer,
                                 GError       **error);
void     rn_plan_lay_out        (RnPlan        *self);

G_END_DECLS
