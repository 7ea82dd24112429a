/* What the channels of an activation are like, and in which order to look at them. */
#pragma once

#include "engine/tensor/tensor.h"

G_BEGIN_DECLS

/**
 * RnChannelStats:
 * @low: least value
 * @high: greatest value
 * @mean: arithmetic mean over all places
 * @variance: mean squared distance from @mean
 * @zeros: the share of places where the value is exactly 0, from 0 to 1; what ReLU cuts off
 *
 * Values that are not finite are left out of all but @zeros' count of places.
 */
typedef struct
{
  float low, high;
  double mean, variance;
  double zeros;
} RnChannelStats;

typedef enum
{
  RN_CHANNEL_ORDER_INDEX,
  RN_CHANNEL_ORDER_MEAN,
  RN_CHANNEL_ORDER_HIGH,
  RN_CHANNEL_ORDER_VARIANCE,
  RN_CHANNEL_ORDER_ZEROS,
  RN_N_CHANNEL_ORDERS
} RnChannelOrder;

RnChannelStats *rn_channel_stats_new  (const RnTensor       *activation);
int            *rn_channel_stats_sort (const RnChannelStats *stats,
                                       int                   n_channels,
                                       RnChannelOrder        order);

G_END_DECLS
