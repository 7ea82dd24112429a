#include "engine/model/structure.h"

#include "engine/model/model-private.h"

/* A residual block is what lies between an Add of two inputs and the layer that every way to the
 * Add passes: its immediate dominator. One walk back from each of the Add's arguments to the
 * dominator gives branch and shortcut. Blocks that hold others own only what the inner ones do not,
 * so that the cost of all walks together is linear. */
typedef struct
{
  const RnModel *model;
  RnStructure *self;
  int *dominator;       /* of each layer; itself where nothing is passed on every way to it */
  int *dominator_depth; /* in the dominator tree */
  int *mark;            /* which walk met a layer last */
  int n_walks;
  GArray *blocks; /* of RnBlock */
} Search;

/* Returns: -1 where there is none, since a model may have several inputs */
static int
common_dominator (const Search *search, int a, int b)
{
  while (a != b)
    if (search->dominator_depth[a] == 0 && search->dominator_depth[b] == 0)
      return -1;
    else if (search->dominator_depth[a] >= search->dominator_depth[b])
      a = search->dominator[a];
    else
      b = search->dominator[b];

  return a;
}

/* Layers stand in topological order, so one pass finds them all (Cooper, Harvey, Kennedy 2001,
 * "A Simple, Fast Dominance Algorithm", without its iteration: there are no loops). */
static void
find_dominators (Search *search)
{
  for (int i = 0; i < search->model->n_layers; i++)
    {
      const RnLayer *layer = &search->model->layers[i];
      int dominator = layer->n_inputs > 0 ? layer->inputs[0] : i;

      for (int k = 1; k < layer->n_inputs && dominator >= 0; k++)
        dominator = common_dominator (search, dominator, layer->inputs[k]);
      if (dominator < 0)
        dominator = i;
      search->dominator[i] = dominator;
      search->dominator_depth[i] = dominator == i ? 0 : search->dominator_depth[dominator] + 1;
    }
}

static int
compare_ints (gconstpointer a, gconstpointer b)
{
  return *(const int *) a - *(const int *) b;
}

/* The layers between @from and @stop (without it) that no earlier block owns, ascending. */
static GArray *
walk_back (Search *search, int from, int stop)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (int));

  g_array_append_val (stack, from);
  while (stack->len > 0)
    {
      int node = g_array_index (stack, int, stack->len - 1);
      int owner = search->self->block_of[node];
      const RnLayer *layer;

      g_array_set_size (stack, stack->len - 1);
      if (node <= stop || search->mark[node] == search->n_walks)
        continue;
      search->mark[node] = search->n_walks;
      if (owner >= 0)
        {
          int input = g_array_index (search->blocks, RnBlock, owner).input;

          g_array_append_val (stack, input);
          continue;
        }

      g_array_append_val (found, node);
      layer = &search->model->layers[node];
      for (int k = 0; k < layer->n_inputs; k++)
        g_array_append_val (stack, layer->inputs[k]);
    }
  g_array_sort (found, compare_ints);

  return found;
}

static gboolean
have_weights (const RnModel *model, const int *layers, int n)
{
  for (int i = 0; i < n; i++)
    if (model->layers[layers[i]].n_weights > 0)
      return TRUE;

  return FALSE;
}

/* The activation that belongs to the block: the only consumer of its Add. */
static int
find_block_output (const RnModel *model, int add)
{
  const RnLayer *layer = &model->layers[add], *next;

  if (layer->n_outputs != 1)
    return add;

  next = &model->layers[layer->outputs[0]];
  if (next->kind == RN_LAYER_RELU
      || (next->kind == RN_LAYER_ACTIVATION
          && next->config.activation.function != RN_ACTIVATION_SOFTMAX))
    return next->index;

  return add;
}

static void
own_layers (Search *search, RnBlock *block)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (int));

  g_array_append_vals (all, block->branch, block->n_branch);
  g_array_append_vals (all, block->shortcut, block->n_shortcut);
  g_array_append_val (all, block->add);
  if (block->output != block->add)
    g_array_append_val (all, block->output);
  g_array_sort (all, compare_ints);

  for (guint i = 0; i < all->len; i++)
    search->self->block_of[g_array_index (all, int, i)] = search->blocks->len;
  block->n_layers = all->len;
  block->layers = g_array_steal (all, NULL);
}

