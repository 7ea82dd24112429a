/* An edit makes a new network out of the old one: layers are drafted anew, changed, and built with
 * every check of RnModelBuilder; weights that stay are shared. So whatever runs a network runs an
 * edited one, and an edited run equals that of a model built that way. */
#include "engine/model/model-builder.h"
#include "engine/runtime/edit.h"

#include <math.h>

#define RANDOM_SEED 1
#define SCALE_EPSILON 1e-3f

/* A layer that may still change. */
typedef struct
{
  char *name;
  RnLayerKind kind;
  RnLayerConfig config;
  GPtrArray *inputs; /* names */
  int n_weights;
  const char *weight_names[RN_LAYER_MAX_WEIGHTS];
  RnTensor *tensors[RN_LAYER_MAX_WEIGHTS];
} Draft;

typedef struct
{
  RnModel *model;    /* before the edit */
  GPtrArray *drafts; /* at a layer's index, and new ones behind them */
} Network;

static void
draft_clear_weights (Draft *draft)
{
  for (int i = 0; i < draft->n_weights; i++)
    rn_tensor_unref (draft->tensors[i]);
  draft->n_weights = 0;
}

static void
draft_free (gpointer data)
{
  Draft *draft = data;

  draft_clear_weights (draft);
  g_free (draft->name);
  g_ptr_array_unref (draft->inputs);
  g_free (draft);
}

static Draft *
draft_new (Network *network, const char *name, RnLayerKind kind, const char *input)
{
  Draft *draft = g_new0 (Draft, 1);

  draft->name = g_strdup (name);
  draft->kind = kind;
  draft->inputs = g_ptr_array_new_with_free_func (g_free);
  if (input != NULL)
    g_ptr_array_add (draft->inputs, g_strdup (input));
  g_ptr_array_add (network->drafts, draft);

  return draft;
}

static Draft *
get_draft (Network *network, int index)
{
  return g_ptr_array_index (network->drafts, index);
}

static void
draft_add_weight (Draft *draft, const char *name, RnTensor *tensor)
{
  draft->weight_names[draft->n_weights] = name;
  draft->tensors[draft->n_weights++] = tensor;
}

static void
network_init (Network *network, RnBinding *binding)
{
  network->model = rn_binding_get_model (binding);
  network->drafts = g_ptr_array_new_with_free_func (draft_free);
  for (int i = 0; i < rn_model_get_n_layers (network->model); i++)
    {
      const RnLayer *layer = rn_model_get_layer (network->model, i);
      Draft *draft = draft_new (network, layer->name, layer->kind, NULL);

      draft->config = layer->config;
      if (layer->kind == RN_LAYER_BATCH_NORM)
        draft->config.batch_norm.epsilon = rn_binding_get_epsilon (binding, i);
      for (int k = 0; k < layer->n_inputs; k++)
        g_ptr_array_add (draft->inputs,
                         g_strdup (rn_model_get_layer (network->model, layer->inputs[k])->name));
      for (int j = 0; j < layer->n_weights; j++)
        draft_add_weight (draft, layer->weights[j].name,
                          rn_tensor_ref (rn_binding_get_tensor (binding, i, j)));
    }
}

static RnModel *
build_model (Network *network, GPtrArray *outputs, GError **error)
{
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new (
      rn_model_get_name (network->model), rn_model_get_title (network->model));

  for (guint i = 0; i < network->drafts->len; i++)
    {
      Draft *draft = get_draft (network, i);

      g_ptr_array_add (draft->inputs, NULL);
      rn_model_builder_add (builder, draft->kind, draft->name, &draft->config,
                            (const char *const *) draft->inputs->pdata);
      g_ptr_array_set_size (draft->inputs, draft->inputs->len - 1);
    }
  for (guint i = 0; i < outputs->len; i++)
    rn_model_builder_add_output (builder, g_ptr_array_index (outputs, i));

  return rn_model_builder_build (builder, error);
}

static RnWeights *
collect_weights (Network *network, const RnModel *model, const RnWeightsInfo *info, GError **error)
{
  g_autoptr (RnWeights) weights = rn_weights_new ();

  rn_weights_info_copy (info, rn_weights_get_info (weights));
  rn_weights_get_info (weights)->epsilon = 0; /* each layer has its own by now */
  for (guint i = 0; i < network->drafts->len; i++)
    {
      const Draft *draft = get_draft (network, i);

      /* What no longer leads to the output is no layer any more. */
      if (rn_model_find_layer (model, draft->name, NULL) == NULL)
        continue;
      for (int j = 0; j < draft->n_weights; j++)
        if (!rn_weights_add (weights, draft->name, draft->weight_names[j], draft->tensors[j], error))
          return NULL;
    }

  return g_steal_pointer (&weights);
}

