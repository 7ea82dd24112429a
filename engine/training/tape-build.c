/* From a model's layers to a tape's operations. */
#include <math.h>

#include "engine/kernels/conv/conv-backward.h"
#include "engine/kernels/conv/conv-gemm.h"
#include "engine/training/tape-private.h"

/* Whether layer @index has no reader but one, and nobody wants to look at it. */
static const RnLayer *
get_only_reader (RnTape *self, int index)
{
  const RnLayer *layer = rn_model_get_layer (self->model, index);

  if (self->options.every_layer || self->options.kernels == NULL || layer->n_outputs != 1)
    return NULL;

  return rn_model_get_layer (self->model, layer->outputs[0]);
}

static gboolean
is_relu (const RnLayer *layer)
{
  return (layer->kind == RN_LAYER_RELU && isinf (layer->config.activation.max_value)) ||
         (layer->kind == RN_LAYER_ACTIVATION &&
          layer->config.activation.function == RN_ACTIVATION_RELU);
}

/* Of an addition of two the batch norm that it can be fused to: the last one before it that nobody
 * else reads; -1 for none. */
static int
find_fused_norm (RnTape *self, const RnLayer *add)
{
  int found = -1;

  if (add->kind != RN_LAYER_ADD || add->n_inputs != 2)
    return -1;
  for (int i = 0; i < 2; i++)
    if (rn_model_get_layer (self->model, add->inputs[i])->kind == RN_LAYER_BATCH_NORM &&
        get_only_reader (self, add->inputs[i]) == add && add->inputs[i] > found &&
        rn_shape_get_channels (&add->output_shape) % RN_BLOCK == 0 && add->output_shape.rank == 3)
      found = add->inputs[i];

  return found;
}

/* Whether a zero padding is nothing but the border of the one convolution behind it. */
static gboolean
is_fused_padding (RnTape *self, const RnLayer *layer)
{
  const RnLayer *reader = get_only_reader (self, layer->index);

  return layer->kind == RN_LAYER_ZERO_PADDING && reader != NULL && reader->kind == RN_LAYER_CONV &&
         reader->config.conv.padding == RN_PADDING_VALID;
}

RnTapeOp *
rn_tape_add_op (RnTape *self, const RnTapeFuncs *funcs, const RnLayer *layer)
{
  RnTapeOp *op = g_new0 (RnTapeOp, 1);

  op->funcs = funcs;
  op->layer = layer;
  op->output = -1;
  op->trains = layer->index >= self->options.first_layer;
  op->max_value = INFINITY;
  for (int i = 0; i < RN_LAYER_MAX_WEIGHTS; i++)
    op->weights[i] = -1;
  g_ptr_array_add (self->ops, op);

  return op;
}

int
rn_tape_add_value (RnTape *self, int layer, const RnShape *shape, gboolean blocked)
{
  RnTapeValue *value = g_new0 (RnTapeValue, 1);

  value->layer = layer;
  value->shape = *shape;
  value->blocked = blocked;
  value->slot = -1;
  value->size = rn_shape_get_n_elements (shape);
  if (blocked)
    {
      value->geometry = rn_blocked_make (1, shape->dims[0], shape->dims[1], shape->dims[2]);
      value->size = value->geometry.picture;
    }
  else /* so that every picture begins a line of the cache */
    value->size = (value->size + RN_BLOCK - 1) / RN_BLOCK * RN_BLOCK;
  g_ptr_array_add (self->values, value);
  self->twin_of = g_renew (int, self->twin_of, self->values->len);
  self->twin_of[self->values->len - 1] = -1;

  return self->values->len - 1;
}

static void
add_input (RnTape *self, RnTapeOp *op, int value)
{
  if (op->n_inputs < 2)
    op->in_shapes[op->n_inputs] = rn_tape_value (self, value)->shape;
  op->inputs[op->n_inputs++] = value;
}

/* What the operation puts out; wanted if something before it, or in it, is trained. */
static int
set_output (RnTape *self, RnTapeOp *op, int layer, const RnShape *shape, gboolean blocked)
{
  gboolean wanted = FALSE;

  op->out_shape = *shape;
  op->output = rn_tape_add_value (self, layer, shape, blocked);
  for (int i = 0; i < op->n_inputs; i++)
    wanted |= rn_tape_wants (self, op, i);
  for (int i = 0; i < op->layer->n_weights; i++)
    wanted |= op->trains && op->layer->weights[i].trainable;
  rn_tape_value (self, op->output)->wanted = wanted;

  return op->output;
}

