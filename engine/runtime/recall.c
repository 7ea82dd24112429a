#include "engine/runtime/recall.h"

#include "engine/tensor/memory.h"

/* What is remembered at most: all activations of ResNet-50 for one picture and some more. */
#define MAX_CACHE_BYTES (256 << 20)

/* What is forgotten leaves its memory for what is asked for next: new memory would cost more than the
 * layer itself, a fault for each of its pages. It is taken for the same geometry alone, so that the
 * border of a blocked tensor stays zero. */
typedef struct
{
  const RnValue *value;
  float *data;
} Spare;

/* @cache: for each value what was computed for it, or NULL; @data: that, or what the run kept;
 * @spares: Spare; @n_bytes: of cache and spares, for @batch pictures each */
struct _RnRecall
{
  const RnPlan *plan;
  float **cache;
  float **data;
  gsize n_bytes;
  GArray *spares;
  int batch;
  void *conv_scratch;
};

RnRecall *
rn_recall_new (const RnPlan *plan)
{
  RnRecall *self = g_new0 (RnRecall, 1);

  self->plan = plan;
  self->cache = g_new0 (float *, plan->values->len);
  self->data = g_new0 (float *, plan->values->len);
  self->spares = g_array_new (FALSE, FALSE, sizeof (Spare));

  return self;
}

static void
free_spares (RnRecall *self)
{
  for (guint i = 0; i < self->spares->len; i++)
    rn_memory_free (g_array_index (self->spares, Spare, i).data);
  g_array_set_size (self->spares, 0);
}

void
rn_recall_free (RnRecall *self)
{
  if (self == NULL)
    return;

  rn_recall_clear (self);
  free_spares (self);
  g_array_unref (self->spares);
  g_free (self->cache);
  g_free (self->data);
  g_clear_pointer (&self->conv_scratch, rn_memory_free);
  g_free (self);
}

/* Forgets everything: the input has changed. */
void
rn_recall_clear (RnRecall *self)
{
  for (guint i = 0; i < self->plan->values->len; i++)
    {
      Spare spare = { rn_plan_get_value (self->plan, i), self->cache[i] };

      if (spare.data == NULL)
        continue;
      g_array_append_val (self->spares, spare);
      self->cache[i] = NULL;
    }
}

static gboolean
has_same_geometry (const RnValue *a, const RnValue *b)
{
  return a->layout == b->layout && a->n_floats == b->n_floats
         && a->blocked.n_blocks == b->blocked.n_blocks && a->blocked.height == b->blocked.height
         && a->blocked.width == b->blocked.width;
}

/* Memory for a value, its border zero, or NULL. */
static float *
get_room (RnRecall *self, const RnValue *value, GError **error)
{
  gsize n_bytes = self->batch * sizeof (float) * value->n_floats;
  float *data;

  for (guint i = 0; i < self->spares->len; i++)
    {
      Spare spare = g_array_index (self->spares, Spare, i);

      if (!has_same_geometry (spare.value, value))
        continue;
      g_array_remove_index_fast (self->spares, i);
      return spare.data;
    }

  data = rn_memory_alloc0 (n_bytes, error);
  if (data != NULL)
    self->n_bytes += n_bytes;

  return data;
}

/* Room for @batch pictures a value, and for all that may be asked for next. */
static void
make_room (RnRecall *self, int batch)
{
  if (self->n_bytes <= MAX_CACHE_BYTES && self->batch == batch)
    return;

  rn_recall_clear (self);
  free_spares (self);
  self->n_bytes = 0;
  self->batch = batch;
}

static gboolean
is_there (const RnRecall *self, int value)
{
  return self->cache[value] != NULL || rn_plan_get_value (self->plan, value)->kept;
}

/* Whether @value is taken before its step adds a residual that would have to be computed first. A
 * projection has the whole other branch of its block for a residual: without it, the projection's own
 * convolution costs a fraction. A residual that is the step's input as well is needed all the same. */
static gboolean
can_spare_residual (const RnRecall *self, int value)
{
  const RnStep *step = rn_plan_get_step (self->plan, rn_plan_get_value (self->plan, value)->step);

  if (step->residual < 0 || is_there (self, step->residual))
    return FALSE;
  for (guint i = 0; i < step->inputs->len; i++)
    if (g_array_index (step->inputs, int, i) == step->residual)
      return FALSE;

  return value == step->outputs[RN_ROLE_CONV] || value == step->outputs[RN_ROLE_NORM];
}

/* Marks the steps to run for @value: its own, and back from there those whose results are neither
 * kept nor remembered. A step's inputs come from steps before it. */
