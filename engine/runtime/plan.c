#include "engine/runtime/plan-private.h"

static void
free_step (gpointer data)
{
  RnStep *step = data;

  g_array_unref (step->layers);
  g_array_unref (step->inputs);
  rn_generic_op_free (step->generic);
  g_clear_pointer (&step->conv, rn_conv_op_unref);
  g_free (step->scale);
  g_free (step->shift);
  g_free (step);
}

/* Adds a step to the end; its inputs are still to be added, and its values. */
RnStep *
rn_planner_add_step (RnPlanner *self, RnStepKind kind, int main)
{
  RnStep *step = g_new0 (RnStep, 1);

  step->index = self->plan->steps->len;
  step->kind = kind;
  step->main = main;
  step->layers = g_array_new (FALSE, FALSE, sizeof (int));
  step->inputs = g_array_new (FALSE, FALSE, sizeof (int));
  step->residual = -1;
  step->scheduled = !self->lazy;
  for (int i = 0; i < RN_N_ROLES; i++)
    step->outputs[i] = -1;
  g_ptr_array_add (self->plan->steps, step);

  return step;
}

/* Adds one of a step's results. Returns: its index. */
int
rn_planner_add_value (RnPlanner *self, RnStep *step, int layer, RnLayout layout, RnRole role)
{
  const RnShape *shape = &rn_model_get_layer (self->plan->model, layer)->output_shape;
  RnValue value = { .layer = layer, .layout = layout, .step = step->index, .role = role };
  int index = self->plan->values->len;

  value.n_floats = rn_shape_get_n_elements (shape);
  if (layout == RN_LAYOUT_BLOCKED)
    {
      value.blocked = rn_blocked_make (1, shape->dims[0], shape->dims[1], shape->dims[2]);
      value.n_floats = value.blocked.n_floats;
    }
  value.stride = value.n_floats;
  value.n_floats = (value.n_floats + RN_BLOCK - 1) / RN_BLOCK * RN_BLOCK;
  value.scheduled = step->scheduled && role == RN_ROLE_OUTPUT;

  step->outputs[role] = index;
  if (role == RN_ROLE_OUTPUT)
    self->value_of[layer * RN_N_LAYOUTS + layout] = index;
  g_array_append_val (self->plan->values, value);

  return index;
}

/* Whether the layer's activation is there in blocked layout. */
gboolean
rn_planner_is_blocked (RnPlanner *self, int layer)
{
  return self->value_of[layer * RN_N_LAYOUTS + RN_LAYOUT_BLOCKED] >= 0;
}

/* The layer's activation in the layout asked for; a step that converts it is added where needed. */
int
rn_planner_get_value (RnPlanner *self, int layer, RnLayout layout)
{
  int *values = self->value_of + (gint64) layer * RN_N_LAYOUTS;
  RnLayout other = layout == RN_LAYOUT_PLAIN ? RN_LAYOUT_BLOCKED : RN_LAYOUT_PLAIN;
  RnStep *step;

  if (values[layout] >= 0)
    return values[layout];
  g_assert (values[other] >= 0);

  step = rn_planner_add_step (
    self, layout == RN_LAYOUT_BLOCKED ? RN_STEP_TO_BLOCKED : RN_STEP_TO_PLAIN, -1);
  g_array_append_val (step->inputs, values[other]);

  return rn_planner_add_value (self, step, layer, layout, RN_ROLE_OUTPUT);
}

static void
finish_layer (RnPlanner *self, int layer, int step)
{
  g_array_append_val (rn_plan_get_step (self->plan, step)->layers, layer);
  self->plan->step_of[layer] = step;
}

