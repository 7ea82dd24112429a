/* Quantities that follow from the graph alone. */
#include "engine/model/costs.h"
#include "ui/lessons/quantities-private.h"

/* Sums a count over a layer, or over the model. */
static gboolean
sum_layers (const RnPlace *place,
            gint64 (*count) (const RnModel *model, int layer),
            RnValue *result)
{
  for (int i = 0; i < rn_model_get_n_layers (place->model); i++)
    if (place->layer == NULL || place->layer->index == i)
      result->number += count (place->model, i);

  return TRUE;
}

static gint64
count_trainable (const RnModel *model, int layer)
{
  return rn_layer_get_n_trainable (rn_model_get_layer (model, layer));
}

static gint64
count_non_trainable (const RnModel *model, int layer)
{
  return rn_layer_get_n_non_trainable (rn_model_get_layer (model, layer));
}

static gint64
count_parameters (const RnModel *model, int layer)
{
  return rn_layer_get_n_parameters (rn_model_get_layer (model, layer));
}

static gboolean
parameters (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  return sum_layers (place, count_parameters, result);
}

static gboolean
trainable (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  return sum_layers (place, count_trainable, result);
}

static gboolean
non_trainable (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  return sum_layers (place, count_non_trainable, result);
}

static gboolean
macs (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  return sum_layers (place, rn_model_get_layer_macs, result);
}

static const RnBlock *
find_block (const RnPlace *place, GError **error)
{
  const RnBlock *block =
      rn_structure_find_block (rn_model_get_structure (place->model), place->layer->index);

  if (block == NULL)
    rn_quantity_fail (error, "“%s” is in no block", place->layer->name);

  return block;
}

static gboolean
sum_block (const RnPlace *place,
           gint64 (*count) (const RnModel *model, int layer),
           RnValue *result,
           GError **error)
{
  const RnBlock *block = find_block (place, error);

  for (int i = 0; block != NULL && i < block->n_layers; i++)
    result->number += count (place->model, block->layers[i]);

  return block != NULL;
}

static gboolean
block_parameters (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  return sum_block (place, count_parameters, result, error);
}

static gboolean
block_macs (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  return sum_block (place, rn_model_get_layer_macs, result, error);
}

static gboolean
height (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  const RnShape *shape = &place->layer->output_shape;

  result->number = shape->rank == 3 ? shape->dims[0] : 1;

  return TRUE;
}

static gboolean
width (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  const RnShape *shape = &place->layer->output_shape;

  result->number = shape->rank == 3 ? shape->dims[1] : 1;

  return TRUE;
}

static gboolean
channels (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  result->number = rn_shape_get_channels (&place->layer->output_shape);

  return TRUE;
}

static gboolean
get_input_shape (const RnPlace *place, const double *x, int n, RnShape *shape, GError **error)
{
  int i = n > 0 ? (int) x[0] : 0;

  if (i < 0 || i >= place->layer->n_inputs)
    return rn_quantity_fail (error, "“%s” has %d inputs, and none of number %d", place->layer->name,
                             place->layer->n_inputs, i);
  *shape = rn_model_get_input_shape (place->model, place->layer->index, i);

  return TRUE;
}

static gboolean
in_channels (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  RnShape shape;

  if (!get_input_shape (place, x, n, &shape, error))
    return FALSE;
  result->number = rn_shape_get_channels (&shape);

  return TRUE;
}

static gboolean
in_height (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  RnShape shape;

  if (!get_input_shape (place, x, n, &shape, error))
    return FALSE;
  result->number = shape.rank == 3 ? shape.dims[0] : 1;

  return TRUE;
}

/* As Keras writes it, without the batch: (56, 56, 256). */
static char *
shape_to_text (const RnShape *shape)
{
  GString *text = g_string_new ("(");

  for (int i = 0; i < shape->rank; i++)
    g_string_append_printf (text, "%s%d", i > 0 ? ", " : "", shape->dims[i]);
  g_string_append_c (text, ')');

  return g_string_free (text, FALSE);
}

static gboolean
shape (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  result->text = shape_to_text (&place->layer->output_shape);

  return TRUE;
}

static gboolean
in_shape (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  RnShape input;

  if (!get_input_shape (place, x, n, &input, error))
    return FALSE;
  result->text = shape_to_text (&input);

  return TRUE;
}

static gboolean
kernel (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  if (place->layer->kind == RN_LAYER_CONV)
    result->number = place->layer->config.conv.kernel[0];
  else if (place->layer->kind == RN_LAYER_MAX_POOL)
    result->number = place->layer->config.pool.pool[0];

  return TRUE;
}

static gboolean
stride (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  if (place->layer->kind == RN_LAYER_CONV)
    result->number = place->layer->config.conv.stride[0];
  else if (place->layer->kind == RN_LAYER_MAX_POOL)
    result->number = place->layer->config.pool.stride[0];
  else
    result->number = 1;

  return TRUE;
}

