/* A network as a row of items in which what is only written otherwise is alike, in an order that
 * does not depend on names or on the order of an Add's arguments. */
#include <math.h>

#include "engine/model/comparison-private.h"

typedef struct
{
  const RnModel *model;
  GArray *items;
  int *item_of; /* of each layer the item that stands for its output; -1: not yet */
} Row;

static void
item_clear (gpointer data)
{
  g_free (((RnItem *)data)->inputs);
}

static const RnLayer *
get_input (const Row *row, const RnLayer *layer, int i)
{
  return rn_model_get_layer (row->model, layer->inputs[i]);
}

static gboolean
is_relu (const RnLayer *layer)
{
  return (layer->kind == RN_LAYER_RELU || layer->kind == RN_LAYER_ACTIVATION) &&
         layer->config.activation.function == RN_ACTIVATION_RELU;
}

static gboolean
is_conv (RnLayerKind kind)
{
  return kind == RN_LAYER_CONV || kind == RN_LAYER_DEPTHWISE_CONV ||
         kind == RN_LAYER_SEPARABLE_CONV;
}

/* Whether a ZeroPadding2D says no more than borders of the layer behind it would: of a convolution,
 * or of a max pooling where nothing is below zero. */
static gboolean
is_border (const Row *row, const RnLayer *layer)
{
  const RnLayer *next;

  if (layer->kind != RN_LAYER_ZERO_PADDING || layer->n_outputs != 1)
    return FALSE;
  next = rn_model_get_layer (row->model, layer->outputs[0]);
  if (is_conv (next->kind))
    return next->config.conv.padding != RN_PADDING_SAME;

  return next->kind == RN_LAYER_MAX_POOL && next->config.pool.padding != RN_PADDING_SAME &&
         is_relu (get_input (row, layer, 0));
}

/* Whether a layer passes its numbers on unchanged and in their order. */
static gboolean
is_nothing (const Row *row, const RnLayer *layer)
{
  RnShape input;

  if (layer->kind == RN_LAYER_ACTIVATION)
    return layer->config.activation.function == RN_ACTIVATION_LINEAR;
  if (layer->kind != RN_LAYER_FLATTEN && layer->kind != RN_LAYER_RESHAPE)
    return FALSE;
  input = rn_model_get_input_shape (row->model, layer->index, 0);

  return rn_shape_get_n_elements (&input) == rn_shape_get_channels (&input) &&
         rn_shape_get_n_elements (&input) == rn_shape_get_channels (&layer->output_shape);
}

static void
set (RnItem *item, RnTrait trait, double x, double y, double z, double w)
{
  item->traits[trait][0] = x;
  item->traits[trait][1] = y;
  item->traits[trait][2] = z;
  item->traits[trait][3] = w;
}

static void
set_shape (RnItem *item, RnTrait trait, const RnShape *shape)
{
  set (item, trait, shape->dims[0], shape->rank > 1 ? shape->dims[1] : 0,
       shape->rank > 2 ? shape->dims[2] : 0, shape->rank);
}

static void
set_padding (const Row *row, RnItem *item, const RnLayer *layer, RnPadding rule, RnPads pads)
{
  item->form = rule == RN_PADDING_SAME ? RN_FORM_SAME : RN_FORM_PLAIN;
  if (rule == RN_PADDING_EXPLICIT && pads.top + pads.bottom + pads.left + pads.right > 0)
    item->form = RN_FORM_EXPLICIT;
  if (is_border (row, get_input (row, layer, 0)))
    {
      const RnPads *more = &get_input (row, layer, 0)->config.zero_padding;

      pads.top += more->top;
      pads.bottom += more->bottom;
      pads.left += more->left;
      pads.right += more->right;
      item->form = RN_FORM_ZERO_PADDING;
    }
  set (item, RN_TRAIT_PADDING, pads.top, pads.bottom, pads.left, pads.right);
}

