#include "ui/experiments/offer.h"

#include <glib/gi18n.h>

#include "engine/runtime/edit.h"

void
rn_offer_free (gpointer data)
{
  RnOffer *offer = data;

  g_free (offer->edit);
  g_free (offer->title);
  g_free (offer->detail);
  g_free (offer->excludes);
  g_free (offer);
}

static char *
write_edit (RnEditKind kind, const char *target)
{
  return g_strdup_printf ("%s:%s", rn_edit_kind_get_name (kind), target);
}

/* Returns: (transfer none): the offer, for more to be said of it */
static RnOffer *
add (GPtrArray *offers, RnEditKind kind, const char *target, const char *title, const char *detail)
{
  RnOffer *offer = g_new0 (RnOffer, 1);

  offer->edit = write_edit (kind, target);
  offer->title = g_strdup (title);
  offer->detail = g_strdup (detail);
  g_ptr_array_add (offers, offer);

  return offer;
}

static gboolean
is_relu (const RnLayer *layer)
{
  return layer->kind == RN_LAYER_RELU
         || (layer->kind == RN_LAYER_ACTIVATION
             && layer->config.activation.function == RN_ACTIVATION_RELU)
         || (layer->kind == RN_LAYER_CONV && layer->config.conv.activation == RN_ACTIVATION_RELU);
}

/* Whether the stride can move from the branch's first 1x1 convolution to its 3x3. */
static gboolean
has_movable_stride (const RnModel *model, const RnBlock *block)
{
  gboolean seen = FALSE;

  for (int i = 0; i < block->n_branch; i++)
    {
      const RnLayer *layer = rn_model_get_layer (model, block->branch[i]);
      const RnConvConfig *conv = &layer->config.conv;

      if (layer->kind != RN_LAYER_CONV)
        continue;
      if (seen && conv->kernel[0] == 3 && conv->stride[0] == 1)
        return TRUE;
      seen |= conv->kernel[0] == 1 && conv->stride[0] > 1;
    }

  return FALSE;
}

static void
add_for_block (GPtrArray *offers, const RnModel *model, const RnBlock *block)
{
  const char *add_name = rn_model_get_layer (model, block->add)->name;
  const RnLayer *output = rn_model_get_layer (model, block->output);
  const RnLayer *last = block->n_branch > 0
                            ? rn_model_get_layer (model, block->branch[block->n_branch - 1])
                            : NULL;

  add (offers, RN_EDIT_CUT_SHORTCUT, add_name, _ ("Cut the shortcut"),
       _ ("The branch alone is left: F(x) without + x."))
      ->excludes = write_edit (RN_EDIT_DROP_BLOCK, add_name);
  add (offers, RN_EDIT_DROP_BLOCK, add_name, _ ("Drop the branch"),
       _ ("The shortcut alone is left: x without F(x)."))
      ->excludes = write_edit (RN_EDIT_CUT_SHORTCUT, add_name);
  if (has_movable_stride (model, block))
    add (offers, RN_EDIT_MOVE_STRIDE, add_name, _ ("Move the stride to the 3×3"),
         _ ("From version 1 to 1.5 (Goyal et al. 2017); the weights stay as they were trained."));
  if (last != NULL && !is_relu (last))
    add (offers, RN_EDIT_INSERT_RELU, last->name, _ ("Insert a ReLU before the sum"),
         _ ("A branch that can only add, as in the tutorial's part_3."));
  if (output->index != block->add && is_relu (output))
    add (offers, RN_EDIT_REMOVE_RELU, output->name, _ ("Remove the ReLU behind the sum"), NULL);
}

static void
add_for_layer (GPtrArray *offers, const RnModel *model, const RnLayer *layer)
{
  if (is_relu (layer))
    add (offers, RN_EDIT_REMOVE_RELU, layer->name, _ ("Remove the ReLU"),
         _ ("Negative values pass, too."));
  else if (layer->kind == RN_LAYER_CONV || layer->kind == RN_LAYER_BATCH_NORM
           || layer->kind == RN_LAYER_ADD)
    add (offers, RN_EDIT_INSERT_RELU, layer->name, _ ("Insert a ReLU behind it"),
         _ ("Negative values become zero."));
  if (layer->n_weights > 0)
    add (offers, RN_EDIT_RANDOMIZE, layer->name, _ ("Random weights"),
         _ ("As before training, instead of what was learnt."));
}

