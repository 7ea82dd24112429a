/* Blocks that have the same layers in another order, as pre-activation has: found before all else,
 * or one thought would be reported as many layers that are missing and extra. */
#include "engine/model/comparison-private.h"

/* Matching a block's layers costs their square; no block of a residual network is that large. */
#define MAX_ITEMS 100

/* One network's blocks. */
typedef struct
{
  const RnModel *model;
  const RnStructure *structure;
  const GArray *items;
  GPtrArray *members; /* of each block the indices of its items: GArray of int */
  int n_pre;          /* blocks that begin with a normalization or an activation */
} Side;

static const RnItem *
get (const Side *side, int i)
{
  return &g_array_index (side->items, RnItem, i);
}

static GArray *
get_members (const Side *side, const RnBlock *block)
{
  return g_ptr_array_index (side->members, block - side->structure->blocks);
}

static gboolean
is_pre (const Side *side, const RnBlock *block)
{
  RnLayerKind kind;

  if (block->n_branch == 0)
    return FALSE;
  kind = rn_model_get_layer (side->model, block->branch[0])->kind;

  return kind == RN_LAYER_BATCH_NORM || kind == RN_LAYER_ACTIVATION || kind == RN_LAYER_RELU;
}

static void
side_init (Side *side, const RnModel *model, const GArray *items)
{
  *side = (Side){ model, rn_model_get_structure (model), items, NULL, 0 };
  side->members = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  for (int k = 0; k < side->structure->n_blocks; k++)
    {
      g_ptr_array_add (side->members, g_array_new (FALSE, FALSE, sizeof (int)));
      side->n_pre += is_pre (side, &side->structure->blocks[k]);
    }
  for (int i = 0; i < (int)items->len; i++)
    {
      int block = side->structure->block_of[get (side, i)->layer];

      if (block >= 0)
        g_array_append_val ((GArray *)g_ptr_array_index (side->members, block), i);
    }
}

static void
side_clear (Side *side)
{
  g_clear_pointer (&side->members, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Side, side_clear)

static gboolean
is_same (const RnItem *a, const RnItem *b)
{
  if (!rn_items_alike (a, b))
    return FALSE;
  for (RnTrait t = 0; t < RN_N_TRAITS; t++)
    if (!rn_items_equal (a, b, t))
      return FALSE;

  return TRUE;
}

/* Pairs what is the same in both blocks, each item once. Returns: whether all of both is paired and
 * the order differs */
static gboolean
match (const Side *a, const Side *b, const GArray *from, const GArray *to, int *found)
{
  gboolean used[MAX_ITEMS] = { FALSE }, moved = FALSE;

  if (from->len != to->len || from->len > MAX_ITEMS)
    return FALSE;
  for (guint i = 0; i < from->len; i++)
    {
      const RnItem *item = get (a, g_array_index (from, int, i));

      found[i] = -1;
      for (guint k = 0; k < to->len && found[i] < 0; k++)
        if (!used[k] && is_same (item, get (b, g_array_index (to, int, k))))
          {
            used[k] = TRUE;
            found[i] = g_array_index (to, int, k);
            moved = moved || k != i;
          }
      if (found[i] < 0)
        return FALSE;
    }

  return moved;
}

/* "3×3 convolution, batch normalization, ReLU, addition (Add)" */
static char *
list_members (const Side *side, const GArray *members)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < members->len; i++)
    {
      g_autofree char *title =
          rn_item_get_title (side->model, get (side, g_array_index (members, int, i)));

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", title);
    }

  return g_string_free (text, FALSE);
}

