#include "ui/inspector/describe.h"

#include <glib/gi18n.h>
#include <math.h>

#include "engine/model/number.h"

static void
fact_free (gpointer data)
{
  RnFact *fact = data;

  g_free (fact->title);
  g_free (fact->text);
  g_free (fact);
}

/* Returns: (transfer full) (element-type RnFact): none yet */
GPtrArray *
rn_facts_new (void)
{
  return g_ptr_array_new_with_free_func (fact_free);
}

/**
 * rn_facts_add:
 * @facts: of rn_facts_new()
 * @text: (transfer full) (nullable): in markup; nothing is added where it is %NULL
 */
void
rn_facts_add (GPtrArray *facts, const char *title, char *text)
{
  RnFact *fact;

  if (text == NULL)
    return;

  fact = g_new0 (RnFact, 1);
  fact->title = g_strdup (title);
  fact->text = text;
  g_ptr_array_add (facts, fact);
}

static char *
link_to_layer (const RnModel *model, int layer)
{
  return g_markup_printf_escaped ("<a href=\"layer:%d\">%s</a>", layer,
                                  rn_model_get_layer (model, layer)->name);
}

static char *
link_layers (const RnModel *model, const int *layers, int n)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < n; i++)
    {
      g_autofree char *link = link_to_layer (model, layers[i]);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", link);
    }

  return g_string_free (text, FALSE);
}

static char *
format_pair (const int pair[2])
{
  return pair[0] == pair[1] ? g_strdup_printf ("%d", pair[0])
                            : g_strdup_printf ("%d×%d", pair[0], pair[1]);
}

static char *
format_pads (const RnPads *pads)
{
  if (pads->top == pads->bottom && pads->left == pads->right && pads->top == pads->left)
    return g_strdup_printf ("%d", pads->top);

  return g_strdup_printf (_ ("%d above, %d below, %d left, %d right"), pads->top, pads->bottom,
                          pads->left, pads->right);
}

static char *
format_padding (RnPadding padding, const RnPads *pads)
{
  if (padding == RN_PADDING_EXPLICIT)
    {
      g_autofree char *borders = format_pads (pads);

      return g_strdup_printf (_ ("padding %s"), borders);
    }

  return g_strdup (padding == RN_PADDING_SAME ? _ ("padding “same”") : _ ("padding “valid”"));
}

static char *
describe_conv (const RnConvConfig *conv)
{
  g_autofree char *stride = format_pair (conv->stride);
  g_autofree char *padding = format_padding (conv->padding, &conv->pads);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, _ ("%d×%d kernel, %d filters, stride %s, %s"), conv->kernel[0],
                          conv->kernel[1], conv->filters, stride, padding);
  if (conv->dilation[0] > 1 || conv->dilation[1] > 1)
    g_string_append_printf (text, _ (", dilation %d"), conv->dilation[0]);
  if (conv->groups > 1)
    g_string_append_printf (text, _ (", %d groups"), conv->groups);
  g_string_append (text, conv->use_bias ? _ (", bias") : _ (", no bias"));
  if (conv->activation != RN_ACTIVATION_LINEAR)
    g_string_append_printf (text, ", %s", rn_activation_get_keras_name (conv->activation));

  return g_string_free (text, FALSE);
}

static char *
describe_pool (const RnPoolConfig *pool)
{
  g_autofree char *stride = format_pair (pool->stride);
  g_autofree char *padding = format_padding (pool->padding, &pool->pads);

  return g_strdup_printf (_ ("%d×%d window, stride %s, %s"), pool->pool[0], pool->pool[1], stride,
                          padding);
}

static char *
describe_dense (const RnDenseConfig *dense)
{
  return g_strdup_printf (_ ("%d units, %s, %s"), dense->units,
                          dense->use_bias ? _ ("bias") : _ ("no bias"),
                          rn_activation_get_keras_name (dense->activation));
}

/**
 * rn_describe_configuration:
 *
 * Returns: (transfer full) (nullable): the layer's own settings, in plain text; %NULL where it has
 *   none
 */
