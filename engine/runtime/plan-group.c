/* Steps that compute several layers at once. */
#include "engine/kernels/batch-norm/batch-norm.h"
#include "engine/runtime/plan-private.h"

#include <string.h>

/* Below so many channels a plain input is read as it is: converted it would be mostly zeros. */
#define MAX_PLAIN_CHANNELS 8

/* A weight of a layer as float32, or NULL where the layer has none of that name. */
static RnTensor *
get_weight (RnPlan *plan, int layer, const char *name, GError **error)
{
  const RnLayer *config = rn_model_get_layer (plan->model, layer);

  for (int i = 0; i < config->n_weights; i++)
    if (g_str_equal (config->weights[i].name, name))
      return rn_tensor_to_f32 (rn_binding_get_tensor (plan->binding, layer, i), error);

  return NULL;
}

static const float *
get_numbers (const RnTensor *tensor)
{
  return tensor != NULL ? rn_tensor_f32 (tensor) : NULL;
}

/* Folds a batch norm into @scale and @shift, of room for whole blocks. */
static gboolean
fold_norm (RnPlan *plan, int layer, float *scale, float *shift, GError **error)
{
  const RnBatchNormConfig *config = &rn_model_get_layer (plan->model, layer)->config.batch_norm;
  const RnShape *shape = &rn_model_get_layer (plan->model, layer)->output_shape;
  g_autoptr (RnTensor) gamma = get_weight (plan, layer, "gamma", error);
  g_autoptr (RnTensor) beta = get_weight (plan, layer, "beta", error);
  g_autoptr (RnTensor) mean = get_weight (plan, layer, "moving_mean", error);
  g_autoptr (RnTensor) variance = get_weight (plan, layer, "moving_variance", error);

  if (mean == NULL || variance == NULL || (config->scale && gamma == NULL)
      || (config->center && beta == NULL))
    return FALSE;

  rn_batch_norm_fold (rn_shape_get_channels (shape), get_numbers (gamma), get_numbers (beta),
                      get_numbers (mean), get_numbers (variance),
                      rn_binding_get_epsilon (plan->binding, layer), scale, shift);

  return TRUE;
}

/* The weight itself, of any dtype, or NULL. */
static const RnTensor *
find_weight (RnPlan *plan, int layer, const char *name)
{
  const RnLayer *config = rn_model_get_layer (plan->model, layer);

  for (int i = 0; i < config->n_weights; i++)
    if (g_str_equal (config->weights[i].name, name))
      return rn_binding_get_tensor (plan->binding, layer, i);

  return NULL;
}

static RnConvKey
make_key (RnPlan *plan, const RnGroup *group, const RnConvShape *shape, gboolean plain_input)
{
  RnConvKey key = { 0 };

  key.kernel = find_weight (plan, group->main, "kernel");
  key.bias = find_weight (plan, group->main, "bias");
  key.plain_input = plain_input;
  key.shape = *shape;
  if (group->norm >= 0)
    {
      static const char *const names[] = { "gamma", "beta", "moving_mean", "moving_variance" };

      for (int i = 0; i < G_N_ELEMENTS (names); i++)
        key.norm[i] = find_weight (plan, group->norm, names[i]);
      key.epsilon = rn_binding_get_epsilon (plan->binding, group->norm);
    }

  return key;
}

/* Tensors by identity, and shapes, which are integers alone, byte by byte. */
static gboolean
is_same_key (const RnConvKey *a, const RnConvKey *b)
{
  return a->kernel == b->kernel && a->bias == b->bias
         && memcmp (a->norm, b->norm, sizeof a->norm) == 0 && a->epsilon == b->epsilon
         && a->plain_input == b->plain_input && memcmp (&a->shape, &b->shape, sizeof a->shape) == 0;
}

/* The operator of another plan that was made from the same, or NULL. */
static RnConvOp *
find_packed (RnPlanner *self, const RnConvKey *key)
{
  const RnStep *step = g_hash_table_lookup (self->packed, key->kernel);

  if (step == NULL || !is_same_key (&step->key, key))
    return NULL;

  return rn_conv_op_ref (step->conv);
}

static RnConvOp *
new_conv_op (RnPlanner *self, const RnGroup *group, const RnConvKey *key, GError **error)
{
  RnPlan *plan = self->plan;
  g_autoptr (RnTensor) bias = get_weight (plan, group->main, "bias", error);
  g_autofree float *scale = g_new0 (float, key->shape.out_channels);
  g_autofree float *shift = g_new0 (float, key->shape.out_channels);
  RnConvWeights weights = { .kernel = key->kernel, .bias = get_numbers (bias) };

  if (key->bias != NULL && bias == NULL)
    return NULL;
  if (group->norm >= 0)
    {
      if (!fold_norm (plan, group->norm, scale, shift, error))
        return NULL;
      weights.scale = scale;
      weights.shift = shift;
    }

  return rn_conv_op_new (&key->shape, key->plain_input, &weights, RN_CONV_AUTO, plan->kernels,
                         self->pool, error);
}

