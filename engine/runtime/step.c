#include "engine/runtime/step.h"

/* A pass of a generic step has at most so many chunks; the pool counts them in an int. */
#define MAX_CHUNKS (1 << 20)

/* One pass of a generic step, as the pool sees it: chunks of @n_at_once units. */
typedef struct
{
  const RnGenericOp *op;
  const RnWorkspace *workspace;
  int pass;
  gint64 n_units, n_at_once;
  const float **inputs;
  float *output;
} Pass;

static gboolean
is_cancelled (const RnWorkspace *workspace)
{
  return workspace->cancelled != NULL && g_atomic_int_get (workspace->cancelled) != 0;
}

static void
run_chunk (int chunk, int thread, gpointer data)
{
  Pass *pass = data;
  gint64 first = chunk * pass->n_at_once, end = MIN (first + pass->n_at_once, pass->n_units);

  for (gint64 unit = first; unit < end; unit++)
    {
      if (is_cancelled (pass->workspace))
        return;
      rn_generic_op_run (pass->op, pass->pass, unit, pass->inputs,
                         pass->workspace->scratch[thread], pass->output);
    }
}

static void
run_generic (const RnStep *step, const RnWorkspace *workspace, float *const *data, float *output)
{
  g_autofree const float **inputs = g_new (const float *, step->inputs->len);
  Pass pass
    = { .op = step->generic, .workspace = workspace, .inputs = inputs, .output = output };

  for (guint i = 0; i < step->inputs->len; i++)
    inputs[i] = data[g_array_index (step->inputs, int, i)];

  for (; pass.pass < rn_generic_op_get_n_passes (pass.op); pass.pass++)
    {
      pass.n_units = rn_generic_op_get_n_units (pass.op, pass.pass);
      pass.n_at_once = (pass.n_units + MAX_CHUNKS - 1) / MAX_CHUNKS;
      rn_pool_run (workspace->pool, (int) ((pass.n_units + pass.n_at_once - 1) / pass.n_at_once),
                   run_chunk,
                   &pass);
    }
}

/* The data of one picture of a value, or NULL where there is no such value. */
static float *
get_picture (const RnPlan *plan, int value, float *base, int picture)
{
  if (value < 0 || base == NULL)
    return NULL;

  return base + picture * rn_plan_get_value (plan, value)->stride;
}

static void
run_conv (const RnPlan *plan,
          const RnStep *step,
          const RnWorkspace *workspace,
          float *const *data,
          float *const outputs[RN_N_ROLES],
          int picture)
{
  int input = g_array_index (step->inputs, int, 0), residual = step->residual;
  float *results[RN_N_ROLES];
  RnConvArgs args = { .relu = step->relu,
                      .scratch = workspace->conv_scratch,
                      .pool = workspace->pool,
                      .cancelled = workspace->cancelled };

  for (int role = 0; role < RN_N_ROLES; role++)
    results[role] = get_picture (plan, step->outputs[role], outputs[role], picture);

  args.input = get_picture (plan, input, data[input], picture);
  args.residual = residual >= 0 ? get_picture (plan, residual, data[residual], picture) : NULL;
  args.output = results[RN_ROLE_OUTPUT];
  args.conv_tap = results[RN_ROLE_CONV];
  args.norm_tap = results[RN_ROLE_NORM];
  args.sum_tap = results[RN_ROLE_SUM];
  rn_conv_op_run (step->conv, &args);
}

/* Runs a step that takes one picture after another and has no taps. */
static void
run_picture (const RnPlan *plan,
             const RnStep *step,
             const RnWorkspace *workspace,
             float *const *data,
             float *output,
             int picture)
{
  int in = g_array_index (step->inputs, int, 0), residual = step->residual;
  const RnBlocked *in_shape = &rn_plan_get_value (plan, in)->blocked;
  const RnBlocked *shape = &rn_plan_get_value (plan, step->outputs[RN_ROLE_OUTPUT])->blocked;
  const float *input = get_picture (plan, in, data[in], picture);
  const float *added
    = residual >= 0 ? get_picture (plan, residual, data[residual], picture) : NULL;

  output = get_picture (plan, step->outputs[RN_ROLE_OUTPUT], output, picture);
  switch (step->kind)
    {
    case RN_STEP_MAX_POOL:
      rn_blocked_max_pool (&step->pool, in_shape, input, shape, output, plan->kernels,
                           workspace->pool, workspace->cancelled);
      break;
    case RN_STEP_GLOBAL_AVERAGE:
      rn_blocked_global_average (in_shape, input, output, plan->kernels, workspace->pool,
                                 workspace->cancelled);
      break;
    case RN_STEP_AFFINE:
      rn_blocked_affine (shape, input, step->scale, step->shift, added, step->relu, output,
                         plan->kernels, workspace->pool, workspace->cancelled);
      break;
    case RN_STEP_TO_BLOCKED:
      rn_blocked_from_nhwc (shape, input, output, workspace->pool);
      break;
    default:
      rn_blocked_to_nhwc (in_shape, input, output, workspace->pool);
    }
}

/**
 * rn_step_run:
 * @data: for each value of the plan where it lies; the step's inputs must be there
 * @outputs: where its results go; %NULL for those not wanted, which the output itself always is
 *
 * Computes a step for all pictures, or less where it is cancelled.
 */
void
rn_step_run (const RnPlan *plan,
             const RnStep *step,
             const RnWorkspace *workspace,
             float *const *data,
             float *const outputs[RN_N_ROLES])
{
  if (step->kind == RN_STEP_INPUT)
    return;

  if (step->kind == RN_STEP_GENERIC)
    {
      run_generic (step, workspace, data, outputs[RN_ROLE_OUTPUT]);
      return;
    }

  for (int picture = 0; picture < workspace->batch && !is_cancelled (workspace); picture++)
    if (step->kind == RN_STEP_CONV)
      run_conv (plan, step, workspace, data, outputs, picture);
    else
      run_picture (plan, step, workspace, data, outputs[RN_ROLE_OUTPUT], picture);
}
