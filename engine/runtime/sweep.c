#include "engine/runtime/sweep.h"

#include <string.h>

#include "engine/tensor/ranking.h"

/* Pictures that run together; their activations take memory. */
#define AT_ONCE 2

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

static gboolean
is_one_picture (const RnTensor *input, const RnShape *shape)
{
  return input->rank == 4 && input->dims[0] == 1 && input->dims[1] == shape->dims[0]
         && input->dims[2] == shape->dims[1] && input->dims[3] == shape->dims[2];
}

/* Several pictures as one input of the session. */
static RnTensor *
join (RnTensor *const *inputs, int n, const RnShape *shape, GError **error)
{
  const gint64 dims[] = { n, shape->dims[0], shape->dims[1], shape->dims[2] };
  gint64 size = rn_shape_get_n_elements (shape);
  RnTensor *joined = rn_tensor_new (G_N_ELEMENTS (dims), dims, error);

  for (int i = 0; joined != NULL && i < n; i++)
    {
      g_autoptr (RnTensor) numbers = rn_tensor_to_f32 (inputs[i], error);

      if (numbers == NULL)
        g_clear_pointer (&joined, rn_tensor_unref);
      else
        memcpy (rn_tensor_f32 (joined) + i * size, numbers->data, sizeof (float) * size);
    }

  return joined;
}

/* Reads what the session says of its pictures; with @of_class the probability of that class is kept,
 * else that of the class that comes first. */
static gboolean
read_scores (RnSession *session,
             int n,
             const int *of_class,
             int *top_class,
             float *probability,
             GError **error)
{
  int output = rn_model_get_output (rn_session_get_model (session), 0)->index;
  g_autoptr (RnTensor) scores = rn_session_get_activation (session, output, error);

  if (scores == NULL)
    return FALSE;
  for (int i = 0; i < n; i++)
    {
      float *row = rn_tensor_f32 (scores) + i * scores->dims[1];

      rn_scores_to_probabilities (row, (int)scores->dims[1]);
      top_class[i] = 0;
      for (int c = 1; c < scores->dims[1]; c++)
        if (row[c] > row[top_class[i]])
          top_class[i] = c;
      probability[i] = row[of_class != NULL ? of_class[i] : top_class[i]];
    }

  return TRUE;
}

static gboolean
check (RnEditKind kind, RnBinding *binding, RnTensor *const *inputs, int n_inputs, GError **error)
{
  const RnModel *model = rn_binding_get_model (binding);
  const RnShape *shape = &rn_model_get_input (model)->output_shape;

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
  for (int i = 0; i < n_inputs; i++)
    if (!is_one_picture (inputs[i], shape))
      {
        g_set_error (error, RN_SESSION_ERROR, RN_SESSION_ERROR_INPUT,
                     "picture %d of the sweep has another shape; [1, %d, %d, %d] would be right",
                     i + 1, shape->dims[0], shape->dims[1], shape->dims[2]);
        return FALSE;
      }

  return TRUE;
}

static void
make_blocks (RnSweep *self, const RnModel *model)
{
  const RnStructure *structure = rn_model_get_structure (model);

  self->n_blocks = structure->n_blocks;
  self->blocks = g_new0 (RnSweepBlock, self->n_blocks);
  for (int b = 0; b < self->n_blocks; b++)
    {
      self->blocks[b].add = structure->blocks[b].add;
      self->blocks[b].probability = g_new0 (float, self->n_pictures);
      self->blocks[b].top_class = g_new0 (int, self->n_pictures);
    }
}

/* Who is told how far the sweep is. */
typedef struct
{
  RnSweepProgress func;
  gpointer data;
  int done;
  int total;
} Progress;

static void
advance (Progress *progress)
{
  progress->done++;
  if (progress->func != NULL)
    progress->func (progress->done, progress->total, progress->data);
}

/* Pictures from @first on: whole once, then from each edited block on. */
static gboolean
sweep_pictures (RnSweep *self,
                RnEditKind kind,
                RnSession *session,
                RnBinding *binding,
                RnTensor *const *inputs,
                int first,
                int n,
                Progress *progress,
                GCancellable *cancellable,
                GError **error)
{
  const RnModel *model = rn_binding_get_model (binding);
  g_autoptr (RnTensor) input = join (inputs + first, n, &rn_model_get_input (model)->output_shape, error);

  if (input == NULL || !rn_session_rebind (session, binding, error)
      || !rn_session_run (session, input, cancellable, error)
      || !read_scores (session, n, NULL, self->top_class + first, self->probability + first, error))
    return FALSE;
  advance (progress);

  for (int b = 0; b < self->n_blocks; b++)
    {
      RnSweepBlock *block = &self->blocks[b];
      RnEdit edit = { .kind = kind, .target = rn_model_get_layer (model, block->add)->name };
      g_autoptr (RnBinding) edited = rn_edit_apply (&edit, binding, error);

      if (edited == NULL || !rn_session_rebind (session, edited, error)
          || !rn_session_rerun (session, cancellable, error)
          || !read_scores (session, n, self->top_class + first, block->top_class + first,
                           block->probability + first, error))
        return FALSE;
      advance (progress);
    }

  return TRUE;
}

/**
 * rn_sweep_run:
 * @kind: %RN_EDIT_CUT_SHORTCUT or %RN_EDIT_DROP_BLOCK
 * @inputs: pictures as the network's input, [1, H, W, C] each
 * @progress: (nullable): told after each network, the unedited one first
 *
 * For a few pictures at a time, the unedited network runs once and each edited one from its block
 * on. Blocks: call it from a worker.
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
  g_autoptr (RnSession) session = NULL;
  Progress told = { progress, progress_data, 0, 0 };

  g_return_val_if_fail (binding != NULL && n_inputs > 0, NULL);

  if (!check (kind, binding, inputs, n_inputs, error))
    return NULL;
  session = rn_session_new (binding, options, error);
  if (session == NULL)
    return NULL;

  self->n_pictures = n_inputs;
  self->top_class = g_new0 (int, n_inputs);
  self->probability = g_new0 (float, n_inputs);
  make_blocks (self, rn_binding_get_model (binding));
  told.total = (n_inputs + AT_ONCE - 1) / AT_ONCE * (self->n_blocks + 1);
  for (int first = 0; first < n_inputs; first += AT_ONCE)
    if (!sweep_pictures (self, kind, session, binding, inputs, first,
                         MIN (AT_ONCE, n_inputs - first), &told, cancellable, error))
      return NULL;

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