static gboolean
add_conv (RnPlanner *self, const RnGroup *group, gboolean *fused, GError **error)
{
  RnConvShape shape = rn_fusion_get_conv_shape (self->plan->model, group);
  gboolean plain = !rn_planner_is_blocked (self, group->input)
                   && shape.in_channels <= MAX_PLAIN_CHANNELS
                   && rn_conv_op_can (&shape, TRUE, RN_CONV_AUTO);
  RnConvKey key = make_key (self->plan, group, &shape, plain);
  g_autoptr (RnConvOp) op = NULL;
  int input, residual = -1;
  RnStep *step;

  *fused = plain || rn_conv_op_can (&shape, FALSE, RN_CONV_AUTO);
  if (!*fused)
    return TRUE;

  op = find_packed (self, &key);
  if (op == NULL)
    op = new_conv_op (self, group, &key, error);
  if (op == NULL)
    return FALSE;

  input = rn_planner_get_value (self, group->input, plain ? RN_LAYOUT_PLAIN : RN_LAYOUT_BLOCKED);
  if (group->residual >= 0)
    residual = rn_planner_get_value (self, group->residual, RN_LAYOUT_BLOCKED);
  step = rn_planner_add_step (self, RN_STEP_CONV, group->main);
  g_array_append_val (step->inputs, input);
  step->residual = residual;
  step->relu = group->relu >= 0;
  step->conv = g_steal_pointer (&op);
  step->key = key;
  rn_planner_add_value (self, step, group->last, RN_LAYOUT_BLOCKED, RN_ROLE_OUTPUT);

  return TRUE;
}

static gboolean
add_max_pool (RnPlanner *self, const RnGroup *group, gboolean *fused)
{
  const RnModel *model = self->plan->model;
  const RnPoolConfig *config = &rn_model_get_layer (model, group->main)->config.pool;
  RnShape shape = rn_model_get_input_shape (model, group->main, 0);
  RnPads pads
    = rn_window_get_pads (config->padding, &config->pads, &shape, config->pool, config->stride, NULL);
  RnStep *step;
  int input;

  *fused = rn_planner_is_blocked (self, group->input);
  if (!*fused)
    return TRUE;

  if (group->pad >= 0)
    pads = rn_model_get_layer (model, group->pad)->config.zero_padding;
  input = rn_planner_get_value (self, group->input, RN_LAYOUT_BLOCKED);
  step = rn_planner_add_step (self, RN_STEP_MAX_POOL, group->main);
  g_array_append_val (step->inputs, input);
  step->pool = (RnBlockedPool) {
    .window = { config->pool[0], config->pool[1] },
    .stride = { config->stride[0], config->stride[1] },
    .pad_top = pads.top,
    .pad_left = pads.left,
    .pad_zero = group->pad >= 0,
  };
  rn_planner_add_value (self, step, group->last, RN_LAYOUT_BLOCKED, RN_ROLE_OUTPUT);

  return TRUE;
}

static gboolean
add_affine (RnPlanner *self, const RnGroup *group, gboolean *fused, GError **error)
{
  const RnShape *shape = &rn_model_get_layer (self->plan->model, group->last)->output_shape;
  gsize n = (gsize) (rn_shape_get_channels (shape) + RN_BLOCK - 1) / RN_BLOCK * RN_BLOCK;
  g_autofree float *scale = g_new0 (float, n), *shift = g_new0 (float, n);
  int input, residual = -1;
  RnStep *step;

  *fused = rn_planner_is_blocked (self, group->input)
           || (group->residual >= 0 && rn_planner_is_blocked (self, group->residual));
  if (!*fused)
    return TRUE;

  for (gsize c = 0; group->norm < 0 && c < n; c++)
    scale[c] = 1;
  if (group->norm >= 0 && !fold_norm (self->plan, group->norm, scale, shift, error))
    return FALSE;

  input = rn_planner_get_value (self, group->input, RN_LAYOUT_BLOCKED);
  if (group->residual >= 0)
    residual = rn_planner_get_value (self, group->residual, RN_LAYOUT_BLOCKED);
  step = rn_planner_add_step (self, RN_STEP_AFFINE, group->last);
  g_array_append_val (step->inputs, input);
  step->residual = residual;
  step->relu = group->relu >= 0;
  step->scale = g_steal_pointer (&scale);
  step->shift = g_steal_pointer (&shift);
  rn_planner_add_value (self, step, group->last, RN_LAYOUT_BLOCKED, RN_ROLE_OUTPUT);

  return TRUE;
}

/**
 * rn_planner_add_group:
 * @fused: (out): FALSE where no kernel takes this group, so that nothing was added and its layers
 *   are to be computed one by one
 *
 * The well-defined steps of falling back: a convolution whose shape the fast kernels do not take
 * (groups, say) is computed by the generic one; pooling and element-wise layers stay blocked where
 * their input is, and plain where it is plain.
 */
gboolean
rn_planner_add_group (RnPlanner *self, const RnGroup *group, gboolean *fused, GError **error)
{
  switch (group->kind)
    {
    case RN_GROUP_CONV:
      return add_conv (self, group, fused, error);
    case RN_GROUP_POOL:
      return add_max_pool (self, group, fused);
    default:
      return add_affine (self, group, fused, error);
    }
}
