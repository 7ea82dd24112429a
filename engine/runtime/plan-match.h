/* What two plans have in common. */
#pragma once

#include "engine/runtime/plan.h"

G_BEGIN_DECLS

/**
 * RnPlanMatch:
 * @old_step: for each step of the new plan the step of the old one that computes the same from the
 *   same, or -1
 * @old_value: for each value of the new plan the one of the old plan that is the same, or -1
 * @same_layout: whether all values are, and lie at the same places, so that the memory can stay
 *   though steps differ
 */
typedef struct
{
  int *old_step;
  int *old_value;
  gboolean same_layout;
} RnPlanMatch;

RnPlanMatch *rn_plan_match_new  (const RnPlan *old,
                                 const RnPlan *plan);
void         rn_plan_match_free (RnPlanMatch  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnPlanMatch, rn_plan_match_free)

G_END_DECLS
