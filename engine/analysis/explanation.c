#include "engine/analysis/explanation-private.h"

#include <math.h>

/* Shapes, places and the rest of one layer are small; chains of element-wise layers too. */
#define MAX_STEPS 16

static void
step_free (gpointer data)
{
  RnExplanationStep *step = data;

  g_array_unref (step->terms);
  g_free (step);
}

void
rn_explanation_free (RnExplanation *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->steps);
  g_free (self);
}

/* Returns: (nullable): the weight of that name, as float32 */
const float *
rn_explainer_get_weight (const RnExplainer *self, const char *name)
{
  for (int i = 0; i < self->layer->n_weights; i++)
    if (g_str_equal (self->layer->weights[i].name, name))
      return rn_tensor_f32 (self->weights[i]);

  return NULL;
}

static double
get_value (const RnTensor *activation, RnUnit unit)
{
  gint64 at = unit.channel;

  if (activation->rank == 4)
    at += (unit.y * activation->dims[2] + unit.x) * activation->dims[3];

  return rn_tensor_f32 (activation)[at];
}

double
rn_explainer_get_value (const RnExplainer *self, int input, RnUnit unit)
{
  return get_value (self->inputs[input], unit);
}

void
rn_explainer_add (RnExplainer *self, int input, RnUnit unit, double factor)
{
  RnTerm term = { .source = self->layer->inputs[input],
                  .unit = unit,
                  .value = rn_explainer_get_value (self, input, unit),
                  .factor = factor };

  term.amount = term.value * factor;
  g_array_append_val (self->step->terms, term);
}

void
rn_explainer_add_constant (RnExplainer *self, const char *name, double value)
{
  RnTerm term = { -1, { 0, 0, 0 }, name, value, 1, value };

  g_array_append_val (self->step->terms, term);
}

/* Ioffe and Szegedy 2015, alg. 2: scale = gamma / sqrt (variance + epsilon), shift = beta - scale ·
 * mean. */
static void
explain_batch_norm (RnExplainer *self)
{
  const float *gamma = rn_explainer_get_weight (self, "gamma");
  const float *beta = rn_explainer_get_weight (self, "beta");
  const float *mean = rn_explainer_get_weight (self, "moving_mean");
  const float *variance = rn_explainer_get_weight (self, "moving_variance");
  double epsilon = rn_binding_get_epsilon (self->binding, self->layer->index);
  int c = self->step->unit.channel;
  double scale = (gamma != NULL ? gamma[c] : 1) / sqrt (variance[c] + epsilon);

  rn_explainer_add (self, 0, self->step->unit, scale);
  rn_explainer_add_constant (self, "shift", (beta != NULL ? beta[c] : 0) - scale * mean[c]);
}

/* An input of fewer dimensions has one number for all places of a channel. */
static void
explain_multiply (RnExplainer *self)
{
  self->step->rule = RN_RULE_PRODUCT;
  for (int i = 0; i < self->layer->n_inputs; i++)
    {
      RnUnit unit = self->step->unit;

      if (self->shapes[i].rank != 3 || self->shapes[i].dims[0] == 1)
        unit.y = 0;
      if (self->shapes[i].rank != 3 || self->shapes[i].dims[1] == 1)
        unit.x = 0;
      rn_explainer_add (self, i, unit, 1);
    }
}

static void
explain_concatenate (RnExplainer *self)
{
  RnUnit unit = self->step->unit;
  int i = 0;

  while (unit.channel >= rn_shape_get_channels (&self->shapes[i]))
    unit.channel -= rn_shape_get_channels (&self->shapes[i++]);
  self->step->rule = RN_RULE_COPY;
  rn_explainer_add (self, i, unit, 1);
}

/* A number in a row of numbers, by the shape. */
static RnUnit
find_unit (const RnShape *shape, gint64 at)
{
  int n_channels = rn_shape_get_channels (shape);
  gint64 place = at / n_channels;

  if (shape->rank != 3)
    return (RnUnit) { 0, 0, (int) at };

  return (RnUnit) { (int) (place / shape->dims[1]), (int) (place % shape->dims[1]),
                    (int) (at % n_channels) };
}