static gboolean *
find_needed (const RnRecall *self, int value, gboolean spare_residual)
{
  int last = rn_plan_get_value (self->plan, value)->step;
  gboolean *needed = g_new0 (gboolean, last + 1);

  needed[last] = TRUE;
  for (int s = last; s >= 0; s--)
    {
      const RnStep *step = rn_plan_get_step (self->plan, s);

      if (!needed[s])
        continue;
      for (guint i = 0; i < step->inputs->len; i++)
        {
          int input = g_array_index (step->inputs, int, i);

          if (!is_there (self, input))
            needed[rn_plan_get_value (self->plan, input)->step] = TRUE;
        }
      if (step->residual >= 0 && !is_there (self, step->residual)
          && !(s == last && spare_residual))
        needed[rn_plan_get_value (self->plan, step->residual)->step] = TRUE;
    }

  return needed;
}

/* Runs a step into memory of its own; @taps asks for all that it can give. */
static gboolean
run_step (RnRecall *self,
          const RnStep *step,
          const RnWorkspace *workspace,
          gboolean taps,
          GError **error)
{
  float *outputs[RN_N_ROLES] = { NULL };

  for (int role = 0; role < RN_N_ROLES; role++)
    {
      int value = step->outputs[role];

      if (value < 0 || (role != RN_ROLE_OUTPUT && (!taps || self->cache[value] != NULL)))
        continue;
      if (self->cache[value] == NULL)
        self->cache[value] = get_room (self, rn_plan_get_value (self->plan, value), error);
      if (self->cache[value] == NULL)
        return FALSE;
      outputs[role] = self->cache[value];
    }
  rn_step_run (self->plan, step, workspace, self->data, outputs);
  for (int role = 0; role < RN_N_ROLES; role++)
    if (outputs[role] != NULL)
      self->data[step->outputs[role]] = outputs[role];

  return TRUE;
}

/* Runs the step of @value without its residual: what it adds up is wrong and goes back at once. */
static gboolean
run_before_sum (RnRecall *self, int value, const RnWorkspace *workspace, GError **error)
{
  const RnStep *step
    = rn_plan_get_step (self->plan, rn_plan_get_value (self->plan, value)->step);
  int role = value == step->outputs[RN_ROLE_CONV] ? RN_ROLE_CONV : RN_ROLE_NORM;
  const RnValue *sum = rn_plan_get_value (self->plan, step->outputs[RN_ROLE_OUTPUT]);
  float *outputs[RN_N_ROLES] = { NULL };
  Spare spare = { sum, get_room (self, sum, error) };

  if (spare.data == NULL)
    return FALSE;
  outputs[RN_ROLE_OUTPUT] = spare.data;
  outputs[role] = get_room (self, rn_plan_get_value (self->plan, value), error);
  if (outputs[role] != NULL)
    {
      self->data[step->residual] = NULL;
      rn_step_run (self->plan, step, workspace, self->data, outputs);
      self->cache[value] = outputs[role];
    }
  g_array_append_val (self->spares, spare);

  return outputs[role] != NULL;
}

/**
 * rn_recall_get:
 * @value: what is asked for
 * @workspace: but for its scratch of convolutions, which is this object's own
 * @data: for each value of the plan where it lies, if it is kept
 *
 * Returns: (nullable): the value for all pictures, good until the next call; %NULL where there is
 *   no memory
 */
const float *
rn_recall_get (RnRecall *self,
               int value,
               const RnWorkspace *workspace,
               float *const *data,
               GError **error)
{
  int last = rn_plan_get_value (self->plan, value)->step;
  g_autofree gboolean *needed = NULL;
  gboolean spare_residual, ok = TRUE;
  RnWorkspace own = *workspace;

  if (rn_plan_get_value (self->plan, value)->kept)
    return data[value];
  if (self->cache[value] != NULL)
    return self->cache[value];

  make_room (self, workspace->batch);
  if (self->conv_scratch == NULL)
    self->conv_scratch = rn_memory_alloc (self->plan->conv_scratch, error);
  if (self->conv_scratch == NULL)
    return NULL;

  own.conv_scratch = self->conv_scratch;
  own.cancelled = NULL;
  for (guint i = 0; i < self->plan->values->len; i++)
    self->data[i] = self->cache[i] != NULL ? self->cache[i] : data[i];
  spare_residual = can_spare_residual (self, value);
  needed = find_needed (self, value, spare_residual);
  for (int s = 0; s <= last && ok; s++)
    if (s == last && spare_residual)
      ok = run_before_sum (self, value, &own, error);
    else if (needed[s])
      ok = run_step (self, rn_plan_get_step (self->plan, s), &own, s == last, error);
  if (!ok)
    {
      rn_recall_clear (self); /* a part may not have been computed */
      return NULL;
    }

  return self->cache[value];
}