static const RnLayer *
find_layer (const Network *network, const RnEdit *edit, GError **error)
{
  return rn_model_find_layer (network->model, edit->target, error);
}

static const RnBlock *
find_block (const Network *network, const RnEdit *edit, GError **error)
{
  const RnStructure *structure = rn_model_get_structure (network->model);
  const RnLayer *layer = find_layer (network, edit, error);

  if (layer == NULL)
    return NULL;
  for (int b = 0; b < structure->n_blocks; b++)
    if (structure->blocks[b].add == layer->index)
      return &structure->blocks[b];
  g_set_error (error, RN_EDIT_ERROR, RN_EDIT_ERROR_TARGET,
               "%s: “%s” is no residual block's Add layer; %s%s would be right",
               rn_edit_kind_get_name (edit->kind), edit->target,
               structure->n_blocks > 0 ? "for example " : "a model with shortcuts",
               structure->n_blocks > 0
                   ? rn_model_get_layer (network->model, structure->blocks[0].add)->name
                   : "");

  return NULL;
}

/* The Add becomes a layer of its name that lets one of the two through. */
static void
keep_one_input (Network *network, const RnBlock *block, int argument)
{
  Draft *add = get_draft (network, block->add);

  g_ptr_array_remove_index (add->inputs, 1 - argument);
  add->kind = RN_LAYER_ACTIVATION;
  add->config.activation = (RnActivationConfig) { RN_ACTIVATION_LINEAR, INFINITY };
}

/* From v1 (stride on the first 1x1) to v1.5 (on the 3x3; Goyal et al. 2017): the 3x3 then sees every
 * pixel. Its border is one pixel on every side, as in torchvision. */
static gboolean
move_stride (Network *network, const RnBlock *block, const RnEdit *edit, GError **error)
{
  RnConvConfig *from = NULL, *to = NULL;

  for (int i = 0; i < block->n_branch; i++)
    {
      Draft *draft = get_draft (network, block->branch[i]);
      RnConvConfig *conv = &draft->config.conv;

      if (draft->kind != RN_LAYER_CONV)
        continue;
      if (from == NULL && conv->kernel[0] == 1 && conv->stride[0] > 1)
        from = conv;
      else if (from != NULL && to == NULL && conv->kernel[0] == 3 && conv->stride[0] == 1)
        to = conv;
    }
  if (to == NULL)
    {
      g_set_error (error, RN_EDIT_ERROR, RN_EDIT_ERROR_TARGET,
                   "%s: the branch of “%s” has no 1×1 convolution with a stride before a 3×3 one",
                   rn_edit_kind_get_name (edit->kind), edit->target);
      return FALSE;
    }

  for (int i = 0; i < 2; i++)
    {
      to->stride[i] = from->stride[i];
      from->stride[i] = 1;
    }
  to->padding = RN_PADDING_EXPLICIT;
  to->pads = (RnPads) { 1, 1, 1, 1 };

  return TRUE;
}

/* One factor a channel, as the edit says. */
static float *
make_factors (const RnEdit *edit, const RnLayer *layer, GError **error)
{
  int n = rn_shape_get_channels (&layer->output_shape);
  float rest = edit->kind == RN_EDIT_KEEP ? 0 : 1;
  float chosen = edit->kind == RN_EDIT_KEEP ? 1 : edit->kind == RN_EDIT_SILENCE ? 0 : edit->factor;
  g_autofree float *factors = g_new (float, n);

  for (int c = 0; c < n; c++)
    factors[c] = rest;
  for (int i = 0; i < edit->n_ranges; i++)
    {
      if (edit->channels[i][1] >= n)
        {
          g_set_error (error, RN_EDIT_ERROR, RN_EDIT_ERROR_TARGET,
                       "%s: “%s” has no channel %d; 0 to %d would be right",
                       rn_edit_kind_get_name (edit->kind), edit->target, edit->channels[i][1],
                       n - 1);
          return NULL;
        }
      for (int c = edit->channels[i][0]; c <= edit->channels[i][1]; c++)
        factors[c] = chosen;
    }

  return g_steal_pointer (&factors);
}

static RnTensor *
new_constant (int rank, const gint64 *dims, float value, const float *values, GError **error)
{
  RnTensor *tensor = rn_tensor_new (rank, dims, error);

  for (gint64 i = 0; tensor != NULL && i < rn_tensor_get_n_elements (tensor); i++)
    rn_tensor_f32 (tensor)[i] = values != NULL ? values[i] : value;

  return tensor;
}

