/* Running one step of a plan. */
#pragma once

#include "engine/runtime/plan.h"

G_BEGIN_DECLS

/**
 * RnWorkspace:
 * @scratch: for each thread of @pool its own; rn_plan_get_scratch() floats
 * @conv_scratch: as many bytes as the plan's conv_scratch says; of one run at a time
 * @cancelled: (nullable): set atomically by whoever wants the step to end early
 *
 * What steps need to run beside their data.
 */
typedef struct
{
  int batch;
  RnPool *pool;
  float **scratch;
  void *conv_scratch;
  const gint *cancelled;
} RnWorkspace;

void rn_step_run (const RnPlan      *plan,
                  const RnStep      *step,
                  const RnWorkspace *workspace,
                  float *const      *data,
                  float *const       outputs[RN_N_ROLES]);

G_END_DECLS