static void
describe (RnComparison *self, RnDifference *difference, gboolean pre_a, gboolean pre_b)
{
  if (pre_a == pre_b)
    rn_comparison_set_text (
        self, difference,
        "the same layers stand in another order in a block, @: %s in A, %s in B: "
        "what is computed differs, though the parameters are the same (He et al. "
        "2016, fig. 4, compares five orders)",
        difference->a, difference->b);
  else
    rn_comparison_set_text (
        self, difference,
        "%s normalises and activates before each convolution (pre-activation), %s "
        "after it, @: with pre-activation nothing stands on the way from addition to "
        "addition; on CIFAR-10 ResNet-110 errs by 6.37 %% with it and by 6.61 %% "
        "without (He et al. 2016, fig. 4e, table 2)",
        pre_b ? "B" : "A", pre_b ? "A" : "B");
}

static void
add_order (RnComparison *self, const Side *a, const Side *b, const RnBlock *from, const RnBlock *to)
{
  g_autofree char *list_a = list_members (a, get_members (a, from));
  g_autofree char *list_b = list_members (b, get_members (b, to));
  RnDifference *difference =
      rn_comparison_add_place (self, "order", "", list_a, list_b, from->add, to->add);

  self->distance += difference->n_layers == 1 ? 4 : 1;
  describe (self, difference, is_pre (a, from), is_pre (b, to));
}

/* Takes the pairs of both blocks apart and puts those in their place that were found. */
static void
rejoin (RnComparison *self, const GArray *from, const GArray *to, const int *found, int order)
{
  for (guint i = 0; i < from->len; i++)
    {
      int a = g_array_index (from, int, i), b = g_array_index (to, int, i);

      if (self->partner_a[a] >= 0)
        self->partner_b[self->partner_a[a]] = -1;
      if (self->partner_b[b] >= 0)
        self->partner_a[self->partner_b[b]] = -1;
      self->order_a[a] = self->order_b[b] = order;
      self->told_a[a] = self->told_b[b] = TRUE;
    }
  for (guint i = 0; i < from->len; i++)
    {
      self->partner_a[g_array_index (from, int, i)] = found[i];
      self->partner_b[found[i]] = g_array_index (from, int, i);
    }
}

/* Items that are in no block of another order, copied without their inputs' ownership; @index says
 * which they are. */
static GArray *
list_others (const GArray *items, const int *order, int *index)
{
  GArray *others = g_array_new (FALSE, FALSE, sizeof (RnItem));

  for (int i = 0; i < (int)items->len; i++)
    if (order[i] == 0)
      {
        index[others->len] = i;
        g_array_append_val (others, g_array_index (items, RnItem, i));
      }

  return others;
}

/* Aligns the rest again: what the blocks had torn from its place may have a partner now. */
static void
align_others (RnComparison *self)
{
  g_autofree int *index_a = g_new (int, self->items_a->len + 1);
  g_autofree int *index_b = g_new (int, self->items_b->len + 1);
  g_autoptr (GArray) others_a = list_others (self->items_a, self->order_a, index_a);
  g_autoptr (GArray) others_b = list_others (self->items_b, self->order_b, index_b);
  g_autoptr (GArray) pairs = rn_items_align (others_a, others_b);

  for (guint i = 0; i < pairs->len; i++)
    {
      RnLayerPair pair = g_array_index (pairs, RnLayerPair, i);

      if (pair.a >= 0)
        self->partner_a[index_a[pair.a]] = pair.b >= 0 ? index_b[pair.b] : -1;
      if (pair.b >= 0)
        self->partner_b[index_b[pair.b]] = pair.a >= 0 ? index_a[pair.a] : -1;
    }
}

/* The row of pairs anew from the partners: A's order, and before each what only B has there. */
static void
renew_pairs (RnComparison *self)
{
  int next_b = 0;

  g_array_set_size (self->pairs, 0);
  for (int a = 0; a < (int)self->items_a->len; a++)
    {
      RnLayerPair pair = { a, self->partner_a[a] };

      for (; next_b <= pair.b; next_b++)
        if (self->partner_b[next_b] < 0)
          {
            RnLayerPair single = { -1, next_b };

            g_array_append_val (self->pairs, single);
          }
      g_array_append_val (self->pairs, pair);
    }
  for (; next_b < (int)self->items_b->len; next_b++)
    if (self->partner_b[next_b] < 0)
      {
        RnLayerPair single = { -1, next_b };

        g_array_append_val (self->pairs, single);
      }
}

