/* Which item of one network stands for which of the other: the alignment of both rows that costs
 * least (Needleman, Wunsch 1970), within a band about the diagonal where the rows are long. */
#include <string.h>

#include "engine/model/comparison-private.h"

#define GAP 100
#define TRAIT 25     /* a trait that differs */
#define REPLACED 160 /* another layer of the same family: less than one missing and one extra */
#define NEVER (1 << 29)

/* Cells that the table may have: bytes. */
#define MAX_CELLS (G_GINT64_CONSTANT (16) << 20)

typedef enum
{
  STEP_PAIR = 1,
  STEP_ONLY_A,
  STEP_ONLY_B,
} Step;

/* What one layer may stand in for: pooling for pooling, a projection for zero padding, … */
static int
get_family (RnLayerKind kind)
{
  switch ((int)kind)
    {
    case RN_LAYER_CONV:
    case RN_LAYER_DEPTHWISE_CONV:
    case RN_LAYER_SEPARABLE_CONV:
    case RN_LAYER_SHORTCUT_PADDING:
      return 1;
    case RN_LAYER_MAX_POOL:
    case RN_LAYER_AVERAGE_POOL:
      return 2;
    case RN_LAYER_GLOBAL_MAX_POOL:
    case RN_LAYER_GLOBAL_AVERAGE_POOL:
    case RN_LAYER_FLATTEN:
      return 3;
    case RN_LAYER_ADD:
    case RN_LAYER_CONCATENATE:
    case RN_LAYER_MULTIPLY:
      return 4;
    default:
      return 100 + kind;
    }
}

static int
get_cost (const RnItem *a, const RnItem *b)
{
  int n = 0;

  if (!rn_items_alike (a, b))
    return get_family (a->kind) == get_family (b->kind) ? REPLACED : NEVER;
  for (int t = 0; t < RN_N_TRAITS; t++)
    n += !rn_items_equal (a, b, t);

  /* Whole blocks that one side has more should fall out as blocks: filters weigh. */
  return MIN (n * TRAIT, 4 * TRAIT);
}

static const RnItem *
get (const GArray *items, int i)
{
  return &g_array_index (items, RnItem, i);
}

static void
add_pair (GArray *pairs, int a, int b)
{
  RnLayerPair pair = { a, b };

  g_array_append_val (pairs, pair);
}

static void
reverse (GArray *pairs, guint from)
{
  for (guint i = from, k = pairs->len; i + 1 < k; i++, k--)
    {
      RnLayerPair pair = g_array_index (pairs, RnLayerPair, i);

      g_array_index (pairs, RnLayerPair, i) = g_array_index (pairs, RnLayerPair, k - 1);
      g_array_index (pairs, RnLayerPair, k - 1) = pair;
    }
}

/* Aligns a[from, from + n) with b[from, from + m). */
static void
align_range (const GArray *a, const GArray *b, int from, int n, int m, GArray *pairs)
{
  gint64 width = MIN ((gint64)m + 1, MAX (MAX_CELLS / (n + 1), 2 * (gint64)ABS (n - m) + 3));
  g_autofree guint8 *steps = g_malloc0 ((gsize)(n + 1) * width);
  g_autofree int *above = g_new (int, width);
  g_autofree int *row = g_new (int, width);
  gint64 above_first = 0;
  guint start = pairs->len;
  int i, j;

#define FIRST(i) CLAMP ((gint64)(i)*m / MAX (n, 1) - width / 2, 0, (gint64)m + 1 - width)
  for (i = 0; i <= n; i++)
    {
      gint64 first = FIRST (i);

      for (gint64 k = 0; k < width; k++)
        {
          gint64 diagonal = first + k - 1 - above_first, up = first + k - above_first;
          int best = i == 0 && first + k == 0 ? 0 : NEVER, cost;
          guint8 step = 0;

          j = (int) (first + k);
          if (i > 0 && up >= 0 && up < width && (cost = above[up] + GAP) < best)
            best = cost, step = STEP_ONLY_A;
          if (k > 0 && (cost = row[k - 1] + GAP) < best)
            best = cost, step = STEP_ONLY_B;
          /* Only if it is better: what one side has more comes as late as it can, so that it begins
           * where a block begins. */
          if (i > 0 && j > 0 && diagonal >= 0 && diagonal < width &&
              (cost = above[diagonal] + get_cost (get (a, from + i - 1), get (b, from + j - 1))) <
                  best)
            best = cost, step = STEP_PAIR;
          row[k] = best;
          steps[i * width + k] = step;
        }
      memcpy (above, row, width * sizeof *row);
      above_first = first;
    }

  for (i = n, j = m; i > 0 || j > 0;)
    {
      guint8 step = steps[i * width + (j - FIRST (i))];

      if (step == 0) /* outside of the band */
        step = i > 0 ? STEP_ONLY_A : STEP_ONLY_B;
      add_pair (pairs, step == STEP_ONLY_B ? -1 : from + --i,
                step == STEP_ONLY_A ? -1 : from + --j);
    }
#undef FIRST
  reverse (pairs, start);
}

static gboolean
is_equal (const RnItem *a, const RnItem *b)
{
  return rn_items_alike (a, b) && get_cost (a, b) == 0;
}

/* Returns: (transfer full): an array of RnLayerPair of indices into both rows, in order */
GArray *
rn_items_align (const GArray *a, const GArray *b)
{
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (RnLayerPair));
  int n = a->len, m = b->len, before = 0, behind = 0;

  while (before < MIN (n, m) && is_equal (get (a, before), get (b, before)))
    add_pair (pairs, before, before), before++;
  /* A common end is only cut off where it must be: it would pull apart what begins with a block. */
  while ((gint64)(n - before) * (m - before) > MAX_CELLS && behind < MIN (n, m) - before &&
         is_equal (get (a, n - 1 - behind), get (b, m - 1 - behind)))
    behind++;
  align_range (a, b, before, n - before - behind, m - before - behind, pairs);
  for (int i = behind; i > 0; i--)
    add_pair (pairs, n - i, m - i);

  return pairs;
}