/* On feature maps a depthwise 1x1 convolution multiplies each channel, exactly. */
static gboolean
draft_scale_maps (Draft *draft, const float *factors, int n, GError **error)
{
  const gint64 dims[] = { 1, 1, n, 1 };
  RnTensor *kernel = new_constant (4, dims, 0, factors, error);

  if (kernel == NULL)
    return FALSE;
  draft->kind = RN_LAYER_DEPTHWISE_CONV;
  draft->config.conv = (RnConvConfig) { .kernel = { 1, 1 },
                                        .stride = { 1, 1 },
                                        .dilation = { 1, 1 },
                                        .groups = 1,
                                        .depth_multiplier = 1,
                                        .padding = RN_PADDING_VALID };
  draft_add_weight (draft, "depthwise_kernel", kernel);

  return TRUE;
}

/* On vectors a batch norm does, with gamma the factor and variance + epsilon = 1. */
static gboolean
draft_scale_units (Draft *draft, const float *factors, int n, GError **error)
{
  const gint64 dims[] = { n };
  g_autoptr (RnTensor) gamma = new_constant (1, dims, 0, factors, error);
  g_autoptr (RnTensor) mean = gamma != NULL ? new_constant (1, dims, 0, NULL, error) : NULL;
  g_autoptr (RnTensor) variance =
      mean != NULL ? new_constant (1, dims, 1 - SCALE_EPSILON, NULL, error) : NULL;

  if (variance == NULL)
    return FALSE;
  draft->kind = RN_LAYER_BATCH_NORM;
  draft->config.batch_norm = (RnBatchNormConfig) { SCALE_EPSILON, 0.99f, TRUE, FALSE };
  draft_add_weight (draft, "gamma", g_steal_pointer (&gamma));
  draft_add_weight (draft, "moving_mean", g_steal_pointer (&mean));
  draft_add_weight (draft, "moving_variance", g_steal_pointer (&variance));

  return TRUE;
}

/* The layer gives its name to the scaled output, so that whoever asks for it sees the edit; its own
 * output goes by the name with "/before". */
static gboolean
scale_channels (Network *network, const RnEdit *edit, GError **error)
{
  const RnLayer *layer = find_layer (network, edit, error);
  g_autofree float *factors = layer != NULL ? make_factors (edit, layer, error) : NULL;
  int n;
  Draft *before, *after;

  if (factors == NULL)
    return FALSE;

  n = rn_shape_get_channels (&layer->output_shape);
  before = get_draft (network, layer->index);
  g_free (before->name);
  before->name = g_strconcat (layer->name, "/before", NULL);
  while (rn_model_find_layer (network->model, before->name, NULL) != NULL)
    {
      g_autofree char *taken = before->name;

      before->name = g_strconcat (taken, "/before", NULL);
    }
  after = draft_new (network, layer->name, RN_LAYER_ACTIVATION, before->name);

  return layer->output_shape.rank == 3 ? draft_scale_maps (after, factors, n, error)
                                       : draft_scale_units (after, factors, n, error);
}

static void
replace_name (GPtrArray *names, const char *name, const char *by)
{
  for (guint i = 0; i < names->len; i++)
    if (g_strcmp0 (g_ptr_array_index (names, i), name) == 0)
      {
        g_free (g_ptr_array_index (names, i));
        g_ptr_array_index (names, i) = g_strdup (by);
      }
}

static gboolean
insert_relu (Network *network, const RnEdit *edit, GPtrArray *outputs, GError **error)
{
  const RnLayer *layer = find_layer (network, edit, error);
  g_autofree char *name = g_strconcat (edit->target, "/relu", NULL);
  Draft *relu;

  if (layer == NULL)
    return FALSE;
  for (guint i = 0; i < network->drafts->len; i++)
    replace_name (get_draft (network, i)->inputs, layer->name, name);
  replace_name (outputs, layer->name, name);
  relu = draft_new (network, name, RN_LAYER_ACTIVATION, layer->name);
  relu->config.activation = (RnActivationConfig) { RN_ACTIVATION_RELU, INFINITY };

  return TRUE;
}

static gboolean
remove_relu (Network *network, const RnEdit *edit, GError **error)
{
  const RnLayer *layer = find_layer (network, edit, error);
  Draft *draft;
  gboolean is_layer, is_fused;

  if (layer == NULL)
    return FALSE;
  draft = get_draft (network, layer->index);
  is_layer = layer->kind == RN_LAYER_RELU
             || (layer->kind == RN_LAYER_ACTIVATION
                 && layer->config.activation.function == RN_ACTIVATION_RELU);
  is_fused =
      layer->kind == RN_LAYER_CONV && layer->config.conv.activation == RN_ACTIVATION_RELU;
  if (is_layer)
    {
      draft->kind = RN_LAYER_ACTIVATION;
      draft->config.activation = (RnActivationConfig) { RN_ACTIVATION_LINEAR, INFINITY };
    }
  else if (is_fused)
    draft->config.conv.activation = RN_ACTIVATION_LINEAR;
  else
    g_set_error (error, RN_EDIT_ERROR, RN_EDIT_ERROR_TARGET,
                 "%s: “%s” is no ReLU but a layer of class %s", rn_edit_kind_get_name (edit->kind),
                 layer->name, rn_layer_kind_get_keras_class (layer->kind));

  return is_layer || is_fused;
}

