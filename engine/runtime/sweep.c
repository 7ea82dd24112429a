#include "engine/runtime/sweep.h"

#include "engine/tensor/ranking.h"

/* Veit, Wilber, Belongie 2016, "Residual Networks Behave Like Ensembles of Relatively Shallow
 * Networks", sec. 4.1: delete one block of a trained network at a time and measure. */

void
rn_sweep_free (RnSweep *self)
{
  if (self == NULL)
    return;

  for (int b = 0; b < self->n_blocks; b++)
    {
      g_free (self->blocks[b].probability);
      g_free (self->blocks[b].top_class);
    }
  g_free (self->blocks);
  g_free (self->top_class);
  g_free (self->probability);
  g_free (self);
}

/* Runs one network on every picture; with @of_class the probability of that class is kept, else
 * that of the class that comes first. */
static gboolean
run_pictures (RnBinding *binding,
              RnTensor *const *inputs,
              int n_inputs,
              const RnSessionOptions *options,
              const int *of_class,
              int *top_class,
              float *probability,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr (RnSession) session = rn_session_new (binding, options, error);
  const RnModel *model = rn_binding_get_model (binding);
  int output = rn_model_get_output (model, 0)->index;

  for (int i = 0; session != NULL && i < n_inputs; i++)
    {
      g_autoptr (RnTensor) scores = NULL;

      if (!rn_session_run (session, inputs[i], cancellable, error))
        return FALSE;
      scores = rn_session_get_activation (session, output, error);
      if (scores == NULL)
        return FALSE;
      rn_tensor_rank_largest (scores, 1, &top_class[i]);
      probability[i] = rn_tensor_f32 (scores)[of_class != NULL ? of_class[i] : top_class[i]];
    }

  return session != NULL;
}

static gboolean
check (RnEditKind kind, RnBinding *binding, int n_inputs, GError **error)
{
  const RnModel *model = rn_binding_get_model (binding);

  if (kind != RN_EDIT_CUT_SHORTCUT && kind != RN_EDIT_DROP_BLOCK)
    {
      g_set_error (error, RN_EDIT_ERROR, RN_EDIT_ERROR_SYNTAX,
                   "a sweep of “%s” makes no sense; cut-shortcut or drop-block would be right",
                   rn_edit_kind_get_name (kind));
      return FALSE;
    }
  if (!rn_model_has_top (model) || rn_model_get_structure (model)->n_blocks == 0)
    {
      g_set_error (error, RN_EDIT_ERROR, RN_EDIT_ERROR_TARGET,
                   "%s has %s; a sweep needs both blocks and a classifier",
                   rn_model_get_name (model),
                   rn_model_has_top (model) ? "no residual blocks" : "no classifier");
      return FALSE;
    }

  return TRUE;
}

static gboolean
sweep_block (RnSweep *self,
             int b,
             RnEditKind kind,
             RnBinding *binding,
             RnTensor *const *inputs,
             const RnSessionOptions *options,
             GCancellable *cancellable,
             GError **error)
{
  const RnModel *model = rn_binding_get_model (binding);
  RnSweepBlock *block = &self->blocks[b];
  RnEdit edit = { .kind = kind };
  g_autoptr (RnBinding) edited = NULL;

  block->add = rn_model_get_structure (model)->blocks[b].add;
  block->probability = g_new0 (float, self->n_pictures);
  block->top_class = g_new0 (int, self->n_pictures);
  edit.target = rn_model_get_layer (model, block->add)->name;
  edited = rn_edit_apply (&edit, binding, error);

  return edited != NULL
         && run_pictures (edited, inputs, self->n_pictures, options, self->top_class,
                          block->top_class, block->probability, cancellable, error);
}

/**
 * rn_sweep_run:
 * @kind: %RN_EDIT_CUT_SHORTCUT or %RN_EDIT_DROP_BLOCK
 * @inputs: pictures as the network's input, [1, H, W, C] each
 * @progress: (nullable): told after each block
 *
 * Costs one run a picture for the unedited network and for each block. Blocks: call it from a
 * worker.
 *
 * Returns: (transfer full) (nullable): what was found, or %NULL with an error
 */
RnSweep *
rn_sweep_run (RnEditKind kind,
              RnBinding *binding,
              RnTensor *const *inputs,
              int n_inputs,
              const RnSessionOptions *options,
              RnSweepProgress progress,
              gpointer progress_data,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr (RnSweep) self = g_new0 (RnSweep, 1);

  g_return_val_if_fail (binding != NULL && n_inputs > 0, NULL);

  if (!check (kind, binding, n_inputs, error))
    return NULL;

  self->n_pictures = n_inputs;
  self->top_class = g_new0 (int, n_inputs);
  self->probability = g_new0 (float, n_inputs);
  self->n_blocks = rn_model_get_structure (rn_binding_get_model (binding))->n_blocks;
  self->blocks = g_new0 (RnSweepBlock, self->n_blocks);
  if (!run_pictures (binding, inputs, n_inputs, options, NULL, self->top_class, self->probability,
                     cancellable, error))
    return NULL;

  for (int b = 0; b < self->n_blocks; b++)
    {
      if (progress != NULL)
        progress (b + 1, self->n_blocks + 1, progress_data);
      if (!sweep_block (self, b, kind, binding, inputs, options, cancellable, error))
        return NULL;
    }
  if (progress != NULL)
    progress (self->n_blocks + 1, self->n_blocks + 1, progress_data);

  return g_steal_pointer (&self);
}

/* What the top class's probability loses by the edit of a block, averaged over the pictures. */
double
rn_sweep_get_mean_loss (const RnSweep *self, int block)
{
  double loss = 0;

  for (int i = 0; i < self->n_pictures; i++)
    loss += self->probability[i] - self->blocks[block].probability[i];

  return loss / self->n_pictures;
}

/* The share of the pictures that another class comes first for. */
double
rn_sweep_get_share_changed (const RnSweep *self, int block)
{
  int n = 0;

  for (int i = 0; i < self->n_pictures; i++)
    n += self->blocks[block].top_class[i] != self->top_class[i];

  return (double) n / self->n_pictures;
}
