#include "engine/runtime/generic-op-private.h"

#include "engine/kernels/batch-norm/batch-norm.h"

typedef void (*PrepareFunc) (RnGenericOp *self);

/* How each kind's work is cut; none where the output is the input under another name. */
static const PrepareFunc prepare_funcs[RN_N_LAYER_KINDS] = {
  [RN_LAYER_ZERO_PADDING] = rn_generic_op_prepare_rows,
  [RN_LAYER_CONV] = rn_generic_op_prepare_conv,
  [RN_LAYER_DEPTHWISE_CONV] = rn_generic_op_prepare_conv,
  [RN_LAYER_SEPARABLE_CONV] = rn_generic_op_prepare_conv,
  [RN_LAYER_BATCH_NORM] = rn_generic_op_prepare_element,
  [RN_LAYER_ACTIVATION] = rn_generic_op_prepare_element,
  [RN_LAYER_RELU] = rn_generic_op_prepare_element,
  [RN_LAYER_MAX_POOL] = rn_generic_op_prepare_pool,
  [RN_LAYER_AVERAGE_POOL] = rn_generic_op_prepare_pool,
  [RN_LAYER_GLOBAL_MAX_POOL] = rn_generic_op_prepare_pool,
  [RN_LAYER_GLOBAL_AVERAGE_POOL] = rn_generic_op_prepare_pool,
  [RN_LAYER_ADD] = rn_generic_op_prepare_element,
  [RN_LAYER_CONCATENATE] = rn_generic_op_prepare_element,
  [RN_LAYER_MULTIPLY] = rn_generic_op_prepare_element,
  [RN_LAYER_DENSE] = rn_generic_op_prepare_conv,
  [RN_LAYER_SHORTCUT_PADDING] = rn_generic_op_prepare_rows,
};

/* The index of a weight by its Keras name, or -1 where the layer has none such. */
static int
find_weight (const RnLayer *layer, const char *name)
{
  for (int i = 0; i < layer->n_weights; i++)
    if (g_str_equal (layer->weights[i].name, name))
      return i;

  return -1;
}

static const float *
get_vector (const RnGenericOp *self, const char *name)
{
  int i = find_weight (self->layer, name);

  return i >= 0 ? rn_generic_op_weight (self, i) : NULL;
}

static void
fold_batch_norm (RnGenericOp *self)
{
  int n_channels = rn_shape_get_channels (&self->out_shape);

  self->scale = g_new (float, n_channels);
  self->shift = g_new (float, n_channels);
  rn_batch_norm_fold (n_channels, get_vector (self, "gamma"), get_vector (self, "beta"),
                      get_vector (self, "moving_mean"), get_vector (self, "moving_variance"),
                      rn_binding_get_epsilon (self->binding, self->layer->index), self->scale,
                      self->shift);
}

/* Which function the layer ends in, and where a ReLU of its own is cut off. */
static void
find_activation (RnGenericOp *self)
{
  const RnLayerConfig *config = &self->layer->config;

  self->max_value = G_MAXFLOAT;
  switch (self->layer->kind)
    {
    case RN_LAYER_CONV:
    case RN_LAYER_DEPTHWISE_CONV:
    case RN_LAYER_SEPARABLE_CONV:
      self->activation = config->conv.activation;
      break;
    case RN_LAYER_DENSE:
      self->activation = config->dense.activation;
      break;
    case RN_LAYER_ACTIVATION:
      self->activation = config->activation.function;
      break;
    case RN_LAYER_RELU:
      self->activation = RN_ACTIVATION_RELU;
      self->max_value = config->activation.max_value;
      break;
    default:
      self->activation = RN_ACTIVATION_LINEAR;
    }
}

/**
 * rn_generic_op_new:
 * @binding: (transfer none): weights
 * @layer: index of a layer of its model
 * @reference: compute by the textbook's loops rather than the fast ones
 * @error: set where memory for float32 weights cannot be had
 *
 * Returns: (transfer full) (nullable): the layer, ready for one picture at a time
 */
RnGenericOp *
rn_generic_op_new (RnBinding *binding, int layer, gboolean reference, GError **error)
{
  g_autoptr (RnGenericOp) self = g_new0 (RnGenericOp, 1);
  RnModel *model = rn_binding_get_model (binding);

  self->binding = rn_binding_ref (binding);
  self->layer = rn_model_get_layer (model, layer);
  self->reference = reference;
  self->out_shape = self->layer->output_shape;
  self->in_shapes = g_new0 (RnShape, self->layer->n_inputs + 1);
  for (int i = 0; i < self->layer->n_inputs; i++)
    self->in_shapes[i] = rn_model_get_input_shape (model, layer, i);

  for (int i = 0; i < self->layer->n_weights; i++)
    {
      self->weights[i] = rn_tensor_to_f32 (rn_binding_get_tensor (binding, layer, i), error);
      if (self->weights[i] == NULL)
        return NULL;
    }

  find_activation (self);
  if (self->layer->kind == RN_LAYER_BATCH_NORM)
    fold_batch_norm (self);
  rn_generic_op_set_batch (self, 1);

  return g_steal_pointer (&self);
}

void
rn_generic_op_free (RnGenericOp *self)
{
  if (self == NULL)
    return;

  for (int i = 0; i < RN_LAYER_MAX_WEIGHTS; i++)
    if (self->weights[i] != NULL)
      rn_tensor_unref (self->weights[i]);
  g_free (self->scale);
  g_free (self->shift);
  g_free (self->in_shapes);
  rn_binding_unref (self->binding);
  g_free (self);
}

/* Cuts the work for @batch pictures at a time. */
void
rn_generic_op_set_batch (RnGenericOp *self, int batch)
{
  PrepareFunc prepare = prepare_funcs[self->layer->kind];

  g_return_if_fail (batch > 0);

  self->batch = batch;
  self->n_passes = 0;
  self->scratch = 0;
  if (prepare != NULL)
    prepare (self);
}

/* Whether the output is the (first) input under another name and shape, so that nothing is to be
 * computed: Flatten, Reshape, and Dropout, which only acts in training. An input is one too. */
gboolean
rn_generic_op_is_alias (const RnGenericOp *self)
{
  return self->n_passes == 0;
}

int
rn_generic_op_get_n_passes (const RnGenericOp *self)
{
  return self->n_passes;
}

gint64
rn_generic_op_get_n_units (const RnGenericOp *self, int pass)
{
  g_return_val_if_fail (pass >= 0 && pass < self->n_passes, 0);

  return self->n_units[pass];
}

/* Floats of scratch that each thread needs. */
gsize
rn_generic_op_get_scratch (const RnGenericOp *self)
{
  return self->scratch;
}

/**
 * rn_generic_op_run:
 * @inputs: the layer's inputs, each [batch, …] without gaps
 * @scratch: this thread's own
 * @output: [batch, …]
 *
 * Computes one unit of one pass.
 */
void
rn_generic_op_run (const RnGenericOp *self,
                   int pass,
                   gint64 unit,
                   const float *const *inputs,
                   float *scratch,
                   float *output)
{
  RnGenericTask task = { unit, inputs, scratch, output };

  self->passes[pass](self, &task);
}
