#include "engine/analysis/channel-stats.h"

#include <math.h>

typedef struct
{
  int channel;
  double key;
} Entry;

/* One pass over the rows, for the channels of a place lie side by side. */
static void
sum_up (const RnTensor *activation, int n_channels, RnChannelStats *stats, gint64 *n_finite)
{
  gint64 n_places = rn_tensor_get_n_elements (activation) / n_channels / activation->dims[0];
  const float *values = rn_tensor_f32 (activation);

  for (gint64 i = 0; i < n_places; i++, values += n_channels)
    for (int c = 0; c < n_channels; c++)
      {
        RnChannelStats *self = &stats[c];
        float value = values[c];

        if (!isfinite (value))
          continue;
        self->low = MIN (self->low, value);
        self->high = MAX (self->high, value);
        self->mean += value;
        self->zeros += value == 0;
        n_finite[c]++;
      }
  for (int c = 0; c < n_channels; c++)
    {
      stats[c].mean /= MAX (n_finite[c], 1);
      stats[c].zeros /= MAX (n_places, 1);
    }
}

/* The second pass: distances from the means, so that large means cost no precision. */
static void
sum_distances (const RnTensor *activation,
               int n_channels,
               RnChannelStats *stats,
               const gint64 *n_finite)
{
  gint64 n_places = rn_tensor_get_n_elements (activation) / n_channels / activation->dims[0];
  const float *values = rn_tensor_f32 (activation);

  for (gint64 i = 0; i < n_places; i++, values += n_channels)
    for (int c = 0; c < n_channels; c++)
      if (isfinite (values[c]))
        stats[c].variance += (values[c] - stats[c].mean) * (values[c] - stats[c].mean);
  for (int c = 0; c < n_channels; c++)
    stats[c].variance /= MAX (n_finite[c], 1);
}

/**
 * rn_channel_stats_new:
 * @activation: F32 [N, H, W, C] or [N, C]; the first picture is looked at
 *
 * Returns: (transfer full) (array): one for each channel; free with g_free()
 */
RnChannelStats *
rn_channel_stats_new (const RnTensor *activation)
{
  RnChannelStats *stats;
  g_autofree gint64 *n_finite = NULL;
  int n_channels;

  g_return_val_if_fail (activation != NULL && activation->dtype == RN_DTYPE_F32, NULL);
  g_return_val_if_fail (activation->rank == 4 || activation->rank == 2, NULL);

  n_channels = (int) activation->dims[activation->rank - 1];
  stats = g_new0 (RnChannelStats, n_channels);
  n_finite = g_new0 (gint64, n_channels);
  for (int c = 0; c < n_channels; c++)
    stats[c] = (RnChannelStats) { .low = INFINITY, .high = -INFINITY };
  sum_up (activation, n_channels, stats, n_finite);
  sum_distances (activation, n_channels, stats, n_finite);
  for (int c = 0; c < n_channels; c++)
    if (n_finite[c] == 0)
      stats[c].low = stats[c].high = 0;

  return stats;
}

static double
get_key (const RnChannelStats *self, RnChannelOrder order)
{
  switch (order)
    {
    case RN_CHANNEL_ORDER_MEAN:
      return self->mean;
    case RN_CHANNEL_ORDER_HIGH:
      return self->high;
    case RN_CHANNEL_ORDER_VARIANCE:
      return self->variance;
    case RN_CHANNEL_ORDER_ZEROS:
      return self->zeros;
    default:
      return 0;
    }
}

static int
compare (const void *a, const void *b)
{
  const Entry *first = a, *second = b;

  if (first->key != second->key)
    return first->key > second->key ? -1 : 1;

  return first->channel - second->channel;
}

/**
 * rn_channel_stats_sort:
 * @stats: one for each of @n_channels
 *
 * Returns: (transfer full) (array length=n_channels): the channels' numbers, the largest first; by
 *   index, and where two are equal, as they are numbered
 */
int *
rn_channel_stats_sort (const RnChannelStats *stats, int n_channels, RnChannelOrder order)
{
  g_autofree Entry *entries = g_new (Entry, MAX (n_channels, 1));
  int *channels = g_new (int, MAX (n_channels, 1));

  g_return_val_if_fail (order >= 0 && order < RN_N_CHANNEL_ORDERS, channels);

  for (int c = 0; c < n_channels; c++)
    entries[c] = (Entry) { c, get_key (&stats[c], order) };
  qsort (entries, n_channels, sizeof *entries, compare);
  for (int i = 0; i < n_channels; i++)
    channels[i] = entries[i].channel;

  return channels;
}
