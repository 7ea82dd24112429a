/* What resnet compare prints. */
#pragma once

#include "app/resnet/side.h"
#include "engine/runtime/deviation.h"

G_BEGIN_DECLS

/**
 * RnComparisonOutput:
 * @deviations: (nullable): where both sides have weights
 * @picture: (nullable): what both were run on
 * @layers: whether each pair of layers is printed too
 */
typedef struct
{
  const RnSide *a, *b;
  const RnComparison *comparison;
  const RnDeviations *deviations;
  const char *picture;
  gboolean layers;
} RnComparisonOutput;

void rn_comparison_print_json (const RnComparisonOutput *self);
void rn_comparison_print_text (const RnComparisonOutput *self);

G_END_DECLS
