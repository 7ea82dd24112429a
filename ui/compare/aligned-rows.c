/* From a comparison to the rows that show it. */
#include <glib/gi18n.h>

#include "ui/canvas/canvas-text.h"
#include "ui/compare/aligned-row.h"

/* Fewer than this many rows that are the same are not folded into one. */
#define MIN_FOLDED 4

typedef struct
{
  const RnComparison *comparison;
  const RnDeviations *deviations;
  const RnModel *models[2];
  const RnLayerPair *pairs;
  int n;
  RnMark *marks;    /* of each pair */
  int *differences; /* of each pair, or -1 */
  int *row_of;      /* of each pair */
  GListStore *rows;
} Maker;

static int
get_layer (const RnLayerPair *pair, int side)
{
  return side == 0 ? pair->a : pair->b;
}

/**
 * rn_comparison_find_pair:
 * @place: of a difference
 *
 * Returns: the first pair that the place is, or -1
 */
int
rn_comparison_find_pair (const RnComparison *comparison, RnLayerPair place)
{
  int n;
  const RnLayerPair *pairs = rn_comparison_get_pairs (comparison, &n);

  for (int i = 0; i < n; i++)
    if ((place.a < 0 || pairs[i].a == place.a) && (place.b < 0 || pairs[i].b == place.b))
      return i;
  /* Layers that are no pair: the Adds of a block that one side writes in another order. */
  for (int i = 0; i < n; i++)
    if (place.a >= 0 ? pairs[i].a == place.a : pairs[i].b == place.b)
      return i;

  return -1;
}

static void
mark_pairs (Maker *maker)
{
  for (int i = 0; i < maker->n; i++)
    {
      maker->differences[i] = -1;
      maker->marks[i] = maker->pairs[i].b < 0   ? RN_MARK_MISSING
                        : maker->pairs[i].a < 0 ? RN_MARK_EXTRA
                                                : RN_MARK_SAME;
    }
  for (int d = rn_comparison_get_n (maker->comparison) - 1; d >= 0; d--)
    {
      const RnDifference *difference = rn_comparison_get (maker->comparison, d);
      RnMark mark =
          g_str_equal (difference->kind, "equivalent") ? RN_MARK_EQUIVALENT : RN_MARK_DIFFERENT;

      for (int k = 0; k < difference->n_layers; k++)
        {
          int i = rn_comparison_find_pair (maker->comparison, difference->layers[k]);

          if (i < 0)
            continue;
          if (mark == RN_MARK_DIFFERENT || maker->differences[i] < 0)
            maker->differences[i] = d;
          if (maker->marks[i] < RN_MARK_MISSING)
            maker->marks[i] = MAX (maker->marks[i], mark);
          else if (mark == RN_MARK_EQUIVALENT)
            maker->marks[i] = mark;
        }
    }
}

/* The name of a layer, and what it does; of one that is two items the second is its activation. */
static void
fill_side (const Maker *maker, RnAlignedSide *side, int number, int i)
{
  const RnModel *model = maker->models[number];
  int index = get_layer (&maker->pairs[i], number);
  const RnLayer *layer;

  side->layer = index;
  if (index < 0)
    return;
  layer = rn_model_get_layer (model, index);
  side->kind = layer->kind;
  side->name = g_strdup (layer->name);
  if (i > 0 && get_layer (&maker->pairs[i - 1], number) == index)
    {
      RnActivation own = layer->kind == RN_LAYER_DENSE ? layer->config.dense.activation
                                                       : layer->config.conv.activation;

      side->kind = RN_LAYER_ACTIVATION;
      side->detail = g_strdup (rn_activation_get_keras_name (own));
      return;
    }
  side->detail = rn_canvas_layer_text (layer);
}

static char *
describe_numbers (const Maker *maker, int i)
{
  const RnDeviation *deviation = maker->deviations != NULL ? &maker->deviations->pairs[i] : NULL;
  gboolean weights, activations;

  if (deviation == NULL)
    return NULL;
  weights = deviation->has_weights &&
            rn_deviation_is_large (deviation->weights, deviation->weights_scale);
  activations = deviation->has_activations &&
                rn_deviation_is_large (deviation->activations, deviation->activations_scale);
  if (weights && activations)
    return g_strdup_printf (_ ("weights ±%.2g\noutput ±%.2g"), deviation->weights,
                            deviation->activations);
  if (weights)
    return g_strdup_printf (_ ("weights ±%.2g"), deviation->weights);

  return activations ? g_strdup_printf (_ ("output ±%.2g"), deviation->activations) : NULL;
}

