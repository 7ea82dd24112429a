/* Another network under a session: what an edit does. */
#include "engine/runtime/session-private.h"

#include <string.h>

/* What takes the place of the session's own. */
typedef struct
{
  RnPlan *plan;
  RnPlanMatch *match;
  RnArena *arena; /* NULL where the old one stays */
  RnWorkspace workspace;
  float **data;
  gboolean *fresh;
  atomic_int *done;
  atomic_llong *layer_ns;
} Replacement;

static void
clear_replacement (Replacement *self)
{
  g_clear_pointer (&self->plan, rn_plan_free);
  g_clear_pointer (&self->match, rn_plan_match_free);
  g_clear_pointer (&self->arena, rn_arena_free);
  rn_session_free_scratch (&self->workspace);
  g_clear_pointer (&self->data, g_free);
  g_clear_pointer (&self->fresh, g_free);
  g_clear_pointer (&self->done, g_free);
  g_clear_pointer (&self->layer_ns, g_free);
}

static gboolean
has_same_input (const RnSession *session, const RnPlan *plan)
{
  return rn_shape_equal (&rn_model_get_input (session->model)->output_shape,
                         &rn_model_get_input (plan->model)->output_shape);
}

/* Memory for as many pictures as the session has. */
static gboolean
make_room (const RnSession *session, Replacement *self, GError **error)
{
  int batch = session->workspace.batch;

  rn_plan_set_batch (self->plan, batch);
  if (!rn_session_make_scratch (self->plan, &self->workspace, error))
    return FALSE;
  if (!self->match->same_layout)
    {
      self->arena = rn_arena_new (self->plan->arena_size, batch, error);
      if (self->arena == NULL)
        return FALSE;
    }

  for (guint i = 0; i < self->plan->values->len; i++)
    {
      const RnValue *value = rn_plan_get_value (self->plan, i);

      if (value->scheduled)
        self->data[i] = rn_arena_get (self->arena != NULL ? self->arena : session->arena,
                                      value->offset);
    }

  return TRUE;
}

/* Whether what the step keeps can be taken over from the old plan. */
static gboolean
can_take_over (const RnSession *session, const Replacement *self, const RnStep *step)
{
  int output = step->outputs[RN_ROLE_OUTPUT], old_step = self->match->old_step[step->index];

  if (old_step < 0 || !session->fresh[old_step])
    return FALSE;
  if (!rn_plan_get_value (self->plan, output)->kept)
    return TRUE;
  if (!rn_plan_get_value (session->plan, self->match->old_value[output])->kept)
    return FALSE;

  return self->arena != NULL || self->match->old_value[output] == output;
}

/* Takes over the results that both plans have. */
static void
take_over (const RnSession *session, Replacement *self)
{
  for (int s = 0; s < self->plan->n_scheduled; s++)
    {
      const RnStep *step = rn_plan_get_step (self->plan, s);
      int output = step->outputs[RN_ROLE_OUTPUT];
      const RnValue *value = rn_plan_get_value (self->plan, output);

      self->fresh[s] = can_take_over (session, self, step);
      if (!self->fresh[s])
        continue;
      if (self->arena != NULL && value->kept && step->kind != RN_STEP_INPUT)
        memcpy (self->data[output], session->data[self->match->old_value[output]],
                sizeof (float) * value->n_floats * session->workspace.batch);
      for (guint i = 0; i < step->layers->len; i++)
        atomic_store (&self->done[g_array_index (step->layers, int, i)], TRUE);
    }
}

/* A step follows from stale ones: its layers are to be computed again before they are seen. */
static void
forget_stale (Replacement *self)
{
  g_autofree gboolean *stale = g_new0 (gboolean, self->plan->n_scheduled);

  for (int s = 0; s < self->plan->n_scheduled; s++)
    {
      const RnStep *step = rn_plan_get_step (self->plan, s);

      stale[s] = !self->fresh[s];
      for (guint i = 0; i < step->inputs->len; i++)
        stale[s]
          |= stale[rn_plan_get_value (self->plan, g_array_index (step->inputs, int, i))->step];
      if (step->residual >= 0)
        stale[s] |= stale[rn_plan_get_value (self->plan, step->residual)->step];
      for (guint i = 0; stale[s] && i < step->layers->len; i++)
        atomic_store (&self->done[g_array_index (step->layers, int, i)], FALSE);
    }
}

static gboolean
prepare (RnSession *session, RnBinding *binding, Replacement *self, GError **error)
{
  int n_layers;

  self->plan = rn_plan_new (binding, session->plan->kernels, session->pool, session->plan->keep,
                            session->plan, error);
  if (self->plan == NULL)
    return FALSE;

  n_layers = self->plan->n_layers;
  self->match = rn_plan_match_new (session->plan, self->plan);
  self->workspace.pool = session->pool;
  self->data = g_new0 (float *, self->plan->values->len);
  self->fresh = g_new0 (gboolean, self->plan->n_scheduled);
  self->done = g_new0 (atomic_int, n_layers);
  self->layer_ns = g_new0 (atomic_llong, n_layers);
  if (session->input == NULL || !has_same_input (session, self->plan))
    return TRUE;

  if (!make_room (session, self, error))
    return FALSE;
  self->workspace.batch = session->workspace.batch;
  self->data[self->plan->shown[rn_model_get_input (self->plan->model)->index]]
    = rn_tensor_f32 (session->input);
  take_over (session, self);
  forget_stale (self);

  return TRUE;
}

#define SWAP(a, b) \
  do \
    { \
      __typeof__ (a) swapped = (a); \
      (a) = (b); \
      (b) = swapped; \
    } \
  while (0)

/* Puts the new in place; what it replaces goes with @self. */
static void
replace (RnSession *session, RnBinding *binding, Replacement *self)
{
  if (self->workspace.batch == 0)
    g_clear_pointer (&session->input, rn_tensor_unref);
  if (self->arena != NULL || self->workspace.batch == 0)
    SWAP (session->arena, self->arena);
  rn_recall_free (session->recall);
  SWAP (session->plan, self->plan);
  SWAP (session->workspace, self->workspace);
  SWAP (session->data, self->data);
  SWAP (session->fresh, self->fresh);
  SWAP (session->done, self->done);
  SWAP (session->layer_ns, self->layer_ns);
  session->recall = rn_recall_new (session->plan);

  rn_binding_ref (binding);
  rn_binding_unref (session->binding);
  rn_model_unref (session->model);
  session->binding = binding;
  session->model = rn_model_ref (rn_binding_get_model (binding));
  session->n_layers = session->plan->n_layers;
}

/**
 * rn_session_rebind:
 * @binding: (transfer none): another network, such as rn_edits_apply() makes of the session's own
 * @error: set where there is no memory; the session is then as it was
 *
 * From now on the session runs @binding. Weights that both share stay packed, and activations that
 * do not depend on what differs stay as they are: rn_session_rerun() then computes the rest for the
 * picture that is there. Waits for a run under way. Indices of layers are those of the new model.
 */
gboolean
rn_session_rebind (RnSession *self, RnBinding *binding, GError **error)
{
  Replacement replacement = { 0 };
  gboolean ok;

  g_return_val_if_fail (self != NULL && binding != NULL, FALSE);

  pthread_mutex_lock (&self->run_lock);
  ok = prepare (self, binding, &replacement, error);
  if (ok)
    {
      pthread_rwlock_wrlock (&self->state_lock);
      replace (self, binding, &replacement);
      pthread_rwlock_unlock (&self->state_lock);
    }
  clear_replacement (&replacement);
  pthread_mutex_unlock (&self->run_lock);

  return ok;
}
