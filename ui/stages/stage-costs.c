#include "ui/stages/stage-costs.h"

#include "engine/model/costs.h"
#include "engine/runtime/profile.h"
#include "ui/draw/scene.h"

#define RANDOM_SEED 1
#define N_RUNS 3

static void
add (RnStageCost *cost, const RnModel *model, int layer)
{
  const RnLayer *l = rn_model_get_layer (model, layer);

  cost->n_parameters += rn_layer_get_n_parameters (l);
  cost->n_macs += rn_model_get_layer_macs (model, layer);
  cost->n_bytes += rn_layer_get_output_bytes (l);
}

RnStageCost *
rn_stage_costs_new (const RnModel *model)
{
  const RnStructure *structure = rn_model_get_structure (model);
  int n_parts = rn_structure_get_n_parts (structure);
  RnStageCost *costs = g_new0 (RnStageCost, n_parts + 1);

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    {
      add (&costs[rn_structure_find_part (structure, i)], model, i);
      add (&costs[n_parts], model, i);
    }

  return costs;
}

static double *
sum_parts (const RnModel *model, const RnProfile *profile)
{
  const RnStructure *structure = rn_model_get_structure (model);
  int n_parts = rn_structure_get_n_parts (structure);
  double *ms = g_new0 (double, n_parts + 1);

  for (int i = 0; i < profile->n_layers; i++)
    {
      ms[rn_structure_find_part (structure, i)] += profile->layer_ms[i];
      ms[n_parts] += profile->layer_ms[i];
    }

  return ms;
}

static void
measure_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  RnModel *model = data;
  GError *error = NULL;
  g_autoptr (RnWeights) weights = rn_weights_new_random (model, RANDOM_SEED, &error);
  g_autoptr (RnBinding) binding = weights != NULL ? rn_binding_new (model, weights, &error) : NULL;
  g_autoptr (RnSession) session = binding != NULL ? rn_session_new (binding, NULL, &error) : NULL;
  g_autoptr (RnProfile) profile
      = session != NULL ? rn_profile_new (session, 1, N_RUNS, cancellable, &error) : NULL;

  if (profile != NULL)
    g_task_return_pointer (task, sum_parts (model, profile), g_free);
  else
    g_task_return_error (task, error);
}

/**
 * rn_stage_costs_measure_async:
 *
 * Runs the model with random weights, for times do not depend on them, and takes of each layer the
 * fastest of three runs. Layers that are computed in another's epilogue count there.
 */
void
rn_stage_costs_measure_async (RnModel *model,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, rn_stage_costs_measure_async);
  g_task_set_task_data (task, rn_model_ref (model), (GDestroyNotify) rn_model_unref);
  g_task_run_in_thread (task, measure_in_thread);
}

/* Returns: (transfer full) (nullable): milliseconds of each part, the total behind */
double *
rn_stage_costs_measure_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