/* Where only one network has pre-activation, and its blocks have other layers besides. */
static void
add_pre_activation (RnComparison *self, const Side *a, const Side *b)
{
  const Side *pre = b->n_pre > 0 ? b : a;
  const int *order = b->n_pre > 0 ? self->order_b : self->order_a;
  const int *partner = b->n_pre > 0 ? self->partner_b : self->partner_a;
  const Side *other = b->n_pre > 0 ? a : b;
  RnDifference *difference = NULL;

  for (int k = 0; k < pre->structure->n_blocks; k++)
    {
      const RnBlock *block = &pre->structure->blocks[k];
      const GArray *members = g_ptr_array_index (pre->members, k);
      int add = -1, item;

      for (guint i = 0; i < members->len; i++)
        if (get (pre, g_array_index (members, int, i))->layer == block->add)
          add = g_array_index (members, int, i);
      if (!is_pre (pre, block) || add < 0 || order[add] != 0)
        continue;
      item = partner[add] >= 0 ? get (other, partner[add])->layer : -1;
      difference =
          rn_comparison_add_place (self, "order", "pre-activation", NULL, NULL,
                                   pre == b ? item : block->add, pre == b ? block->add : item);
      self->distance += difference->n_layers == 1 ? 4 : 1;
    }
  if (difference != NULL)
    {
      difference->a = g_strdup (pre == a ? "pre-activation" : "post-activation");
      difference->b = g_strdup (pre == b ? "pre-activation" : "post-activation");
      describe (self, difference, pre == a, pre == b);
    }
}

/* The block whose Add an item is, or NULL. */
static const RnBlock *
get_block (const Side *side, int item)
{
  const RnBlock *block = get (side, item)->kind == RN_LAYER_ADD
                             ? rn_structure_find_block (side->structure, get (side, item)->layer)
                             : NULL;

  return block != NULL && block->add == get (side, item)->layer ? block : NULL;
}

/* The first Add behind @from that the alignment left without a partner, and before the next with
 * one; -1 where there is none. */
static int
find_single (const Side *side, const int *partner, int from)
{
  for (int i = from; i < (int)side->items->len; i++)
    if (get_block (side, i) != NULL)
      return partner[i] < 0 ? i : -1;

  return -1;
}

/* Finds the blocks that differ by order, and joins their items anew. Where the alignment has torn
 * two such blocks apart their Adds stand alone, at one place in the rows of blocks. */
void
rn_comparison_order (RnComparison *self)
{
  g_auto (Side) a = { 0 };
  g_auto (Side) b = { 0 };
  int n_orders = 0, behind = 0;

  side_init (&a, self->a, self->items_a);
  side_init (&b, self->b, self->items_b);
  for (int i = 0; i < (int)self->items_a->len; i++)
    {
      const RnBlock *from = get_block (&a, i), *to;
      int found[MAX_ITEMS], partner = self->partner_a[i];

      if (from == NULL)
        continue;
      if (partner < 0)
        partner = find_single (&b, self->partner_b, behind);
      if (partner < 0)
        continue;
      behind = partner + 1;
      to = get_block (&b, partner);
      if (to == NULL || !match (&a, &b, get_members (&a, from), get_members (&b, to), found))
        continue;
      rejoin (self, get_members (&a, from), get_members (&b, to), found, ++n_orders);
      add_order (self, &a, &b, from, to);
    }
  if (n_orders > 0)
    {
      align_others (self);
      renew_pairs (self);
    }
  if ((a.n_pre > 0) != (b.n_pre > 0))
    add_pre_activation (self, &a, &b);
}