/* Random weights as a model of this one layer would get them. */
static gboolean
randomize (Network *network, const RnEdit *edit, GError **error)
{
  const RnLayer *layer = find_layer (network, edit, error);
  g_autoptr (RnModelBuilder) builder = rn_model_builder_new ("layer", "Layer");
  g_autoptr (RnModel) alone = NULL;
  g_autoptr (RnWeights) weights = NULL;
  RnLayerConfig input = { 0 };
  Draft *draft;

  if (layer == NULL)
    return FALSE;
  if (layer->n_weights == 0)
    {
      g_set_error (error, RN_EDIT_ERROR, RN_EDIT_ERROR_TARGET,
                   "%s: “%s” (%s) has no weights", rn_edit_kind_get_name (edit->kind), layer->name,
                   rn_layer_kind_get_keras_class (layer->kind));
      return FALSE;
    }

  input.input = rn_model_get_input_shape (network->model, layer->index, 0);
  rn_model_builder_add (builder, RN_LAYER_INPUT, "input", &input, NULL);
  rn_model_builder_chain (builder, layer->kind, "layer", &layer->config, "input");
  alone = rn_model_builder_build (builder, error);
  weights = alone != NULL ? rn_weights_new_random (alone, RANDOM_SEED, error) : NULL;
  if (weights == NULL)
    return FALSE;

  draft = get_draft (network, layer->index);
  draft_clear_weights (draft);
  for (int j = 0; j < layer->n_weights; j++)
    draft_add_weight (draft, layer->weights[j].name,
                      rn_tensor_ref (rn_weights_find (weights, "layer", layer->weights[j].name)));

  return TRUE;
}

static gboolean
change (Network *network, const RnEdit *edit, GPtrArray *outputs, GError **error)
{
  const RnBlock *block = NULL;

  if (edit->kind <= RN_EDIT_MOVE_STRIDE)
    {
      block = find_block (network, edit, error);
      if (block == NULL)
        return FALSE;
    }

  switch (edit->kind)
    {
    case RN_EDIT_CUT_SHORTCUT:
      keep_one_input (network, block, 1 - block->shortcut_argument);
      return TRUE;
    case RN_EDIT_DROP_BLOCK:
      keep_one_input (network, block, block->shortcut_argument);
      return TRUE;
    case RN_EDIT_MOVE_STRIDE:
      return move_stride (network, block, edit, error);
    case RN_EDIT_SILENCE:
    case RN_EDIT_KEEP:
    case RN_EDIT_SCALE:
      return scale_channels (network, edit, error);
    case RN_EDIT_INSERT_RELU:
      return insert_relu (network, edit, outputs, error);
    case RN_EDIT_REMOVE_RELU:
      return remove_relu (network, edit, error);
    case RN_EDIT_RANDOMIZE:
      return randomize (network, edit, error);
    case RN_N_EDIT_KINDS:
    default:
      g_return_val_if_reached (FALSE);
    }
}

/**
 * rn_edit_apply:
 * @binding: the network before; it stays as it is
 *
 * Layers keep their names, so that what was selected stays so: a cut Add lets one input through, a
 * scaled layer's name is that of the scaled output. Layers that no longer lead to an output are
 * gone. Costs no copy of a weight.
 *
 * Returns: (transfer full) (nullable): the network after it, or %NULL with %RN_EDIT_ERROR, or with
 *   %RN_MODEL_ERROR where the target does not exist
 */
RnBinding *
rn_edit_apply (const RnEdit *self, RnBinding *binding, GError **error)
{
  Network network;
  g_autoptr (GPtrArray) outputs = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (RnModel) model = NULL;
  g_autoptr (RnWeights) weights = NULL;

  g_return_val_if_fail (self != NULL && binding != NULL, NULL);

  network_init (&network, binding);
  for (int i = 0; i < rn_model_get_n_outputs (network.model); i++)
    g_ptr_array_add (outputs, g_strdup (rn_model_get_output (network.model, i)->name));
  if (change (&network, self, outputs, error))
    model = build_model (&network, outputs, error);
  if (model != NULL)
    weights = collect_weights (&network, model,
                               rn_weights_get_info (rn_binding_get_weights (binding)), error);
  g_ptr_array_unref (network.drafts);

  return weights != NULL ? rn_binding_new (model, weights, error) : NULL;
}
