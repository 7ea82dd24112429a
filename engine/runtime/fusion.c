/* A convolution's kernel has its result in registers: batch norm, the addition of the shortcut and
 * ReLU cost nothing there, where each of them alone would read and write the whole tensor. */
#include "engine/runtime/fusion.h"

#include <math.h>

static gboolean
is_relu (const RnLayer *layer)
{
  if (layer->kind == RN_LAYER_RELU)
    return isinf (layer->config.activation.max_value);

  return layer->kind == RN_LAYER_ACTIVATION
         && layer->config.activation.function == RN_ACTIVATION_RELU;
}

/* The one layer that @layer feeds, once, where it is in no group yet; NULL where there are more. */
static const RnLayer *
get_only_consumer (const RnFusion *self, const RnModel *model, int layer)
{
  const RnLayer *from = rn_model_get_layer (model, layer), *to;
  int n_uses = 0;

  if (from->n_outputs != 1)
    return NULL;

  to = rn_model_get_layer (model, from->outputs[0]);
  for (int i = 0; i < to->n_inputs; i++)
    n_uses += to->inputs[i] == layer;

  return n_uses == 1 && self->group_of[to->index] < 0 ? to : NULL;
}

/* Extends a group behind its last layer by what its epilogue can compute. */
static void
add_epilogue (const RnFusion *self, const RnModel *model, RnGroup *group)
{
  const RnLayer *next = get_only_consumer (self, model, group->last);

  if (next != NULL && next->kind == RN_LAYER_BATCH_NORM && group->norm < 0 && group->sum < 0)
    {
      group->norm = group->last = next->index;
      next = get_only_consumer (self, model, group->last);
    }
  if (next != NULL && next->kind == RN_LAYER_ADD && next->n_inputs == 2 && group->sum < 0)
    {
      group->residual = next->inputs[next->inputs[0] == group->last ? 1 : 0];
      group->sum = group->last = next->index;
      next = get_only_consumer (self, model, group->last);
    }
  if (next != NULL && is_relu (next))
    group->relu = group->last = next->index;
}

/* The ZeroPadding2D that feeds @layer and nothing else, or -1. */
static int
find_padding (const RnFusion *self, const RnModel *model, const RnLayer *layer)
{
  const RnLayer *input = rn_model_get_layer (model, layer->inputs[0]);

  if (input->kind != RN_LAYER_ZERO_PADDING
      || get_only_consumer (self, model, input->index) != layer)
    return -1;

  return input->index;
}

static void
claim (RnFusion *self, const RnGroup *group)
{
  const int layers[] = { group->pad, group->main, group->norm, group->sum, group->relu };

  for (int i = 0; i < G_N_ELEMENTS (layers); i++)
    if (layers[i] >= 0)
      self->group_of[layers[i]] = self->groups->len;
  g_array_append_val (self->groups, *group);
}

static RnGroup
start_group (RnGroupKind kind, const RnLayer *layer)
{
  return (RnGroup) { kind, -1, -1, -1, -1, -1, -1, layer->inputs[0], layer->index };
}

static void
group_window (RnFusion *self, const RnModel *model, const RnLayer *layer)
{
  RnGroup group = start_group (RN_GROUP_CONV, layer);
  RnActivation activation = layer->config.conv.activation;

  if (layer->kind == RN_LAYER_MAX_POOL)
    {
      group.kind = RN_GROUP_POOL;
      /* Pooling's own border is left out, a ZeroPadding2D's counts as zeros: not both at once. */
      if (layer->config.pool.padding == RN_PADDING_VALID)
        group.pad = find_padding (self, model, layer);
    }
  else if (activation == RN_ACTIVATION_LINEAR || activation == RN_ACTIVATION_RELU)
    group.pad = find_padding (self, model, layer);
  else
    return;

  group.main = layer->index;
  if (group.pad >= 0)
    group.input = rn_model_get_layer (model, group.pad)->inputs[0];
  if (group.kind == RN_GROUP_CONV && activation == RN_ACTIVATION_RELU)
    group.relu = layer->index;
  else if (group.kind == RN_GROUP_CONV)
    add_epilogue (self, model, &group);
  claim (self, &group);
}