/* The layer's activation as it was computed, not as it was converted. */
static int
get_original (RnPlanner *self, int layer)
{
  const int *values = self->value_of + (gint64) layer * RN_N_LAYOUTS;
  int plain = values[RN_LAYOUT_PLAIN], blocked = values[RN_LAYOUT_BLOCKED];
  const RnStep *step;

  if (plain < 0 || blocked < 0)
    return MAX (plain, blocked);

  step = rn_plan_get_step (self->plan, rn_plan_get_value (self->plan, plain)->step);

  return step->kind == RN_STEP_TO_PLAIN ? blocked : plain;
}

/* Flatten, Reshape and Dropout: the input under another name. */
static void
add_alias (RnPlanner *self, const RnLayer *layer)
{
  int *values = self->value_of + (gint64) layer->index * RN_N_LAYOUTS;
  const int *from = self->value_of + (gint64) layer->inputs[0] * RN_N_LAYOUTS;

  if (layer->kind == RN_LAYER_DROPOUT)
    {
      values[RN_LAYOUT_BLOCKED] = from[RN_LAYOUT_BLOCKED];
      values[RN_LAYOUT_PLAIN] = from[RN_LAYOUT_PLAIN];
    }
  else
    values[RN_LAYOUT_PLAIN] = rn_planner_get_value (self, layer->inputs[0], RN_LAYOUT_PLAIN);

  finish_layer (self, layer->index,
                rn_plan_get_value (self->plan, get_original (self, layer->index))->step);
}

/* Adds a step for one layer on plain tensors. */
gboolean
rn_planner_add_generic (RnPlanner *self, int index, GError **error)
{
  const RnLayer *layer = rn_model_get_layer (self->plan->model, index);
  gboolean reference = self->plan->kernels == NULL;
  g_autoptr (RnGenericOp) op = rn_generic_op_new (self->plan->binding, index, reference, error);
  g_autoptr (GArray) inputs = g_array_new (FALSE, FALSE, sizeof (int));
  RnStep *step;

  if (op == NULL)
    return FALSE;

  for (int i = 0; i < layer->n_inputs; i++)
    {
      int value = rn_planner_get_value (self, layer->inputs[i], RN_LAYOUT_PLAIN);

      g_array_append_val (inputs, value);
    }
  step = rn_planner_add_step (self, RN_STEP_GENERIC, index);
  g_array_append_vals (step->inputs, inputs->data, inputs->len);
  step->generic = g_steal_pointer (&op);
  rn_planner_add_value (self, step, index, RN_LAYOUT_PLAIN, RN_ROLE_OUTPUT);

  return TRUE;
}

/* Global pooling of a blocked tensor: the sums of its planes. */
static void
add_global_average (RnPlanner *self, const RnLayer *layer)
{
  int input = rn_planner_get_value (self, layer->inputs[0], RN_LAYOUT_BLOCKED);
  RnStep *step = rn_planner_add_step (self, RN_STEP_GLOBAL_AVERAGE, layer->index);

  g_array_append_val (step->inputs, input);
  rn_planner_add_value (self, step, layer->index, RN_LAYOUT_PLAIN, RN_ROLE_OUTPUT);
}

/* Adds what computes a layer that is in no group. */
static gboolean
add_layer (RnPlanner *self, const RnLayer *layer, GError **error)
{
  switch (layer->kind)
    {
    case RN_LAYER_INPUT:
      rn_planner_add_value (self, rn_planner_add_step (self, RN_STEP_INPUT, layer->index),
                            layer->index, RN_LAYOUT_PLAIN, RN_ROLE_OUTPUT);
      break;
    case RN_LAYER_FLATTEN:
    case RN_LAYER_RESHAPE:
    case RN_LAYER_DROPOUT:
      add_alias (self, layer);
      return TRUE;
    case RN_LAYER_GLOBAL_AVERAGE_POOL:
      if (rn_planner_is_blocked (self, layer->inputs[0]))
        {
          add_global_average (self, layer);
          break;
        }
      G_GNUC_FALLTHROUGH;
    default:
      if (!rn_planner_add_generic (self, layer->index, error))
        return FALSE;
    }
  finish_layer (self, layer->index, self->plan->steps->len - 1);

  return TRUE;
}

