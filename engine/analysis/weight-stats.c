#include "engine/analysis/weight-stats.h"

#include <math.h>

static void
find_moments (const float *x, RnWeightStats *stats)
{
  double sum = 0, squares = 0;

  stats->low = INFINITY;
  stats->high = -INFINITY;
  for (gint64 i = 0; i < stats->n; i++)
    {
      stats->low = MIN (stats->low, x[i]);
      stats->high = MAX (stats->high, x[i]);
      sum += x[i];
    }
  stats->mean = sum / stats->n;
  for (gint64 i = 0; i < stats->n; i++)
    squares += (x[i] - stats->mean) * (x[i] - stats->mean);
  stats->deviation = sqrt (squares / stats->n);
}

static void
fill_bins (const float *x, RnWeightStats *stats)
{
  double extent = stats->high - stats->low;
  double near = RN_WEIGHT_NEAR_ZERO * MAX (fabs (stats->low), fabs (stats->high));
  gint64 n_near = 0;

  for (gint64 i = 0; i < stats->n; i++)
    {
      double at = extent > 0 ? (x[i] - stats->low) / extent * RN_WEIGHT_BINS : RN_WEIGHT_BINS / 2.0;

      if (!isfinite (at))
        continue;
      stats->bins[CLAMP ((int) at, 0, RN_WEIGHT_BINS - 1)]++;
      n_near += fabs (x[i]) <= near;
    }
  stats->near_zero = (double) n_near / stats->n;
}

/**
 * rn_weight_stats_measure:
 * @weights: of any type
 * @stats: (out caller-allocates): what they are like
 *
 * Returns: %FALSE with @error set where there is no memory to convert them
 */
gboolean
rn_weight_stats_measure (RnTensor *weights, RnWeightStats *stats, GError **error)
{
  g_autoptr (RnTensor) numbers = rn_tensor_to_f32 (weights, error);

  if (numbers == NULL)
    return FALSE;

  *stats = (RnWeightStats) { .n = rn_tensor_get_n_elements (numbers) };
  if (stats->n == 0)
    return TRUE;
  find_moments (rn_tensor_f32 (numbers), stats);
  fill_bins (rn_tensor_f32 (numbers), stats);

  return TRUE;
}