static void
group_affine (RnFusion *self, const RnModel *model, const RnLayer *layer)
{
  RnGroup group;

  if (layer->kind == RN_LAYER_INPUT || layer->output_shape.rank != 3)
    return;

  group = start_group (RN_GROUP_AFFINE, layer);
  if (layer->kind == RN_LAYER_BATCH_NORM)
    group.norm = layer->index;
  else if (layer->kind == RN_LAYER_ADD && layer->n_inputs == 2)
    {
      group.sum = layer->index;
      group.residual = layer->inputs[1];
    }
  else if (is_relu (layer))
    group.relu = layer->index;
  else
    return;

  if (group.relu < 0)
    add_epilogue (self, model, &group);
  claim (self, &group);
}

/**
 * rn_fusion_new:
 *
 * Of the two convolutions that an Add may stand behind the later one takes it, as the earlier one's
 * result is then there to be added.
 *
 * Returns: (transfer full): the groups of @model
 */
RnFusion *
rn_fusion_new (const RnModel *model)
{
  RnFusion *self = g_new0 (RnFusion, 1);
  int n_layers = rn_model_get_n_layers (model);

  self->groups = g_array_new (FALSE, FALSE, sizeof (RnGroup));
  self->group_of = g_new (int, n_layers);
  for (int i = 0; i < n_layers; i++)
    self->group_of[i] = -1;

  for (int i = n_layers - 1; i >= 0; i--)
    {
      const RnLayer *layer = rn_model_get_layer (model, i);

      if (layer->kind == RN_LAYER_CONV || layer->kind == RN_LAYER_MAX_POOL)
        group_window (self, model, layer);
    }
  for (int i = 0; i < n_layers; i++)
    if (self->group_of[i] < 0)
      group_affine (self, model, rn_model_get_layer (model, i));

  return self;
}

void
rn_fusion_free (RnFusion *self)
{
  g_array_unref (self->groups);
  g_free (self->group_of);
  g_free (self);
}

/* The group that @layer is in, or NULL. */
const RnGroup *
rn_fusion_find (const RnFusion *self, int layer)
{
  if (self->group_of[layer] < 0)
    return NULL;

  return &g_array_index (self->groups, RnGroup, self->group_of[layer]);
}

/* Undoes the group that @layer is in: each of its layers is then computed by itself. */
void
rn_fusion_dissolve (RnFusion *self, int layer)
{
  const RnGroup *group = rn_fusion_find (self, layer);
  const int layers[] = { group->pad, group->main, group->norm, group->sum, group->relu };

  for (int i = 0; i < G_N_ELEMENTS (layers); i++)
    if (layers[i] >= 0)
      self->group_of[layers[i]] = -1;
}

/* The convolution of a group for one picture, the border of a ZeroPadding2D before it included. */
RnConvShape
rn_fusion_get_conv_shape (const RnModel *model, const RnGroup *group)
{
  const RnLayer *layer = rn_model_get_layer (model, group->main);
  const RnConvConfig *config = &layer->config.conv;
  const RnShape *in = &rn_model_get_layer (model, group->input)->output_shape;
  RnShape padded = rn_model_get_input_shape (model, group->main, 0);
  RnPads pads = rn_window_get_pads (config->padding, &config->pads, &padded, config->kernel,
                                    config->stride, config->dilation);
  RnPads border = { 0 };

  if (group->pad >= 0)
    border = rn_model_get_layer (model, group->pad)->config.zero_padding;

  return (RnConvShape) {
    .batch = 1,
    .in_height = in->dims[0],
    .in_width = in->dims[1],
    .in_channels = in->dims[2],
    .out_height = layer->output_shape.dims[0],
    .out_width = layer->output_shape.dims[1],
    .out_channels = layer->output_shape.dims[2],
    .kernel = { config->kernel[0], config->kernel[1] },
    .stride = { config->stride[0], config->stride[1] },
    .dilation = { config->dilation[0], config->dilation[1] },
    .pad_top = pads.top + border.top,
    .pad_left = pads.left + border.left,
    .groups = config->groups,
  };
}