static gboolean
has_bias (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  result->number = (place->layer->kind == RN_LAYER_CONV && place->layer->config.conv.use_bias) ||
                   (place->layer->kind == RN_LAYER_DENSE && place->layer->config.dense.use_bias);

  return TRUE;
}

static gboolean class(const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  result->text = g_strdup (rn_layer_kind_get_keras_class (place->layer->kind));

  return TRUE;
}

/* The blocks of the model, or of the stage that the paper counts as @x[0]. */
static gboolean
blocks (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  const RnStructure *structure = rn_model_get_structure (place->model);

  for (int s = 0; s < structure->n_stages; s++)
    if (n == 0 || structure->stages[s].number == x[0])
      result->number += structure->stages[s].n_blocks;

  return result->number > 0 || rn_quantity_fail (error, "there is no stage %g", x[0]);
}

static gboolean
projections (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  const RnStructure *structure = rn_model_get_structure (place->model);

  for (int b = 0; b < structure->n_blocks; b++)
    result->number += structure->blocks[b].kind == RN_SHORTCUT_PROJECTION;

  return TRUE;
}

static gboolean
layers (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  result->number = rn_model_get_n_layers (place->model);

  return TRUE;
}

/* As the paper counts; the stem is 1, the head 0. */
static gboolean
stage (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  const RnStructure *structure = rn_model_get_structure (place->model);
  int index = structure->stage_of[place->layer->index];

  if (index >= 0)
    result->number = structure->stages[index].number;
  else
    result->number = structure->part_of[place->layer->index] == RN_PART_STEM;

  return TRUE;
}

/* 1 for the first block of its stage; 0 outside the blocks. */
static gboolean
position (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  const RnBlock *block =
      rn_structure_find_block (rn_model_get_structure (place->model), place->layer->index);

  result->number = block != NULL ? block->position + 1 : 0;

  return TRUE;
}

static gboolean
shortcut (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  static const char *const names[] = { "identity", "projection", "padding" };
  const RnBlock *block =
      rn_structure_find_block (rn_model_get_structure (place->model), place->layer->index);

  result->text = g_strdup (block != NULL ? names[block->kind] : "none");

  return TRUE;
}

static gboolean
contains (const int *layers, int n, int layer)
{
  for (int i = 0; i < n; i++)
    if (layers[i] == layer)
      return TRUE;

  return FALSE;
}

static gboolean
in_branch (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  const RnBlock *block =
      rn_structure_find_block (rn_model_get_structure (place->model), place->layer->index);

  result->number = block != NULL && contains (block->branch, block->n_branch, place->layer->index);

  return TRUE;
}

static gboolean
in_shortcut (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  const RnBlock *block =
      rn_structure_find_block (rn_model_get_structure (place->model), place->layer->index);

  result->number =
      block != NULL && contains (block->shortcut, block->n_shortcut, place->layer->index);

  return TRUE;
}

static gboolean
field (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  g_autofree RnReceptiveField *fields = rn_model_get_receptive_fields (place->model);

  result->number = fields[place->layer->index].size[0];

  return TRUE;
}

static gboolean
field_stride (const RnPlace *place, const double *x, int n, RnValue *result, GError **error)
{
  g_autofree RnReceptiveField *fields = rn_model_get_receptive_fields (place->model);

  result->number = fields[place->layer->index].stride[0];

  return TRUE;
}

const RnQuantityKind rn_graph_quantities[] = {
  { "parameters", 0, 0, TRUE, parameters },
  { "trainable", 0, 0, TRUE, trainable },
  { "non_trainable", 0, 0, TRUE, non_trainable },
  { "macs", 0, 0, TRUE, macs },
  { "layers", 0, 0, TRUE, layers },
  { "blocks", 0, 1, TRUE, blocks },
  { "projections", 0, 0, TRUE, projections },
  { "block_parameters", 0, 0, FALSE, block_parameters },
  { "block_macs", 0, 0, FALSE, block_macs },
  { "height", 0, 0, FALSE, height },
  { "width", 0, 0, FALSE, width },
  { "channels", 0, 0, FALSE, channels },
  { "in_height", 0, 1, FALSE, in_height },
  { "in_channels", 0, 1, FALSE, in_channels },
  { "shape", 0, 0, FALSE, shape },
  { "in_shape", 0, 1, FALSE, in_shape },
  { "kernel", 0, 0, FALSE, kernel },
  { "stride", 0, 0, FALSE, stride },
  { "has_bias", 0, 0, FALSE, has_bias },
  { "class", 0, 0, FALSE, class },
  { "stage", 0, 0, FALSE, stage },
  { "position", 0, 0, FALSE, position },
  { "shortcut", 0, 0, FALSE, shortcut },
  { "in_branch", 0, 0, FALSE, in_branch },
  { "in_shortcut", 0, 0, FALSE, in_shortcut },
  { "field", 0, 0, FALSE, field },
  { "field_stride", 0, 0, FALSE, field_stride },
  { NULL },
};