char *
rn_describe_configuration (const RnLayer *layer)
{
  g_autofree char *pads = NULL;

  switch (layer->kind)
    {
    case RN_LAYER_CONV:
    case RN_LAYER_DEPTHWISE_CONV:
    case RN_LAYER_SEPARABLE_CONV:
      return describe_conv (&layer->config.conv);
    case RN_LAYER_MAX_POOL:
    case RN_LAYER_AVERAGE_POOL:
      return describe_pool (&layer->config.pool);
    case RN_LAYER_ZERO_PADDING:
      pads = format_pads (&layer->config.zero_padding);
      return g_strdup_printf (_ ("a border of zeros: %s"), pads);
    case RN_LAYER_BATCH_NORM:
      return g_strdup_printf (_ ("epsilon %g, momentum %g"), layer->config.batch_norm.epsilon,
                              layer->config.batch_norm.momentum);
    case RN_LAYER_ACTIVATION:
      return g_strdup (rn_activation_get_keras_name (layer->config.activation.function));
    case RN_LAYER_DENSE:
      return describe_dense (&layer->config.dense);
    case RN_LAYER_DROPOUT:
      return g_strdup_printf (_ ("rate %g"), layer->config.dropout_rate);
    case RN_LAYER_SHORTCUT_PADDING:
      return g_strdup_printf (_ ("stride %d, %d channels of zeros before and %d behind"),
                              layer->config.shortcut_padding.stride,
                              layer->config.shortcut_padding.before,
                              layer->config.shortcut_padding.after);
    default:
      return NULL;
    }
}

static gboolean
is_on (const int *layers, int n, int layer)
{
  for (int i = 0; i < n; i++)
    if (layers[i] == layer)
      return TRUE;

  return FALSE;
}

/**
 * rn_describe_layer_place:
 *
 * Returns: (transfer full): class and place, in markup, e.g. "Conv2D · stage 3, block a, branch"
 */
char *
rn_describe_layer_place (const RnModel *model, int layer)
{
  const RnStructure *structure = rn_model_get_structure (model);
  const RnBlock *block = rn_structure_find_block (structure, layer);
  const char *class = rn_layer_kind_get_keras_class (rn_model_get_layer (model, layer)->kind);
  const char *way = NULL;
  g_autofree char *label = NULL;

  if (block == NULL)
    {
      RnPart part = structure->part_of[layer];

      return g_strdup_printf ("%s · %s", class,
                              part == RN_PART_STEM   ? _ ("stem")
                              : part == RN_PART_HEAD ? _ ("head")
                                                     : _ ("between blocks"));
    }

  if (is_on (block->branch, block->n_branch, layer))
    way = _ ("branch");
  else if (is_on (block->shortcut, block->n_shortcut, layer))
    way = _ ("shortcut");
  else
    way = layer == block->add ? _ ("sum") : _ ("behind the sum");
  label = rn_block_get_label (block, structure->stages);

  return g_strdup_printf (_ ("%s · <a href=\"block:%d\">block %s</a>, %s"), class,
                          structure->block_of[layer], label, way);
}

static char *
describe_parameters (const RnModel *model, int layer)
{
  g_autofree char *formula = rn_model_parameter_formula (model, layer);
  gint64 trainable = rn_layer_get_n_trainable (rn_model_get_layer (model, layer));
  g_autofree char *count = rn_number_to_string (trainable);

  if (formula == NULL)
    return g_strdup (_ ("none"));
  if (rn_layer_get_n_non_trainable (rn_model_get_layer (model, layer)) == 0)
    return g_steal_pointer (&formula);

  return g_strdup_printf (_ ("%s, of which %s train"), formula, count);
}

static char *
describe_field (const RnModel *model, const RnReceptiveField *field)
{
  const RnShape *input = &rn_model_get_input (model)->output_shape;

  if (field->stride[0] == 0)
    return g_strdup (_ ("the whole picture"));
  if (field->size[0] > input->dims[0])
    return g_strdup_printf (_ ("%d px, more than the picture, stride %d"), (int) field->size[0],
                            (int) field->stride[0]);

  return g_strdup_printf (_ ("%d px, stride %d"), (int) field->size[0], (int) field->stride[0]);
}

/* Where the first unit looks: pixels are counted from 0, their centres are whole numbers. */
static char *
describe_centre (const RnReceptiveField *field)
{
  if (field->stride[0] == 0)
    return NULL;

  return g_strdup_printf (_ ("first unit at %g, %g px"), field->start[0], field->start[1]);
}

/* Through a window of k places the field grows by k - 1 strides of what lies before. */
static char *
describe_growth (const RnModel *model, const RnLayer *layer, const RnReceptiveField *fields)
{
  const RnReceptiveField *own = &fields[layer->index], *before;
  int widest, window;

  if (layer->n_inputs == 0 || own->stride[0] == 0)
    return NULL;

  widest = layer->inputs[0];
  for (int i = 1; i < layer->n_inputs; i++)
    if (fields[layer->inputs[i]].size[0] > fields[widest].size[0])
      widest = layer->inputs[i];
  before = &fields[widest];
  if (layer->n_inputs > 1)
    return g_strdup_printf (_ ("the larger of its inputs'"));
  if (own->size[0] == before->size[0])
    return g_strdup (_ ("not at all here"));

  window = (int) ((own->size[0] - before->size[0]) / before->stride[0] + 1);
  return g_strdup_printf (_ ("%d + (%d − 1)·%d = %d px"), (int) before->size[0], window,
                          (int) before->stride[0], (int) own->size[0]);
}