static void
find_block (Search *search, const RnLayer *add)
{
  RnBlock block = { .add = add->index, .input = search->dominator[add->index], .stage = -1 };
  g_autoptr (GArray) first = NULL;
  g_autoptr (GArray) second = NULL;
  GArray *branch, *shortcut;

  if (block.input == add->index)
    return;
  search->n_walks++;
  first = walk_back (search, add->inputs[0], block.input);
  search->n_walks += add->inputs[0] == add->inputs[1];
  second = walk_back (search, add->inputs[1], block.input);
  if (first->len + second->len == 0)
    return;

  /* The shortcut is the shorter way. */
  block.shortcut_argument = first->len < second->len ? 0 : 1;
  shortcut = block.shortcut_argument == 0 ? first : second;
  branch = block.shortcut_argument == 0 ? second : first;
  block.n_branch = branch->len;
  block.branch = g_memdup2 (branch->data, branch->len * sizeof (int));
  block.n_shortcut = shortcut->len;
  block.shortcut = g_memdup2 (shortcut->data, shortcut->len * sizeof (int));

  if (add->inputs[block.shortcut_argument] == block.input)
    block.kind = RN_SHORTCUT_IDENTITY;
  else if (have_weights (search->model, block.shortcut, block.n_shortcut))
    block.kind = RN_SHORTCUT_PROJECTION;
  else
    block.kind = RN_SHORTCUT_PADDING;

  block.output = find_block_output (search->model, add->index);
  own_layers (search, &block);
  g_array_append_val (search->blocks, block);
}

static void
find_stages (Search *search)
{
  const RnModel *model = search->model;
  RnStructure *self = search->self;
  g_autoptr (GArray) stages = g_array_new (FALSE, FALSE, sizeof (RnStage));

  for (int b = 0; b < self->n_blocks; b++)
    {
      RnBlock *block = &self->blocks[b];
      const RnShape *shape = &model->layers[block->output].output_shape;
      RnStage *stage = stages->len > 0 ? &g_array_index (stages, RnStage, stages->len - 1) : NULL;

      if (stage == NULL || !rn_shape_equal (&stage->output_shape, shape))
        {
          RnStage next = { stages->len + 2, b, 0, *shape };

          g_array_append_val (stages, next);
          stage = &g_array_index (stages, RnStage, stages->len - 1);
        }
      block->stage = stages->len - 1;
      block->position = stage->n_blocks++;
    }
  self->n_stages = stages->len;
  self->stages = g_array_steal (stages, NULL);
}

static void
assign_parts (const RnModel *model, RnStructure *self)
{
  int last = self->n_blocks > 0 ? self->blocks[self->n_blocks - 1].output : model->n_layers;
  int stage = -1;

  for (int i = 0; i < model->n_layers; i++)
    {
      int block = self->block_of[i];

      if (block >= 0)
        stage = self->blocks[block].stage;
      self->stage_of[i] = block >= 0 || i < last ? stage : -1;
      if (self->stage_of[i] >= 0)
        self->part_of[i] = RN_PART_STAGE;
      else
        self->part_of[i] = i < last ? RN_PART_STEM : RN_PART_HEAD;
    }
}

/* The first layer of the head of a network without blocks: behind the last feature map. */
static int
find_head (const RnModel *model)
{
  int head = model->n_layers;

  while (head > 0)
    {
      const RnShape *shape = &model->layers[head - 1].output_shape;

      if (shape->rank == 3 && (shape->dims[0] > 1 || shape->dims[1] > 1))
        break;
      head--;
    }

  return head;
}

static gboolean
is_convolution (const RnLayer *layer)
{
  return layer->kind == RN_LAYER_CONV || layer->kind == RN_LAYER_DEPTHWISE_CONV
         || layer->kind == RN_LAYER_SEPARABLE_CONV;
}

/* The first layer behind the first convolution with its batch norm and activation; @head where there
 * is no convolution. */
static int
find_stem_end (const RnModel *model, int head)
{
  int i = 0;

  while (i < head && !is_convolution (&model->layers[i]))
    i++;
  for (i++; i < head; i++)
    if (model->layers[i].kind != RN_LAYER_BATCH_NORM && model->layers[i].kind != RN_LAYER_ACTIVATION
        && model->layers[i].kind != RN_LAYER_RELU)
      break;

  return MIN (i, head);
}

/* Whether a layer begins a stage: its maps have another size than the stage's. What only adds a border
 * belongs to the layer behind it. */