static void
explain_reshape (RnExplainer *self)
{
  const RnShape *shape = &self->layer->output_shape;
  RnUnit unit = self->step->unit;
  gint64 at = unit.channel;

  if (shape->rank == 3)
    at += ((gint64) unit.y * shape->dims[1] + unit.x) * shape->dims[2];
  self->step->rule = RN_RULE_COPY;
  rn_explainer_add (self, 0, find_unit (&self->shapes[0], at), 1);
}

static void
explain_zero_padding (RnExplainer *self)
{
  const RnPads *pads = &self->layer->config.zero_padding;
  RnUnit unit = { self->step->unit.y - pads->top, self->step->unit.x - pads->left,
                  self->step->unit.channel };

  self->step->rule = RN_RULE_COPY;
  if (unit.y >= 0 && unit.y < self->shapes[0].dims[0] && unit.x >= 0
      && unit.x < self->shapes[0].dims[1])
    rn_explainer_add (self, 0, unit, 1);
}

static void
explain_shortcut_padding (RnExplainer *self)
{
  const RnShortcutPaddingConfig *config = &self->layer->config.shortcut_padding;
  RnUnit unit = { self->step->unit.y * config->stride, self->step->unit.x * config->stride,
                  self->step->unit.channel - config->before };

  self->step->rule = RN_RULE_COPY;
  if (unit.channel >= 0 && unit.channel < self->shapes[0].dims[2])
    rn_explainer_add (self, 0, unit, 1);
}

static void
explain_function (RnExplainer *self)
{
  self->step->rule = RN_RULE_COPY;
  rn_explainer_add (self, 0, self->step->unit, 1);
  self->step->function = self->layer->kind == RN_LAYER_RELU
                             ? RN_ACTIVATION_RELU
                             : self->layer->config.activation.function;
  if (self->layer->kind == RN_LAYER_RELU)
    self->step->max_value = self->layer->config.activation.max_value;
}

static void
explain_add (RnExplainer *self)
{
  for (int i = 0; i < self->layer->n_inputs; i++)
    rn_explainer_add (self, i, self->step->unit, 1);
}

static void
explain_copy (RnExplainer *self)
{
  self->step->rule = RN_RULE_COPY;
  rn_explainer_add (self, 0, self->step->unit, 1);
}

static void
explain_input (RnExplainer *self)
{
  self->step->rule = RN_RULE_INPUT;
}

static void (*const explainers[RN_N_LAYER_KINDS]) (RnExplainer *self) = {
  [RN_LAYER_INPUT] = explain_input,
  [RN_LAYER_ZERO_PADDING] = explain_zero_padding,
  [RN_LAYER_CONV] = rn_explainer_explain_conv,
  [RN_LAYER_DEPTHWISE_CONV] = rn_explainer_explain_conv,
  [RN_LAYER_SEPARABLE_CONV] = rn_explainer_explain_conv,
  [RN_LAYER_BATCH_NORM] = explain_batch_norm,
  [RN_LAYER_ACTIVATION] = explain_function,
  [RN_LAYER_RELU] = explain_function,
  [RN_LAYER_MAX_POOL] = rn_explainer_explain_pool,
  [RN_LAYER_AVERAGE_POOL] = rn_explainer_explain_pool,
  [RN_LAYER_GLOBAL_MAX_POOL] = rn_explainer_explain_pool,
  [RN_LAYER_GLOBAL_AVERAGE_POOL] = rn_explainer_explain_pool,
  [RN_LAYER_ADD] = explain_add,
  [RN_LAYER_CONCATENATE] = explain_concatenate,
  [RN_LAYER_MULTIPLY] = explain_multiply,
  [RN_LAYER_FLATTEN] = explain_reshape,
  [RN_LAYER_RESHAPE] = explain_reshape,
  [RN_LAYER_DROPOUT] = explain_copy,
  [RN_LAYER_DENSE] = rn_explainer_explain_dense,
  [RN_LAYER_SHORTCUT_PADDING] = explain_shortcut_padding,
};