/* Adds what computes a group, now that all that feeds it is there. */
static gboolean
add_group (RnPlanner *self, const RnGroup *group, GError **error)
{
  const int layers[] = { group->pad, group->main, group->norm, group->sum, group->relu };
  gboolean fused;

  if (!rn_planner_add_group (self, group, &fused, error))
    return FALSE;

  for (int i = 0, last = -1; i < G_N_ELEMENTS (layers); i++)
    {
      if (layers[i] < 0 || layers[i] == last)
        continue;
      last = layers[i];
      if (!fused && !rn_planner_add_generic (self, layers[i], error))
        return FALSE;
      finish_layer (self, layers[i], self->plan->steps->len - 1);
    }
  if (!fused)
    rn_fusion_dissolve (self->fusion, group->last);

  return TRUE;
}

/* The layers in their order; a group where its last layer stands, as all it needs is there then. */
static gboolean
add_scheduled_steps (RnPlanner *self, GError **error)
{
  for (int i = 0; i < self->plan->n_layers; i++)
    {
      const RnGroup *group
        = self->plan->kernels != NULL ? rn_fusion_find (self->fusion, i) : NULL;

      if (group == NULL)
        {
          if (!add_layer (self, rn_model_get_layer (self->plan->model, i), error))
            return FALSE;
        }
      else if (group->last == i && !add_group (self, group, error))
        return FALSE;
    }
  self->plan->n_scheduled = self->plan->steps->len;

  return TRUE;
}

static RnRole
get_role (const RnGroup *group, int layer)
{
  if (layer == group->main)
    return RN_ROLE_CONV;

  return layer == group->norm ? RN_ROLE_NORM : RN_ROLE_SUM;
}

/* Finds, or adds, the value that is each layer's activation. Inside a group around a convolution the
 * kernel can write it; otherwise the layer is computed by itself. */
static gboolean
add_shown_values (RnPlanner *self, GError **error)
{
  self->lazy = TRUE;
  for (int i = 0; i < self->plan->n_layers; i++)
    {
      const RnGroup *group
        = self->plan->kernels != NULL ? rn_fusion_find (self->fusion, i) : NULL;
      int *values = self->value_of + (gint64) i * RN_N_LAYOUTS;

      if (values[RN_LAYOUT_BLOCKED] < 0 && values[RN_LAYOUT_PLAIN] < 0)
        {
          if (group->kind == RN_GROUP_CONV && i != group->pad)
            {
              self->plan->shown[i] = rn_planner_add_value (
                self, rn_plan_get_step (self->plan, self->plan->step_of[i]), i,
                RN_LAYOUT_BLOCKED, get_role (group, i));
              values[RN_LAYOUT_BLOCKED] = self->plan->shown[i];
              continue;
            }
          if (!rn_planner_add_generic (self, i, error))
            return FALSE;
        }
      self->plan->shown[i] = get_original (self, i);
    }

  return TRUE;
}

static void
keep_layer (RnPlan *self, int layer)
{
  RnValue *value = rn_plan_get_value (self, self->shown[layer]);

  if (value->scheduled)
    value->kept = TRUE;
}

static void
mark_kept (RnPlan *self)
{
  const RnStructure *structure = rn_model_get_structure (self->model);

  keep_layer (self, rn_model_get_input (self->model)->index);
  for (int i = 0; i < rn_model_get_n_outputs (self->model); i++)
    keep_layer (self, rn_model_get_output (self->model, i)->index);
  for (int i = 0; self->keep == RN_KEEP_BLOCKS && i < structure->n_blocks; i++)
    {
      keep_layer (self, structure->blocks[i].input);
      keep_layer (self, structure->blocks[i].output);
    }
  if (self->keep == RN_KEEP_STEPS || (self->keep == RN_KEEP_BLOCKS && structure->n_blocks == 0))
    for (int i = 0; i < self->n_layers; i++)
      keep_layer (self, i);
}