static void
add_row (Maker *maker, int first, int last)
{
  g_autoptr (RnAlignedRow) row = g_object_new (RN_TYPE_ALIGNED_ROW, NULL);

  row->first = first;
  row->last = last;
  row->mark = maker->marks[first];
  row->difference = maker->differences[first];
  for (int k = 0; k < 2; k++)
    {
      fill_side (maker, &row->sides[k], k, first);
      if (last == first)
        continue;
      g_free (row->sides[k].detail);
      row->sides[k].detail = g_strdup (
          rn_model_get_layer (maker->models[k], get_layer (&maker->pairs[last], k))->name);
    }
  if (last == first)
    row->numbers = describe_numbers (maker, first);
  for (int i = first; i <= last; i++)
    maker->row_of[i] = g_list_model_get_n_items (G_LIST_MODEL (maker->rows));
  g_list_store_append (maker->rows, row);
}

/* Whether nothing at all is to be seen at a pair, so that it may be folded. */
static gboolean
is_plain (const Maker *maker, int i)
{
  g_autofree char *numbers = NULL;

  if (maker->marks[i] != RN_MARK_SAME)
    return FALSE;
  numbers = describe_numbers (maker, i);

  return numbers == NULL;
}

static void
add_rows (Maker *maker, gboolean fold)
{
  for (int i = 0, end; i < maker->n; i = end)
    {
      for (end = i; fold && end < maker->n && is_plain (maker, end); end++)
        ;
      if (end - i >= MIN_FOLDED)
        {
          add_row (maker, i, end - 1);
          continue;
        }
      end = MAX (end, i + 1);
      for (int k = i; k < end; k++)
        add_row (maker, k, k);
    }
}

static RnAlignedSide *
get_side (const Maker *maker, int row, int side)
{
  g_autoptr (RnAlignedRow) item = g_list_model_get_item (G_LIST_MODEL (maker->rows), row);

  return &item->sides[side]; /* which the list keeps */
}

static void
draw_lane (const Maker *maker, int side, int from, int to, RnEdgeKind kind)
{
  RnAlignedSide *start = get_side (maker, from, side), *end = get_side (maker, to, side);

  start->lane |= RN_LANE_FROM;
  start->next_kind = kind;
  end->lane |= RN_LANE_TO;
  end->lane_kind = kind;
  for (int row = from + 1; row < to; row++)
    {
      RnAlignedSide *between = get_side (maker, row, side);

      between->lane |= RN_LANE_UP | RN_LANE_DOWN;
      between->lane_kind = kind;
    }
}

/* Each block's shortcut as a line beside its layers. */
static void
add_lanes (const Maker *maker, int side)
{
  const RnStructure *structure = rn_model_get_structure (maker->models[side]);
  int n_layers = rn_model_get_n_layers (maker->models[side]);
  g_autofree int *row_of_layer = g_new (int, n_layers);

  for (int i = 0; i < n_layers; i++)
    row_of_layer[i] = -1;
  for (int i = 0; i < maker->n; i++)
    if (get_layer (&maker->pairs[i], side) >= 0)
      row_of_layer[get_layer (&maker->pairs[i], side)] = maker->row_of[i];
  for (int k = 0; k < structure->n_blocks; k++)
    {
      const RnBlock *block = &structure->blocks[k];
      int from = row_of_layer[block->input], to = row_of_layer[block->add];

      if (from >= 0 && to > from)
        draw_lane (maker, side, from, to,
                   block->kind == RN_SHORTCUT_IDENTITY ? RN_EDGE_IDENTITY : RN_EDGE_PROJECTION);
    }
}

/**
 * rn_aligned_rows_new:
 * @deviations: (nullable): what the numbers tell of it
 * @fold: whether runs of layers that are the same become one row
 *
 * Returns: (transfer full): a list of RnAlignedRow, in the order of the pairs
 */
GListModel *
rn_aligned_rows_new (const RnComparison *comparison, const RnDeviations *deviations, gboolean fold)
{
  Maker maker = { .comparison = comparison, .deviations = deviations };
  g_autofree RnMark *marks = NULL;
  g_autofree int *differences = NULL;
  g_autofree int *row_of = NULL;

  maker.pairs = rn_comparison_get_pairs (comparison, &maker.n);
  maker.models[0] = rn_comparison_get_a (comparison);
  maker.models[1] = rn_comparison_get_b (comparison);
  maker.marks = marks = g_new0 (RnMark, maker.n + 1);
  maker.differences = differences = g_new (int, maker.n + 1);
  maker.row_of = row_of = g_new0 (int, maker.n + 1);
  maker.rows = g_list_store_new (RN_TYPE_ALIGNED_ROW);
  mark_pairs (&maker);
  add_rows (&maker, fold);
  for (int side = 0; side < 2; side++)
    add_lanes (&maker, side);

  return G_LIST_MODEL (maker.rows);
}

/* Returns: the row that stands for a pair */
int
rn_aligned_rows_find (GListModel *rows, int pair)
{
  guint low = 0, high = g_list_model_get_n_items (rows);

  while (low + 1 < high)
    {
      guint middle = (low + high) / 2;
      g_autoptr (RnAlignedRow) row = g_list_model_get_item (rows, middle);

      if (row->first <= pair)
        low = middle;
      else
        high = middle;
    }

  return low;
}