static void
describe_conv (const Row *row, RnItem *item, const RnLayer *layer)
{
  const RnConvConfig *conv = &layer->config.conv;
  RnShape input = rn_model_get_input_shape (row->model, layer->index, 0);
  RnPads pads = { 0 };

  set (item, RN_TRAIT_FILTERS, conv->filters, conv->depth_multiplier, 0, 0);
  if (layer->kind == RN_LAYER_CONV)
    item->traits[RN_TRAIT_FILTERS][1] = 0;
  if (layer->kind == RN_LAYER_DEPTHWISE_CONV)
    item->traits[RN_TRAIT_FILTERS][0] = 0;
  set (item, RN_TRAIT_KERNEL, conv->kernel[0], conv->kernel[1], 0, 0);
  set (item, RN_TRAIT_STRIDE, conv->stride[0], conv->stride[1], 0, 0);
  set (item, RN_TRAIT_DILATION, conv->dilation[0], conv->dilation[1], 0, 0);
  set (item, RN_TRAIT_GROUPS, conv->groups, 0, 0, 0);
  set (item, RN_TRAIT_BIAS, conv->use_bias, 0, 0, 0);
  if (input.rank == 3)
    pads = rn_window_get_pads (conv->padding, &conv->pads, &input, conv->kernel, conv->stride,
                               conv->dilation);
  set_padding (row, item, layer, conv->padding, pads);
}

static void
describe_pool (const Row *row, RnItem *item, const RnLayer *layer)
{
  const RnPoolConfig *pool = &layer->config.pool;
  RnShape input = rn_model_get_input_shape (row->model, layer->index, 0);
  RnPads pads = { 0 };

  if (input.rank == 3)
    pads = rn_window_get_pads (pool->padding, &pool->pads, &input, pool->pool, pool->stride, NULL);
  if (input.rank == 3 && pool->pool[0] == input.dims[0] && pool->pool[1] == input.dims[1] &&
      pads.top + pads.bottom + pads.left + pads.right == 0)
    {
      item->kind = layer->kind == RN_LAYER_MAX_POOL ? RN_LAYER_GLOBAL_MAX_POOL
                                                    : RN_LAYER_GLOBAL_AVERAGE_POOL;
      item->form = RN_FORM_POOL;
      return;
    }
  set (item, RN_TRAIT_POOL, pool->pool[0], pool->pool[1], 0, 0);
  set (item, RN_TRAIT_STRIDE, pool->stride[0], pool->stride[1], 0, 0);
  set_padding (row, item, layer, pool->padding, pads);
}

static void
describe (const Row *row, RnItem *item, const RnLayer *layer)
{
  const RnBatchNormConfig *norm = &layer->config.batch_norm;

  switch ((int)layer->kind)
    {
    case RN_LAYER_INPUT:
      set_shape (item, RN_TRAIT_INPUT, &layer->output_shape);
      break;
    case RN_LAYER_CONV:
    case RN_LAYER_DEPTHWISE_CONV:
    case RN_LAYER_SEPARABLE_CONV:
      describe_conv (row, item, layer);
      break;
    case RN_LAYER_MAX_POOL:
    case RN_LAYER_AVERAGE_POOL:
      describe_pool (row, item, layer);
      break;
    case RN_LAYER_BATCH_NORM:
      set (item, RN_TRAIT_EPSILON, norm->epsilon, 0, 0, 0);
      set (item, RN_TRAIT_SCALE, norm->scale, norm->center, 0, 0);
      break;
    case RN_LAYER_RELU:
    case RN_LAYER_ACTIVATION:
      item->kind = RN_LAYER_ACTIVATION;
      item->form = layer->kind == RN_LAYER_RELU ? RN_FORM_RELU : RN_FORM_PLAIN;
      set (item, RN_TRAIT_ACTIVATION, layer->config.activation.function,
           isfinite (layer->config.activation.max_value) && layer->kind == RN_LAYER_RELU
               ? layer->config.activation.max_value
               : 0,
           0, 0);
      break;
    case RN_LAYER_DENSE:
      set (item, RN_TRAIT_UNITS, layer->config.dense.units, 0, 0, 0);
      set (item, RN_TRAIT_BIAS, layer->config.dense.use_bias, 0, 0, 0);
      break;
    case RN_LAYER_RESHAPE:
      set_shape (item, RN_TRAIT_SHAPE, &layer->config.reshape);
      break;
    case RN_LAYER_ZERO_PADDING:
      set (item, RN_TRAIT_PADDING, layer->config.zero_padding.top,
           layer->config.zero_padding.bottom, layer->config.zero_padding.left,
           layer->config.zero_padding.right);
      break;
    case RN_LAYER_SHORTCUT_PADDING:
      set (item, RN_TRAIT_STRIDE, layer->config.shortcut_padding.stride,
           layer->config.shortcut_padding.stride, 0, 0);
      set (item, RN_TRAIT_FILTERS, layer->config.shortcut_padding.before,
           layer->config.shortcut_padding.after, 0, 0);
      break;
    default:
      break;
    }
}