static gboolean
begins_stage (const RnStage *stage, const RnLayer *layer)
{
  const RnShape *shape = &layer->output_shape;

  return stage == NULL || shape->dims[0] != stage->output_shape.dims[0]
         || shape->dims[1] != stage->output_shape.dims[1];
}

/* Stages of a network without blocks: by the size of its maps. */
static void
find_plain_stages (const RnModel *model, RnStructure *self)
{
  g_autoptr (GArray) stages = g_array_new (FALSE, FALSE, sizeof (RnStage));
  int head = find_head (model);
  int stem_end = find_stem_end (model, head);
  int waiting = stem_end; /* the first layer whose stage is not known yet */

  for (int i = 0; i < model->n_layers; i++)
    {
      self->stage_of[i] = -1;
      self->part_of[i] = i < head ? RN_PART_STEM : RN_PART_HEAD;
    }
  for (int i = stem_end; i < head; i++)
    {
      const RnLayer *layer = &model->layers[i];
      RnStage *last = stages->len > 0 ? &g_array_index (stages, RnStage, stages->len - 1) : NULL;

      if (layer->output_shape.rank == 3 && layer->kind != RN_LAYER_ZERO_PADDING)
        {
          if (begins_stage (last, layer))
            {
              RnStage next = { stages->len + 2, 0, 0, layer->output_shape };

              g_array_append_val (stages, next);
            }
          g_array_index (stages, RnStage, stages->len - 1).output_shape = layer->output_shape;
        }
      else if (i + 1 < head)
        continue;
      for (; stages->len > 0 && waiting <= i; waiting++)
        {
          self->stage_of[waiting] = stages->len - 1;
          self->part_of[waiting] = RN_PART_STAGE;
        }
    }
  self->n_stages = stages->len;
  self->stages = g_array_steal (stages, NULL);
}

/* Finds the structure of a model whose layers are in order and connected. */
RnStructure *
rn_structure_new (const RnModel *model)
{
  RnStructure *self = g_new0 (RnStructure, 1);
  int n = model->n_layers;
  g_autofree int *dominator = g_new0 (int, n);
  g_autofree int *depth = g_new0 (int, n);
  g_autofree int *mark = g_new0 (int, n);
  Search search = { model, self, dominator, depth, mark, 0, NULL };

  self->block_of = g_new (int, n);
  self->stage_of = g_new (int, n);
  self->part_of = g_new (RnPart, n);
  for (int i = 0; i < n; i++)
    self->block_of[i] = -1;

  search.blocks = g_array_new (FALSE, FALSE, sizeof (RnBlock));
  find_dominators (&search);
  for (int i = 0; i < n; i++)
    if (model->layers[i].kind == RN_LAYER_ADD && model->layers[i].n_inputs == 2)
      find_block (&search, &model->layers[i]);

  self->n_blocks = search.blocks->len;
  self->blocks = g_array_steal (search.blocks, NULL);
  g_array_unref (search.blocks);
  if (self->n_blocks > 0)
    {
      find_stages (&search);
      assign_parts (model, self);
    }
  else
    {
      find_plain_stages (model, self);
    }

  return self;
}

void
rn_structure_free (RnStructure *self)
{
  for (int b = 0; b < self->n_blocks; b++)
    {
      g_free (self->blocks[b].layers);
      g_free (self->blocks[b].branch);
      g_free (self->blocks[b].shortcut);
    }
  g_free (self->blocks);
  g_free (self->stages);
  g_free (self->block_of);
  g_free (self->stage_of);
  g_free (self->part_of);
  g_free (self);
}

/* The block that a layer belongs to, or %NULL. */
const RnBlock *
rn_structure_find_block (const RnStructure *self, int layer)
{
  return self->block_of[layer] >= 0 ? &self->blocks[self->block_of[layer]] : NULL;
}

/**
 * rn_block_get_label:
 * @stages: the structure's stages
 *
 * Returns: (transfer full): the block's short name as in Keras 2's layers: "3a" is the first of
 *   stage 3; behind the 26th letter a number: "4b27"
 */
char *
rn_block_get_label (const RnBlock *block, const RnStage *stages)
{
  int number = stages[block->stage].number;

  if (block->position < 26)
    return g_strdup_printf ("%d%c", number, 'a' + block->position);

  return g_strdup_printf ("%db%d", number, block->position);
}

const char *
rn_shortcut_kind_get_label (RnShortcutKind kind)
{
  static const char *const labels[] = { "identity", "projection", "zero padding" };

  return labels[kind];
}