static int
compare_terms (gconstpointer a, gconstpointer b)
{
  double first = fabs (((const RnTerm *) a)->amount), second = fabs (((const RnTerm *) b)->amount);

  return first > second ? -1 : first < second;
}

static double
add_up (const RnExplanationStep *step)
{
  double total = step->rule == RN_RULE_MAX ? -INFINITY : step->rule == RN_RULE_PRODUCT ? 1 : 0;

  for (guint i = 0; i < step->terms->len; i++)
    {
      double amount = g_array_index (step->terms, RnTerm, i).amount;

      if (step->rule == RN_RULE_MAX)
        total = MAX (total, amount);
      else if (step->rule == RN_RULE_PRODUCT)
        total *= amount;
      else
        total += amount;
    }

  return total;
}

static double
log_sum_exp (const double *values, int n)
{
  double largest = -INFINITY, sum = 0;

  for (int i = 0; i < n; i++)
    largest = MAX (largest, values[i]);
  for (int i = 0; i < n; i++)
    sum += exp (values[i] - largest);

  return largest + log (sum);
}

/* Softmax looks at all channels of a place: the others are computed by the same rule. */
static double
find_log_total (const RnExplainer *self)
{
  int n_channels = rn_shape_get_channels (&self->layer->output_shape);
  g_autofree double *totals = g_new (double, n_channels);

  for (int c = 0; c < n_channels; c++)
    {
      RnExplanationStep step = *self->step;
      RnExplainer other = *self;

      step.unit.channel = c;
      step.terms = g_array_new (FALSE, FALSE, sizeof (RnTerm));
      other.step = &step;
      explainers[self->layer->kind](&other);
      totals[c] = add_up (&step);
      g_array_unref (step.terms);
    }

  return log_sum_exp (totals, n_channels);
}

static double
apply_function (const RnExplanationStep *step)
{
  double x = step->total;

  switch (step->function)
    {
    case RN_ACTIVATION_RELU:
      return CLAMP (x, 0, step->max_value);
    case RN_ACTIVATION_SOFTMAX:
      return exp (x - step->log_total);
    case RN_ACTIVATION_SIGMOID:
      return 1 / (1 + exp (-x));
    case RN_ACTIVATION_TANH:
      return tanh (x);
    case RN_ACTIVATION_SWISH:
      return x / (1 + exp (-x));
    default:
      return x;
    }
}

static void
explain (RnExplainer *self)
{
  RnExplanationStep *step = self->step;

  explainers[self->layer->kind](self);
  g_array_sort (step->terms, compare_terms);
  step->total = self->layer->kind == RN_LAYER_INPUT ? step->activation : add_up (step);
  if (step->function == RN_ACTIVATION_SOFTMAX)
    step->log_total = find_log_total (self);
  step->result = apply_function (step);
}

static gboolean
load_inputs (RnExplainer *self, RnActivationSource source, gpointer data, GError **error)
{
  self->inputs = g_new0 (RnTensor *, self->layer->n_inputs + 1);
  self->shapes = g_new0 (RnShape, self->layer->n_inputs + 1);
  for (int i = 0; i < self->layer->n_inputs; i++)
    {
      self->shapes[i] = rn_model_get_input_shape (self->model, self->layer->index, i);
      self->inputs[i] = source (self->layer->inputs[i], data, error);
      if (self->inputs[i] == NULL)
        return FALSE;
    }
  for (int i = 0; i < self->layer->n_weights; i++)
    {
      self->weights[i]
          = rn_tensor_to_f32 (rn_binding_get_tensor (self->binding, self->layer->index, i), error);
      if (self->weights[i] == NULL)
        return FALSE;
    }

  return TRUE;
}

static void
explainer_clear (RnExplainer *self)
{
  for (int i = 0; self->inputs != NULL && i < self->layer->n_inputs; i++)
    g_clear_pointer (&self->inputs[i], rn_tensor_unref);
  for (int i = 0; i < RN_LAYER_MAX_WEIGHTS; i++)
    g_clear_pointer (&self->weights[i], rn_tensor_unref);
  g_free (self->inputs);
  g_free (self->shapes);
}