/* A convolution's or Dense layer's own activation becomes an item behind it. */
static void
add_own_activation (Row *row, const RnLayer *layer)
{
  RnActivation activation = RN_ACTIVATION_LINEAR;
  RnItem item = { .kind = RN_LAYER_ACTIVATION, .layer = layer->index, .form = RN_FORM_WITHIN };

  if (is_conv (layer->kind))
    activation = layer->config.conv.activation;
  else if (layer->kind == RN_LAYER_DENSE)
    activation = layer->config.dense.activation;
  if (activation == RN_ACTIVATION_LINEAR)
    return;

  set (&item, RN_TRAIT_ACTIVATION, activation, 0, 0, 0);
  item.n_inputs = 1;
  item.inputs = g_new (int, 1);
  item.inputs[0] = row->items->len - 1;
  g_array_append_val (row->items, item);
}

/* The block's branch comes before its shortcut, whichever the Add names first. */
static int
get_argument (const Row *row, const RnLayer *layer, int i)
{
  const RnStructure *structure = rn_model_get_structure (row->model);
  const RnBlock *block = rn_structure_find_block (structure, layer->index);

  if (layer->kind == RN_LAYER_ADD && block != NULL && block->add == layer->index &&
      block->shortcut_argument == 0)
    return 1 - i;

  return i;
}

static void
add_layer (Row *row, const RnLayer *layer)
{
  RnItem item = { .kind = layer->kind,
                  .foreign = layer->kind == RN_LAYER_UNSUPPORTED ? layer->keras_class : NULL,
                  .layer = layer->index };

  if (is_border (row, layer) || is_nothing (row, layer))
    {
      row->item_of[layer->index] = row->item_of[layer->inputs[0]];
      return;
    }

  describe (row, &item, layer);
  item.n_inputs = layer->n_inputs;
  item.inputs = g_new (int, MAX (layer->n_inputs, 1));
  for (int i = 0; i < layer->n_inputs; i++)
    item.inputs[i] = row->item_of[layer->inputs[get_argument (row, layer, i)]];
  item.first_argument = layer->n_inputs > 1 ? get_argument (row, layer, 0) : 0;
  g_array_append_val (row->items, item);
  add_own_activation (row, layer);
  row->item_of[layer->index] = row->items->len - 1;
}

/* Depth first from the outputs, with a stack of its own; every layer after what feeds it. */
static void
walk (Row *row, int output, int *next)
{
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (int));

  g_array_append_val (stack, output);
  while (stack->len > 0)
    {
      int node = g_array_index (stack, int, stack->len - 1);
      const RnLayer *layer = rn_model_get_layer (row->model, node);

      if (row->item_of[node] >= 0 || next[node] == layer->n_inputs)
        {
          if (row->item_of[node] < 0)
            add_layer (row, layer);
          g_array_set_size (stack, stack->len - 1);
          continue;
        }
      node = layer->inputs[get_argument (row, layer, next[node]++)];
      if (row->item_of[node] < 0)
        g_array_append_val (stack, node);
    }
}

/* Returns: (transfer full): an array of RnItem */
GArray *
rn_items_new (const RnModel *model)
{
  int n = rn_model_get_n_layers (model);
  g_autofree int *item_of = g_new (int, n);
  g_autofree int *next = g_new0 (int, n);
  Row row = { model, g_array_new (FALSE, TRUE, sizeof (RnItem)), item_of };

  g_array_set_clear_func (row.items, item_clear);
  for (int i = 0; i < n; i++)
    item_of[i] = -1;
  for (int i = 0; i < rn_model_get_n_outputs (model); i++)
    walk (&row, rn_model_get_output (model, i)->index, next);

  return row.items;
}

/* Whether two items are of one kind; of layers that are not supported, of one class. */
gboolean
rn_items_alike (const RnItem *a, const RnItem *b)
{
  return a->kind == b->kind && g_strcmp0 (a->foreign, b->foreign) == 0;
}

/* Whether two items of one kind agree in a trait. Borders agree where their rule does: how much
 * "same" adds follows from sizes that differ elsewhere. */
gboolean
rn_items_equal (const RnItem *a, const RnItem *b, RnTrait trait)
{
  const double *x = a->traits[trait], *y = b->traits[trait];

  if (trait == RN_TRAIT_PADDING && a->form == RN_FORM_SAME && b->form == RN_FORM_SAME)
    return TRUE;
  if (trait == RN_TRAIT_EPSILON)
    return fabs (x[0] - y[0]) <= 1e-3 * MAX (x[0], y[0]);

  return x[0] == y[0] && x[1] == y[1] && x[2] == y[2] && x[3] == y[3];
}