/* "1.2 % of the parameters, 3.4 % of the multiply-adds" */
static char *
describe_share (const RnModel *model, gint64 parameters, gint64 macs)
{
  return g_strdup_printf (_ ("%.2g %% of the parameters, %.2g %% of the multiply-adds"),
                          100.0 * parameters / MAX (rn_model_get_n_parameters (model), 1),
                          100.0 * macs / MAX (rn_model_get_n_macs (model), 1));
}

static char *
describe_inputs (const RnModel *model, const RnLayer *layer)
{
  GString *text = g_string_new (NULL);

  if (layer->n_inputs == 0)
    {
      g_string_free (text, TRUE);
      return NULL;
    }

  for (int i = 0; i < layer->n_inputs; i++)
    {
      RnShape shape = rn_model_get_input_shape (model, layer->index, i);
      g_autofree char *one = rn_shape_to_string (&shape);

      g_string_append_printf (text, "%s%s", i > 0 ? " + " : "", one);
    }

  return g_string_free (text, FALSE);
}

/* Returns: (transfer full) (element-type RnFact): what there is to know of a layer */
GPtrArray *
rn_describe_layer (const RnModel *model, int index)
{
  const RnLayer *layer = rn_model_get_layer (model, index);
  GPtrArray *facts = rn_facts_new ();
  g_autofree char *configuration = rn_describe_configuration (layer);
  g_autofree char *size = g_format_size_full (rn_layer_get_output_bytes (layer),
                                              G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *shape = rn_shape_to_string (&layer->output_shape);
  g_autofree RnReceptiveField *fields = rn_model_get_receptive_fields (model);
  gint64 macs = rn_model_get_layer_macs (model, index);

  rn_facts_add (facts, _ ("Settings"),
                configuration != NULL ? g_markup_escape_text (configuration, -1) : NULL);
  rn_facts_add (facts, _ ("Input"), describe_inputs (model, layer));
  rn_facts_add (facts, _ ("Output"), g_strdup_printf (_ ("%s, %s"), shape, size));
  rn_facts_add (facts, _ ("Parameters"), describe_parameters (model, index));
  rn_facts_add (facts, _ ("Multiply-adds"), rn_model_mac_formula (model, index));
  if (layer->n_weights > 0)
    rn_facts_add (facts, _ ("Share"),
                  describe_share (model, rn_layer_get_n_parameters (layer), macs));
  rn_facts_add (facts, _ ("Sees"), describe_field (model, &fields[index]));
  rn_facts_add (facts, _ ("Centre"), describe_centre (&fields[index]));
  rn_facts_add (facts, _ ("Grew"), describe_growth (model, layer, fields));
  if (layer->n_inputs > 0)
    rn_facts_add (facts, _ ("Fed by"), link_layers (model, layer->inputs, layer->n_inputs));
  if (layer->n_outputs > 0)
    rn_facts_add (facts, _ ("Feeds"), link_layers (model, layer->outputs, layer->n_outputs));

  return facts;
}

/* Sums over a block's layers. */
static void
sum_block (const RnModel *model, const RnBlock *block, gint64 *parameters, gint64 *macs)
{
  *parameters = *macs = 0;
  for (int i = 0; i < block->n_layers; i++)
    {
      *parameters += rn_layer_get_n_parameters (rn_model_get_layer (model, block->layers[i]));
      *macs += rn_model_get_layer_macs (model, block->layers[i]);
    }
}

static char *
describe_shortcut (const RnModel *model, const RnBlock *block)
{
  g_autofree char *links = link_layers (model, block->shortcut, block->n_shortcut);

  if (block->kind == RN_SHORTCUT_IDENTITY)
    return g_strdup (_ ("identity: the input itself, unchanged"));

  return g_strdup_printf ("%s: %s", _ (rn_shortcut_kind_get_label (block->kind)), links);
}

/* Returns: (transfer full) (element-type RnFact): what there is to know of a block */
GPtrArray *
rn_describe_block (const RnModel *model, int index)
{
  const RnBlock *block = &rn_model_get_structure (model)->blocks[index];
  GPtrArray *facts = rn_facts_new ();
  gint64 parameters, macs;
  g_autofree char *input
      = rn_shape_to_string (&rn_model_get_layer (model, block->input)->output_shape);
  g_autofree char *output
      = rn_shape_to_string (&rn_model_get_layer (model, block->output)->output_shape);
  g_autofree char *input_link = link_to_layer (model, block->input);
  g_autofree char *share = NULL;
  g_autofree char *count = NULL;

  sum_block (model, block, &parameters, &macs);
  count = rn_number_to_string (parameters);
  share = g_strdup_printf ("%.1f %%",
                           100.0 * parameters / MAX (rn_model_get_n_parameters (model), 1));
  rn_facts_add (facts, _ ("Input"), g_strdup_printf (_ ("%s from %s"), input, input_link));
  rn_facts_add (facts, _ ("Output"), g_strdup (output));
  rn_facts_add (facts, _ ("Parameters"),
                g_strdup_printf (_ ("%s, %s of the network"), count, share));
  rn_facts_add (facts, _ ("Multiply-adds"), rn_number_to_string (macs));
  rn_facts_add (facts, _ ("Share"), describe_share (model, parameters, macs));
  rn_facts_add (facts, _ ("Shortcut"), describe_shortcut (model, block));
  rn_facts_add (facts, _ ("Branch"), link_layers (model, block->branch, block->n_branch));
  rn_facts_add (facts, _ ("Sum"), link_to_layer (model, block->add));

  return facts;
}

/* Returns: (transfer full) (element-type RnFact): what there is to know of the whole network */
GPtrArray *
rn_describe_model (const RnModel *model)
{
  const RnStructure *structure = rn_model_get_structure (model);
  GPtrArray *facts = rn_facts_new ();
  g_autofree char *total = rn_number_to_string (rn_model_get_n_parameters (model));
  g_autofree char *trainable = rn_number_to_string (rn_model_get_n_trainable (model));

  rn_facts_add (facts, _ ("Input"), rn_shape_to_string (&rn_model_get_input (model)->output_shape));
  rn_facts_add (facts, _ ("Output"),
                rn_shape_to_string (&rn_model_get_output (model, 0)->output_shape));
  rn_facts_add (facts, _ ("Layers"),
                g_strdup_printf (_ ("%d, in %d stages with %d blocks"),
                                 rn_model_get_n_layers (model), structure->n_stages,
                                 structure->n_blocks));
  rn_facts_add (facts, _ ("Parameters"),
                g_strdup_printf (_ ("%s, of which %s train"), total, trainable));
  rn_facts_add (facts, _ ("Multiply-adds"), rn_number_to_string (rn_model_get_n_macs (model)));

  return facts;
}

/* The convolution that a layer is computed together with: batch norm, Add and ReLU behind one, and
 * padding before one, take no time of their own. */
static const RnLayer *
find_partner (const RnModel *model, const RnLayer *layer, const double *layer_ms)
{
  const RnLayer *at = layer;

  for (int i = 0; i < 4 && at->n_inputs > 0; i++)
    {
      int last = at->inputs[0];

      for (int k = 1; k < at->n_inputs; k++)
        last = MAX (last, at->inputs[k]);
      at = rn_model_get_layer (model, last);
      if (layer_ms[at->index] > 0)
        return at;
    }

  return NULL;
}

static char *
format_speed (double ms, gint64 macs)
{
  if (macs == 0)
    return g_strdup_printf (_ ("%.2f ms"), ms);

  /* Two operations, a multiplication and an addition, for each. */
  return g_strdup_printf (_ ("%.2f ms, %.0f GFLOP/s"), ms, 2e-6 * macs / ms);
}

static char *
describe_layer_time (const RnModel *model, int index, const double *layer_ms)
{
  const RnLayer *layer = rn_model_get_layer (model, index);
  const RnLayer *partner;
  g_autofree char *link = NULL;

  if (layer_ms[index] > 0)
    return format_speed (layer_ms[index], rn_model_get_layer_macs (model, index));

  partner = find_partner (model, layer, layer_ms);
  if (partner == NULL)
    return NULL;

  link = link_to_layer (model, partner->index);
  return g_strdup_printf (_ ("together with %s"), link);
}

/**
 * rn_describe_time:
 * @facts: (element-type RnFact): where to add
 * @layer: index of a layer, or -1
 * @block: index of a block, or -1; without either the whole network is meant
 * @layer_ms: (array): what each layer took in the last run
 * @run_ms: what all of them took
 *
 * Adds how long it took, measured, and how fast that is.
 */
void
rn_describe_time (GPtrArray *facts,
                  const RnModel *model,
                  int layer,
                  int block,
                  const double *layer_ms,
                  double run_ms)
{
  const RnBlock *self;
  gint64 parameters, macs;
  double ms = 0;

  if (layer >= 0)
    {
      rn_facts_add (facts, _ ("Time"), describe_layer_time (model, layer, layer_ms));
      return;
    }
  if (block < 0)
    {
      rn_facts_add (facts, _ ("Time"), format_speed (run_ms, rn_model_get_n_macs (model)));
      return;
    }

  self = &rn_model_get_structure (model)->blocks[block];
  sum_block (model, self, &parameters, &macs);
  for (int i = 0; i < self->n_layers; i++)
    ms += layer_ms[self->layers[i]];
  if (ms > 0)
    rn_facts_add (facts, _ ("Time"), format_speed (ms, macs));
}