/* The value in the layout that is needed, converted where it is not there yet. */
int
rn_tape_get_layout (RnTape *self, int value, gboolean blocked)
{
  const RnTapeValue *v = rn_tape_value (self, value);
  const RnLayer *layer = rn_model_get_layer (self->model, MAX (v->layer, 0));
  RnShape shape = v->shape;
  RnTapeOp *op;
  int twin;

  if (v->blocked == blocked)
    return value;
  if (self->twin_of[value] >= 0)
    return self->twin_of[value];
  op = rn_tape_add_op (self, blocked ? &rn_tape_to_blocked : &rn_tape_to_plain, layer);
  op->trains = FALSE;
  add_input (self, op, value);
  twin = set_output (self, op, -1, &shape, blocked);
  self->twin_of[value] = twin;

  return twin;
}

static int
get_input (RnTape *self, const RnLayer *layer, int i, gboolean blocked)
{
  return rn_tape_get_layout (self, self->value_of[layer->inputs[i]], blocked);
}

static gboolean
is_blocked (RnTape *self, int value)
{
  return rn_tape_value (self, value)->blocked;
}

/* Whether maps of this shape may be blocked at all. */
static gboolean
can_be_blocked (RnTape *self, const RnShape *shape)
{
  return self->options.kernels != NULL && shape->rank == 3 && shape->dims[2] % RN_BLOCK == 0;
}

/* An activation that a layer ends in, as an operation of its own. */
static int
add_activation (RnTape *self,
                const RnLayer *layer,
                RnActivation function,
                float max_value,
                int input,
                int name)
{
  gboolean blocked = is_blocked (self, input) && function == RN_ACTIVATION_RELU;
  RnTapeOp *op;

  if (function == RN_ACTIVATION_LINEAR)
    {
      rn_tape_value (self, input)->layer = name;
      return input;
    }
  input = rn_tape_get_layout (self, input, blocked);
  op = rn_tape_add_op (self, &rn_tape_activation, layer);
  op->trains = FALSE;
  op->function = function;
  op->max_value = max_value;
  add_input (self, op, input);

  return set_output (self, op, name, &op->in_shapes[0], blocked);
}

static void
need_scratch (RnTape *self, gsize n_floats)
{
  self->scratch_size = MAX (self->scratch_size, (n_floats + RN_BLOCK) / RN_BLOCK * RN_BLOCK);
}

static RnConvShape
get_conv_shape (const RnLayer *layer, const RnShape *in, const RnShape *out, const RnPads *border)
{
  const RnConvConfig *config = &layer->config.conv;
  gboolean depthwise = layer->kind != RN_LAYER_CONV;
  RnPads pads = rn_window_get_pads (config->padding, &config->pads, in, config->kernel,
                                    config->stride, config->dilation);

  return (RnConvShape) {
    .batch = 1,
    .in_height = in->dims[0],
    .in_width = in->dims[1],
    .in_channels = in->dims[2],
    .out_height = out->dims[0],
    .out_width = out->dims[1],
    .out_channels = depthwise ? in->dims[2] * config->depth_multiplier : out->dims[2],
    .kernel = { config->kernel[0], config->kernel[1] },
    .stride = { config->stride[0], config->stride[1] },
    .dilation = { config->dilation[0], config->dilation[1] },
    .pad_top = pads.top + border->top,
    .pad_left = pads.left + border->left,
    .groups = depthwise ? 1 : config->groups,
    .multiplier = depthwise ? config->depth_multiplier : 0,
  };
}

static gboolean
add_conv (RnTape *self, const RnLayer *layer, GError **error)
{
  const RnLayer *before = rn_model_get_layer (self->model, layer->inputs[0]);
  gboolean padded = is_fused_padding (self, before);
  RnPads none = { 0 };
  int input = padded ? self->value_of[before->inputs[0]] : self->value_of[layer->inputs[0]];
  RnShape in = rn_tape_value (self, input)->shape;
  RnConvShape shape = get_conv_shape (layer, &in, &layer->output_shape,
                                      padded ? &before->config.zero_padding : &none);
  gboolean blocked = self->options.kernels != NULL && rn_conv_training_can (&shape);
  RnTapeOp *op;

  input = rn_tape_get_layout (self, input, blocked);
  op = rn_tape_add_op (self, blocked ? &rn_tape_conv_blocked : &rn_tape_conv, layer);
  op->conv = shape;
  op->weights[0] = self->parameters->offsets[layer->index][0];
  op->weights[1] = rn_parameters_find (self->parameters, layer->index, "bias");
  add_input (self, op, input);
  if (blocked)
    {
      op->state = rn_conv_training_new (&shape, self->options.kernels, error);
      op->state_free = (GDestroyNotify) rn_conv_training_free;
      if (op->state == NULL)
        return FALSE;
    }
  else
    need_scratch (self, MAX (rn_conv_gemm_get_tiling (&shape).scratch,
                             rn_conv_backward_get_scratch (&shape)));
  set_output (self, op, -1, &layer->output_shape, blocked);
  self->value_of[layer->index] = add_activation (self, layer, layer->config.conv.activation,
                                                 INFINITY, op->output, layer->index);

  return TRUE;
}

