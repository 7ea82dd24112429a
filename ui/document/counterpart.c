#include "ui/document/counterpart.h"

static int
find_stage (const RnStructure *structure, int number)
{
  for (int s = 0; s < structure->n_stages; s++)
    if (structure->stages[s].number == number)
      return s;

  return -1;
}

/* The block of the same stage at the same place, or the stage's last. */
static int
find_block (const RnModel *from, int block, const RnModel *to)
{
  const RnStructure *a = rn_model_get_structure (from), *b = rn_model_get_structure (to);
  int stage = find_stage (b, a->stages[a->blocks[block].stage].number);

  if (stage < 0)
    return -1;

  return b->stages[stage].first_block
         + MIN (a->blocks[block].position, b->stages[stage].n_blocks - 1);
}

/* How many of the first layers of a list, up to @layer, are of its kind. */
static int
count_kind (const RnModel *model, const int *layers, int n, int layer)
{
  RnLayerKind kind = rn_model_get_layer (model, layer)->kind;
  int count = 0;

  for (int i = 0; i < n && layers[i] <= layer; i++)
    count += rn_model_get_layer (model, layers[i])->kind == kind;

  return count;
}

/* The @nth layer of a kind in a list, or the last one of it, or -1. */
static int
find_kind (const RnModel *model, const int *layers, int n, RnLayerKind kind, int nth)
{
  int found = -1;

  for (int i = 0; i < n && nth > 0; i++)
    if (rn_model_get_layer (model, layers[i])->kind == kind)
      {
        found = layers[i];
        nth--;
      }

  return found;
}

static gboolean
contains (const int *layers, int n, int layer)
{
  for (int i = 0; i < n; i++)
    if (layers[i] == layer)
      return TRUE;

  return FALSE;
}

static int
find_in_block (const RnModel *from, const RnBlock *a, int layer, const RnModel *to, const RnBlock *b)
{
  RnLayerKind kind = rn_model_get_layer (from, layer)->kind;

  if (layer == a->add)
    return b->add;
  if (layer == a->output)
    return b->output;
  if (contains (a->shortcut, a->n_shortcut, layer))
    return find_kind (to, b->shortcut, b->n_shortcut, kind,
                      count_kind (from, a->shortcut, a->n_shortcut, layer));

  return find_kind (to, b->branch, b->n_branch, kind,
                    count_kind (from, a->branch, a->n_branch, layer));
}

static GArray *
list_part (const RnModel *model, RnPart part)
{
  const RnStructure *structure = rn_model_get_structure (model);
  GArray *layers = g_array_new (FALSE, FALSE, sizeof (int));

  for (int i = 0; i < rn_model_get_n_layers (model); i++)
    if (structure->part_of[i] == part && structure->block_of[i] < 0)
      g_array_append_val (layers, i);

  return layers;
}

static int
find_in_part (const RnModel *from, int layer, const RnModel *to)
{
  RnPart part = rn_model_get_structure (from)->part_of[layer];
  g_autoptr (GArray) a = list_part (from, part);
  g_autoptr (GArray) b = list_part (to, part);

  return find_kind (to, (const int *) b->data, b->len, rn_model_get_layer (from, layer)->kind,
                    count_kind (from, (const int *) a->data, a->len, layer));
}

/**
 * rn_selection_find_counterpart:
 * @selection: a place in @from
 *
 * Blocks correspond by stage and place within it, layers by their block, branch or shortcut, kind
 * and count. A layer that has no counterpart gives its block's.
 *
 * Returns: the place in @to; none where there is nothing alike
 */
RnSelection
rn_selection_find_counterpart (RnSelection selection, const RnModel *from, const RnModel *to)
{
  const RnStructure *structure = rn_model_get_structure (from);
  int block = selection.block, layer;

  if (selection.layer >= 0)
    block = structure->block_of[selection.layer];
  if (block < 0)
    return selection.layer < 0 ? RN_SELECTION_NONE
                               : (RnSelection) { find_in_part (from, selection.layer, to), -1 };

  block = find_block (from, block, to);
  if (block < 0 || selection.layer < 0)
    return (RnSelection) { -1, block };

  layer = find_in_block (from, &structure->blocks[structure->block_of[selection.layer]],
                         selection.layer, to, &rn_model_get_structure (to)->blocks[block]);
  if (layer < 0)
    return (RnSelection) { -1, block };

  return (RnSelection) { layer, -1 };
}