static void
measure (RnPlan *self)
{
  for (guint i = 0; i < self->steps->len; i++)
    {
      const RnStep *step = rn_plan_get_step (self, i);

      if (step->conv == NULL)
        continue;
      self->conv_scratch = MAX (self->conv_scratch, rn_conv_op_get_scratch_size (step->conv));
      self->weights_size += rn_conv_op_get_weights_size (step->conv);
    }
}

static GHashTable *
index_packed_weights (const RnPlan *donor)
{
  GHashTable *packed = g_hash_table_new (NULL, NULL);

  for (guint i = 0; donor != NULL && i < donor->steps->len; i++)
    {
      RnStep *step = rn_plan_get_step (donor, i);

      if (step->conv != NULL)
        g_hash_table_insert (packed, (gpointer) step->key.kernel, step);
    }

  return packed;
}

/**
 * rn_plan_new:
 * @binding: (transfer none): model and weights
 * @kernels: (nullable): the fast kernels to use; %NULL for the textbook's loops alone
 * @pool: packs the weights
 * @donor: (nullable): a plan of a model that may have layers in common, whose packed weights are
 *   then used again
 * @error: set where there is no memory
 *
 * Returns: (transfer full) (nullable): a plan for one picture at a time
 */
RnPlan *
rn_plan_new (RnBinding *binding,
             const RnKernels *kernels,
             RnPool *pool,
             RnKeep keep,
             const RnPlan *donor,
             GError **error)
{
  g_autoptr (RnPlan) self = g_new0 (RnPlan, 1);
  g_autoptr (RnFusion) fusion = NULL;
  g_autoptr (GHashTable) packed = index_packed_weights (donor);
  g_autofree int *value_of = NULL;
  RnPlanner planner = { .plan = self, .pool = pool, .packed = packed };

  self->binding = rn_binding_ref (binding);
  self->model = rn_model_ref (rn_binding_get_model (binding));
  self->kernels = kernels;
  self->keep = keep;
  self->n_layers = rn_model_get_n_layers (self->model);
  self->steps = g_ptr_array_new_with_free_func (free_step);
  self->values = g_array_new (FALSE, FALSE, sizeof (RnValue));
  self->shown = g_new0 (int, self->n_layers);
  self->step_of = g_new0 (int, self->n_layers);

  planner.fusion = fusion = rn_fusion_new (self->model);
  planner.value_of = value_of = g_new (int, self->n_layers * RN_N_LAYOUTS);
  for (int i = 0; i < self->n_layers * RN_N_LAYOUTS; i++)
    value_of[i] = -1;

  if (!add_scheduled_steps (&planner, error) || !add_shown_values (&planner, error))
    return NULL;
  mark_kept (self);
  measure (self);
  rn_plan_lay_out (self);

  return g_steal_pointer (&self);
}

void
rn_plan_free (RnPlan *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->steps);
  g_array_unref (self->values);
  g_free (self->shown);
  g_free (self->step_of);
  rn_binding_unref (self->binding);
  rn_model_unref (self->model);
  g_free (self);
}

/* Cuts generic steps for @batch pictures at once; the others take one after another. */
void
rn_plan_set_batch (RnPlan *self, int batch)
{
  for (guint i = 0; i < self->steps->len; i++)
    if (rn_plan_get_step (self, i)->generic != NULL)
      rn_generic_op_set_batch (rn_plan_get_step (self, i)->generic, batch);
}

/* Floats of scratch that generic steps need a thread, for the number of pictures now set. */
gsize
rn_plan_get_scratch (const RnPlan *self)
{
  gsize scratch = 0;

  for (guint i = 0; i < self->steps->len; i++)
    if (rn_plan_get_step (self, i)->generic != NULL)
      scratch = MAX (scratch, rn_generic_op_get_scratch (rn_plan_get_step (self, i)->generic));

  return scratch;
}
