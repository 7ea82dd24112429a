/* What a weight tensor's numbers are like. */
#pragma once

#include "engine/tensor/tensor.h"

G_BEGIN_DECLS

#define RN_WEIGHT_BINS 41

/* Of the largest magnitude: what is smaller counts as near zero. */
#define RN_WEIGHT_NEAR_ZERO 0.01

/**
 * RnWeightStats:
 * @n: how many numbers
 * @low: the least
 * @high: the greatest
 * @mean: their mean
 * @deviation: their standard deviation
 * @near_zero: the share of numbers smaller in size than %RN_WEIGHT_NEAR_ZERO times the largest
 * @bins: how many lie in each of the equal parts between @low and @high
 */
typedef struct
{
  gint64 n;
  double low, high;
  double mean, deviation;
  double near_zero;
  gint64 bins[RN_WEIGHT_BINS];
} RnWeightStats;

gboolean rn_weight_stats_measure (RnTensor       *weights,
                                  RnWeightStats  *stats,
                                  GError        **error);

G_END_DECLS