/**
 * rn_offers_new:
 * @selection: what is selected in @model
 *
 * Returns: (transfer container): of #RnOffer: what can be done there
 */
GPtrArray *
rn_offers_new (const RnModel *model, RnSelection selection)
{
  GPtrArray *offers = g_ptr_array_new_with_free_func (rn_offer_free);
  const RnStructure *structure = rn_model_get_structure (model);

  if (selection.block >= 0)
    add_for_block (offers, model, &structure->blocks[selection.block]);
  else if (selection.layer >= 0)
    {
      const RnLayer *layer = rn_model_get_layer (model, selection.layer);
      int block = structure->block_of[layer->index];

      add_for_layer (offers, model, layer);
      if (block >= 0 && structure->blocks[block].add == layer->index)
        add_for_block (offers, model, &structure->blocks[block]);
    }

  return offers;
}

/* Whether what is selected has channels that can be silenced, kept or scaled. */
gboolean
rn_offers_take_channels (const RnModel *model, RnSelection selection)
{
  return selection.layer >= 0
         && rn_model_get_layer (model, selection.layer)->kind != RN_LAYER_INPUT;
}

static char *
describe_channels (const RnEdit *edit)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < edit->n_ranges; i++)
    {
      const int *range = edit->channels[i];

      g_string_append_printf (text, "%s%d", i > 0 ? ", " : "", range[0]);
      if (range[1] > range[0])
        g_string_append_printf (text, "–%d", range[1]);
    }

  return g_string_free (text, FALSE);
}

/* A block's label, or a layer's name. */
static char *
describe_target (const RnModel *model, const RnEdit *edit)
{
  const RnLayer *layer = rn_model_find_layer (model, edit->target, NULL);
  const RnStructure *structure = rn_model_get_structure (model);
  int block = layer != NULL ? structure->block_of[layer->index] : -1;

  if (edit->kind <= RN_EDIT_MOVE_STRIDE && block >= 0)
    return rn_block_get_label (&structure->blocks[block], structure->stages);

  return g_strdup (edit->target);
}

/**
 * rn_edit_describe:
 * @edit: as rn_edit_parse() takes
 *
 * Returns: (transfer full): what it does, in words
 */
char *
rn_edit_describe (const RnModel *model, const char *text)
{
  g_autoptr (RnEdit) edit = rn_edit_parse (text, NULL);
  g_autofree char *target = edit != NULL ? describe_target (model, edit) : NULL;
  g_autofree char *channels = edit != NULL ? describe_channels (edit) : NULL;

  if (edit == NULL)
    return g_strdup (text);
  switch (edit->kind)
    {
    case RN_EDIT_CUT_SHORTCUT:
      return g_strdup_printf (_ ("%s: shortcut cut"), target);
    case RN_EDIT_DROP_BLOCK:
      return g_strdup_printf (_ ("%s: branch dropped"), target);
    case RN_EDIT_MOVE_STRIDE:
      return g_strdup_printf (_ ("%s: stride moved to the 3×3"), target);
    case RN_EDIT_SILENCE:
      return g_strdup_printf (_ ("%s: channels %s silenced"), target, channels);
    case RN_EDIT_KEEP:
      return g_strdup_printf (_ ("%s: only channels %s kept"), target, channels);
    case RN_EDIT_SCALE:
      return g_strdup_printf (_ ("%s: channels %s times %g"), target, channels, edit->factor);
    case RN_EDIT_INSERT_RELU:
      return g_strdup_printf (_ ("%s: ReLU inserted behind"), target);
    case RN_EDIT_REMOVE_RELU:
      return g_strdup_printf (_ ("%s: ReLU removed"), target);
    case RN_EDIT_RANDOMIZE:
      return g_strdup_printf (_ ("%s: random weights"), target);
    case RN_N_EDIT_KINDS:
    default:
      g_return_val_if_reached (g_strdup (text));
    }
}