static RnExplanationStep *
make_step (RnBinding *binding,
           int layer,
           RnUnit unit,
           RnActivationSource source,
           gpointer data,
           GError **error)
{
  RnExplainer explainer = { .binding = binding, .model = rn_binding_get_model (binding) };
  RnExplanationStep *step = g_new0 (RnExplanationStep, 1);
  g_autoptr (RnTensor) activation = source (layer, data, error);
  gboolean ok = activation != NULL;

  step->layer = layer;
  step->unit = unit;
  step->rule = RN_RULE_SUM;
  step->max_value = INFINITY;
  step->terms = g_array_new (FALSE, FALSE, sizeof (RnTerm));
  explainer.layer = rn_model_get_layer (explainer.model, layer);
  explainer.step = step;
  ok = ok && load_inputs (&explainer, source, data, error);
  if (ok)
    {
      step->activation = get_value (activation, unit);
      explain (&explainer);
    }
  explainer_clear (&explainer);
  if (!ok)
    g_clear_pointer (&step, step_free);

  return step;
}

/* The layer whose value is explained next, or -1 where the story ends: at a layer that adds up many
 * terms. Behind an Add of a block it goes on along the branch. */
static int
find_next (const RnModel *model, int layer)
{
  const RnLayer *self = rn_model_get_layer (model, layer);
  const RnBlock *block = rn_structure_find_block (rn_model_get_structure (model), layer);

  switch (self->kind)
    {
    case RN_LAYER_BATCH_NORM:
    case RN_LAYER_ACTIVATION:
    case RN_LAYER_RELU:
    case RN_LAYER_DROPOUT:
      return self->inputs[0];
    case RN_LAYER_ADD:
      return block != NULL && block->add == layer ? self->inputs[block->shortcut_argument == 0] : -1;
    default:
      return -1;
    }
}

static gboolean
is_inside (const RnShape *shape, RnUnit unit)
{
  if (unit.channel < 0 || unit.channel >= rn_shape_get_channels (shape))
    return FALSE;
  if (shape->rank != 3)
    return unit.y == 0 && unit.x == 0;

  return unit.y >= 0 && unit.y < shape->dims[0] && unit.x >= 0 && unit.x < shape->dims[1];
}

/**
 * rn_explanation_new:
 * @binding: the network
 * @layer: index of a layer
 * @unit: one of its values
 * @source: gives the activations of a run over one picture
 * @error: set where an activation cannot be had, or the layer is of a kind that nothing computes
 *
 * Computes the value anew from the layer's inputs, in double precision, and keeps the terms. Takes
 * some milliseconds: for a worker.
 *
 * Returns: (transfer full) (nullable): the steps that lead to the value
 */
RnExplanation *
rn_explanation_new (RnBinding *binding,
                    int layer,
                    RnUnit unit,
                    RnActivationSource source,
                    gpointer data,
                    GError **error)
{
  const RnModel *model = rn_binding_get_model (binding);
  g_autoptr (RnExplanation) self = g_new0 (RnExplanation, 1);

  g_return_val_if_fail (layer >= 0 && layer < rn_model_get_n_layers (model), NULL);
  g_return_val_if_fail (is_inside (&rn_model_get_layer (model, layer)->output_shape, unit), NULL);

  self->steps = g_ptr_array_new_with_free_func (step_free);
  for (int n = 0; layer >= 0 && n < MAX_STEPS; n++)
    {
      RnExplanationStep *step;

      if (explainers[rn_model_get_layer (model, layer)->kind] == NULL)
        {
          g_set_error (error, RN_MODEL_ERROR, RN_MODEL_ERROR_UNSUPPORTED,
                       "nothing here computes layer “%s” of class %s",
                       rn_model_get_layer (model, layer)->name,
                       rn_model_get_layer (model, layer)->keras_class);
          return NULL;
        }
      step = make_step (binding, layer, unit, source, data, error);
      if (step == NULL)
        return NULL;
      g_ptr_array_insert (self->steps, 0, step);
      layer = find_next (model, layer);
    }

  return g_steal_pointer (&self);
}
