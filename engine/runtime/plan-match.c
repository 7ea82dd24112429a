#include "engine/runtime/plan-match.h"

#include <string.h>

/* For each value of a plan the step that converts it to the other layout, or NULL. */
static const RnStep **
index_conversions (const RnPlan *plan)
{
  const RnStep **conversions = g_new0 (const RnStep *, plan->values->len);

  for (guint i = 0; i < plan->steps->len; i++)
    {
      const RnStep *step = rn_plan_get_step (plan, i);

      if (step->kind == RN_STEP_TO_BLOCKED || step->kind == RN_STEP_TO_PLAIN)
        conversions[g_array_index (step->inputs, int, 0)] = step;
    }

  return conversions;
}

/* The step of the old plan that has the layer of the same name done, or NULL. */
static const RnStep *
find_old_step (const RnPlan *old, const RnPlan *plan, const RnStep *step)
{
  const RnLayer *layer, *old_layer;

  layer = rn_model_get_layer (plan->model, step->main);
  old_layer = rn_model_find_layer (old->model, layer->name, NULL);

  return old_layer != NULL ? rn_plan_get_step (old, old->step_of[old_layer->index]) : NULL;
}

/* Whether a layer that is computed by itself is the same in both models: kind, configuration,
 * shape, weights. */
static gboolean
is_same_layer (const RnPlan *old, int old_index, const RnPlan *plan, int index)
{
  const RnLayer *a = rn_model_get_layer (old->model, old_index);
  const RnLayer *b = rn_model_get_layer (plan->model, index);

  if (a->kind != b->kind || !rn_shape_equal (&a->output_shape, &b->output_shape)
      || a->n_weights != b->n_weights || !rn_layer_config_equal (a->kind, &a->config, &b->config))
    return FALSE;
  for (int i = 0; i < a->n_weights; i++)
    if (rn_binding_get_tensor (old->binding, old_index, i)
        != rn_binding_get_tensor (plan->binding, index, i))
      return FALSE;

  return a->kind != RN_LAYER_BATCH_NORM
         || rn_binding_get_epsilon (old->binding, old_index)
              == rn_binding_get_epsilon (plan->binding, index);
}

static gboolean
has_same_scale (const RnPlan *plan, const RnStep *a, const RnStep *b)
{
  const RnValue *value = rn_plan_get_value (plan, b->outputs[RN_ROLE_OUTPUT]);
  gsize n_bytes = sizeof (float) * value->blocked.n_blocks * RN_BLOCK;

  return memcmp (a->scale, b->scale, n_bytes) == 0 && memcmp (a->shift, b->shift, n_bytes) == 0;
}

static gboolean
computes_the_same (const RnPlan *old, const RnStep *a, const RnPlan *plan, const RnStep *b)
{
  if (a->kind != b->kind || a->relu != b->relu || a->scheduled != b->scheduled)
    return FALSE;

  switch (b->kind)
    {
    case RN_STEP_CONV:
      return a->conv == b->conv;
    case RN_STEP_AFFINE:
      return rn_plan_get_value (old, a->outputs[RN_ROLE_OUTPUT])->n_floats
               == rn_plan_get_value (plan, b->outputs[RN_ROLE_OUTPUT])->n_floats
             && has_same_scale (plan, a, b);
    case RN_STEP_TO_BLOCKED:
    case RN_STEP_TO_PLAIN:
      return TRUE;
    default:
      return is_same_layer (old, a->main, plan, b->main);
    }
}

static gboolean
has_same_inputs (const RnPlanMatch *self, const RnStep *a, const RnStep *b)
{
  if (a->inputs->len != b->inputs->len || (a->residual < 0) != (b->residual < 0))
    return FALSE;
  for (guint i = 0; i < b->inputs->len; i++)
    if (self->old_value[g_array_index (b->inputs, int, i)] != g_array_index (a->inputs, int, i))
      return FALSE;

  return b->residual < 0 || self->old_value[b->residual] == a->residual;
}

static gboolean
has_same_layout (const RnPlan *old, const RnPlan *plan)
{
  if (old->arena_size != plan->arena_size || old->values->len != plan->values->len
      || old->n_scheduled != plan->n_scheduled)
    return FALSE;
  for (guint i = 0; i < plan->values->len; i++)
    {
      const RnValue *a = rn_plan_get_value (old, i), *b = rn_plan_get_value (plan, i);

      if (a->layout != b->layout || a->n_floats != b->n_floats || a->scheduled != b->scheduled
          || a->kept != b->kept || a->offset != b->offset
          || a->blocked.height != b->blocked.height || a->blocked.width != b->blocked.width
          || a->blocked.n_blocks != b->blocked.n_blocks)
        return FALSE;
    }

  return TRUE;
}

/**
 * rn_plan_match_new:
 * @old: a plan whose results are there
 * @plan: another one, made with @old as its donor
 *
 * Returns: (transfer full): what of @old's results is good for @plan
 */
RnPlanMatch *
rn_plan_match_new (const RnPlan *old, const RnPlan *plan)
{
  RnPlanMatch *self = g_new0 (RnPlanMatch, 1);
  g_autofree const RnStep **conversions = index_conversions (old);

  self->old_step = g_new (int, plan->steps->len);
  self->old_value = g_new (int, plan->values->len);
  for (guint i = 0; i < plan->values->len; i++)
    self->old_value[i] = -1;

  for (guint i = 0; i < plan->steps->len; i++)
    {
      const RnStep *step = rn_plan_get_step (plan, i);
      const RnStep *a = NULL;

      self->old_step[i] = -1;
      if (step->main >= 0)
        a = find_old_step (old, plan, step);
      else if (self->old_value[g_array_index (step->inputs, int, 0)] >= 0)
        a = conversions[self->old_value[g_array_index (step->inputs, int, 0)]];
      if (a == NULL || !computes_the_same (old, a, plan, step) || !has_same_inputs (self, a, step))
        continue;
      self->old_step[i] = a->index;
      self->old_value[step->outputs[RN_ROLE_OUTPUT]] = a->outputs[RN_ROLE_OUTPUT];
    }
  self->same_layout = has_same_layout (old, plan);

  return self;
}

void
rn_plan_match_free (RnPlanMatch *self)
{
  g_free (self->old_step);
  g_free (self->old_value);
  g_free (self);
}