/* A depthwise convolution and, of a separable one, the 1x1 convolution behind it. */
static void
add_depthwise (RnTape *self, const RnLayer *layer)
{
  gboolean separable = layer->kind == RN_LAYER_SEPARABLE_CONV;
  int input = get_input (self, layer, 0, FALSE), bias;
  RnShape in = rn_tape_value (self, input)->shape, middle = layer->output_shape;
  RnPads none = { 0 };
  RnTapeOp *op = rn_tape_add_op (self, &rn_tape_depthwise, layer);

  bias = (int) rn_parameters_find (self->parameters, layer->index, "bias");
  op->conv = get_conv_shape (layer, &in, &layer->output_shape, &none);
  op->weights[0] = self->parameters->offsets[layer->index][0];
  op->weights[1] = separable ? -1 : bias;
  middle.dims[2] = op->conv.out_channels;
  add_input (self, op, input);
  input = set_output (self, op, -1, &middle, FALSE);
  if (separable)
    {
      op = rn_tape_add_op (self, &rn_tape_conv, layer);
      op->conv = (RnConvShape) { 1, middle.dims[0], middle.dims[1], middle.dims[2],
                                 middle.dims[0], middle.dims[1], layer->output_shape.dims[2],
                                 { 1, 1 }, { 1, 1 }, { 1, 1 }, 0, 0, 1, 0 };
      op->weights[0] = self->parameters->offsets[layer->index][1];
      op->weights[1] = bias;
      need_scratch (self, rn_conv_backward_get_scratch (&op->conv));
      add_input (self, op, input);
      input = set_output (self, op, -1, &layer->output_shape, FALSE);
    }
  self->value_of[layer->index] = add_activation (self, layer, layer->config.conv.activation,
                                                 INFINITY, input, layer->index);
}

static void
add_dense (RnTape *self, const RnLayer *layer)
{
  int input = get_input (self, layer, 0, FALSE);
  RnTapeOp *op = rn_tape_add_op (self, &rn_tape_dense, layer);

  op->weights[0] = self->parameters->offsets[layer->index][0];
  op->weights[1] = rn_parameters_find (self->parameters, layer->index, "bias");
  add_input (self, op, input);
  op->in_shapes[0] =
      rn_shape_vector ((int) rn_shape_get_n_elements (&op->in_shapes[0]));
  set_output (self, op, -1, &layer->output_shape, FALSE);
  self->value_of[layer->index] = add_activation (self, layer, layer->config.dense.activation,
                                                 INFINITY, op->output, layer->index);
}

/* Batch norm, and what is fused to it: @add (nullable), and a ReLU behind either. */
static gboolean
add_norm (RnTape *self, const RnLayer *layer, const RnLayer *add, GError **error)
{
  gboolean blocked = can_be_blocked (self, &layer->output_shape);
  const RnLayer *last = add != NULL ? add : layer;
  const RnLayer *reader = blocked ? get_only_reader (self, last->index) : NULL;
  int input = get_input (self, layer, 0, blocked), residual = -1;
  RnTapeOp *op;

  if (add != NULL)
    residual = get_input (self, add, add->inputs[0] == layer->index ? 1 : 0, blocked);
  op = rn_tape_add_op (self, blocked ? &rn_tape_norm_blocked : &rn_tape_norm, layer);
  op->epsilon = rn_binding_get_epsilon (self->binding, layer->index);
  op->by_batch = self->options.training && op->trains;
  op->residual = add != NULL;
  op->relu = reader != NULL && is_relu (reader);
  if (op->relu)
    last = reader;
  add_input (self, op, input);
  if (add != NULL)
    add_input (self, op, residual);
  op->state = rn_tape_norm_state_new (rn_shape_get_channels (&layer->output_shape),
                                      self->n_chunks, error);
  op->state_free = rn_tape_norm_state_free;
  if (op->state == NULL)
    return FALSE;
  self->value_of[last->index] = set_output (self, op, last->index, &layer->output_shape, blocked);

  return TRUE;
}

static void
add_pool (RnTape *self, const RnLayer *layer)
{
  gboolean average = layer->kind == RN_LAYER_AVERAGE_POOL;
  gboolean global = layer->kind == RN_LAYER_GLOBAL_AVERAGE_POOL ||
                    layer->kind == RN_LAYER_GLOBAL_MAX_POOL;
  RnShape in = rn_tape_value (self, self->value_of[layer->inputs[0]])->shape;
  const RnPoolConfig *config = &layer->config.pool;
  gboolean whole = layer->kind == RN_LAYER_GLOBAL_AVERAGE_POOL ||
                   (average && config->padding == RN_PADDING_VALID &&
                    config->pool[0] == in.dims[0] && config->pool[1] == in.dims[1]);
  gboolean blocked = whole && is_blocked (self, self->value_of[layer->inputs[0]]);
  int input = get_input (self, layer, 0, blocked);
  RnTapeOp *op = rn_tape_add_op (self,
                                 blocked  ? &rn_tape_global_average_blocked
                                 : global ? &rn_tape_global_pool
                                          : &rn_tape_pool,
                                 layer);

  if (!global)
    {
      RnPads pads = rn_window_get_pads (config->padding, &config->pads, &in, config->pool,
                                        config->stride, NULL);

      op->pool = (RnPoolShape) { .batch = 1,
                                 .in_height = in.dims[0],
                                 .in_width = in.dims[1],
                                 .out_height = layer->output_shape.dims[0],
                                 .out_width = layer->output_shape.dims[1],
                                 .channels = in.dims[2],
                                 .window = { config->pool[0], config->pool[1] },
                                 .stride = { config->stride[0], config->stride[1] },
                                 .pad_top = pads.top,
                                 .pad_left = pads.left,
                                 .count_padding = config->count_padding };
    }
  add_input (self, op, input);
  self->value_of[layer->index] =
      set_output (self, op, layer->index, &layer->output_shape, FALSE);
}

/* Layers that put out as many numbers as they are given, or join several. */
static void
add_plain (RnTape *self, const RnLayer *layer, const RnTapeFuncs *funcs, gboolean blocked)
{
  int inputs[RN_TAPE_MAX_INPUTS];
  RnTapeOp *op;

  for (int i = 0; i < layer->n_inputs; i++)
    inputs[i] = get_input (self, layer, i, blocked);
  op = rn_tape_add_op (self, funcs, layer);
  for (int i = 0; i < layer->n_inputs; i++)
    add_input (self, op, inputs[i]);
  self->value_of[layer->index] =
      set_output (self, op, layer->index, &layer->output_shape, blocked);
}

static gboolean
can_pad_blocked (RnTape *self, const RnLayer *layer)
{
  const RnShortcutPaddingConfig *config = &layer->config.shortcut_padding;

  return is_blocked (self, self->value_of[layer->inputs[0]]) &&
         can_be_blocked (self, &layer->output_shape) && config->before % RN_BLOCK == 0 &&
         config->after % RN_BLOCK == 0;
}

static gboolean
add_layer (RnTape *self, const RnLayer *layer, GError **error)
{
  int first = layer->n_inputs > 0 ? self->value_of[layer->inputs[0]] : -1;
  gboolean blocked = first >= 0 && is_blocked (self, first);
  int norm = find_fused_norm (self, layer);

  switch (layer->kind)
    {
    case RN_LAYER_INPUT:
      self->value_of[layer->index] =
          rn_tape_add_value (self, layer->index, &layer->output_shape, FALSE);
      rn_tape_value (self, self->value_of[layer->index])->wanted = self->options.input_gradient;
      return TRUE;
    case RN_LAYER_CONV:
      return add_conv (self, layer, error);
    case RN_LAYER_DEPTHWISE_CONV:
    case RN_LAYER_SEPARABLE_CONV:
      add_depthwise (self, layer);
      return TRUE;
    case RN_LAYER_DENSE:
      add_dense (self, layer);
      return TRUE;
    case RN_LAYER_BATCH_NORM:
      return add_norm (self, layer, NULL, error);
    case RN_LAYER_ADD:
      if (norm >= 0)
        return add_norm (self, rn_model_get_layer (self->model, norm), layer, error);
      add_plain (self, layer, &rn_tape_add, blocked);
      return TRUE;
    case RN_LAYER_ACTIVATION:
      self->value_of[layer->index] = add_activation (
          self, layer, layer->config.activation.function, INFINITY, first, layer->index);
      return TRUE;
    case RN_LAYER_RELU:
      self->value_of[layer->index] =
          add_activation (self, layer, RN_ACTIVATION_RELU, layer->config.activation.max_value,
                          first, layer->index);
      return TRUE;
    case RN_LAYER_MAX_POOL:
    case RN_LAYER_AVERAGE_POOL:
    case RN_LAYER_GLOBAL_MAX_POOL:
    case RN_LAYER_GLOBAL_AVERAGE_POOL:
      add_pool (self, layer);
      return TRUE;
    case RN_LAYER_MULTIPLY:
      add_plain (self, layer, &rn_tape_multiply, FALSE);
      return TRUE;
    case RN_LAYER_CONCATENATE:
      add_plain (self, layer, &rn_tape_concatenate, FALSE);
      return TRUE;
    case RN_LAYER_ZERO_PADDING:
      add_plain (self, layer, &rn_tape_zero_padding, FALSE);
      return TRUE;
    case RN_LAYER_SHORTCUT_PADDING:
      if (can_pad_blocked (self, layer))
        add_plain (self, layer, &rn_tape_shortcut_padding_blocked, TRUE);
      else
        add_plain (self, layer, &rn_tape_shortcut_padding, FALSE);
      return TRUE;
    case RN_LAYER_DROPOUT:
      if (self->options.training && layer->index >= self->options.first_layer)
        add_plain (self, layer, &rn_tape_dropout, FALSE);
      else
        self->value_of[layer->index] = first;
      return TRUE;
    case RN_LAYER_FLATTEN:
    case RN_LAYER_RESHAPE:
      self->value_of[layer->index] = get_input (self, layer, 0, FALSE);
      return TRUE;
    default:
      g_set_error (error, RN_TAPE_ERROR, RN_TAPE_ERROR_MODEL,
                   "layer “%s” (%s) has no derivative here; a model without it would be right",
                   layer->name, layer->keras_class);
      return FALSE;
    }
}

/* Whether another layer's operation does this one's work. */
static gboolean
is_done_elsewhere (RnTape *self, const RnLayer *layer)
{
  const RnLayer *reader = get_only_reader (self, layer->index);

  return self->value_of[layer->index] >= 0 || is_fused_padding (self, layer) ||
         (layer->kind == RN_LAYER_BATCH_NORM && reader != NULL &&
          find_fused_norm (self, reader) == layer->index);
}

/* What goes into the softmax at the end, where there is one. */
static gboolean
find_logits (RnTape *self, GError **error)
{
  const RnLayer *output = rn_model_get_output (self->model, 0);
  RnTapeOp *last = self->ops->len > 0 ? self->ops->pdata[self->ops->len - 1] : NULL;

  self->logits = self->value_of[output->index];
  if (last != NULL && last->output == self->logits && last->funcs == &rn_tape_activation)
    {
      if (last->function == RN_ACTIVATION_SOFTMAX)
        {
          self->logits = last->inputs[0];
          self->value_of[output->index] = self->logits;
          rn_tape_value (self, self->logits)->layer = output->index;
          g_ptr_array_remove_index (self->ops, self->ops->len - 1);
          g_free (last);
        }
      else
        self->logits = -1;
    }
  self->n_classes = rn_shape_get_channels (&output->output_shape);
  if (self->logits < 0 || rn_model_get_n_outputs (self->model) != 1 ||
      output->output_shape.rank != 1 || self->n_classes < 2)
    {
      g_set_error (error, RN_TAPE_ERROR, RN_TAPE_ERROR_MODEL,
                   "%s does not end in a classifier; one softmax over two or more classes would be "
                   "right (for a built-in model: no --no-top)",
                   rn_model_get_name (self->model));
      return FALSE;
    }

  return TRUE;
}

gboolean
rn_tape_build (RnTape *self, GError **error)
{
  for (int i = 0; i < rn_model_get_n_layers (self->model); i++)
    {
      const RnLayer *layer = rn_model_get_layer (self->model, i);

      if (layer->n_inputs > RN_TAPE_MAX_INPUTS)
        {
          g_set_error (error, RN_TAPE_ERROR, RN_TAPE_ERROR_MODEL,
                       "layer “%s” joins %d tensors; at most %d would be right", layer->name,
                       layer->n_inputs, RN_TAPE_MAX_INPUTS);
          return FALSE;
        }
      if (!is_done_elsewhere (self, layer) && !add_layer (self, layer, error))
        return FALSE;
    }

  return find_logits (self, error);
}
