/* What differs between two networks, by structure alone: names do not matter. */
#pragma once

#include "engine/model/catalog.h"

G_BEGIN_DECLS

/* A place in both networks; -1 on the side that lacks it. */
typedef struct
{
  int a, b;
} RnLayerPair;

/**
 * RnDifference:
 * @kind: "missing" (in B), "extra" (in B), "replaced", "input", "filters", "kernel", "stride",
 *   "padding", "dilation", "groups", "pool", "bias", "epsilon", "scale", "activation", "units",
 *   "shape", "connection"; or "equivalent": written otherwise, but the same is computed
 * @a: (nullable): what A has; %NULL where it lacks it
 * @b: (nullable): what B has
 * @n_layers: how many places it is found in
 * @layers: those places, in A's order
 * @text: one sentence for a student: what, where, and why it matters
 */
typedef struct
{
  const char *kind;
  char *a;
  char *b;
  int n_layers;
  RnLayerPair *layers;
  char *text;
} RnDifference;

typedef struct _RnComparison RnComparison;

RnComparison       *rn_comparison_new            (RnModel             *a,
                                                  RnModel             *b);
void                rn_comparison_free           (RnComparison        *self);
gboolean            rn_comparison_is_same        (const RnComparison  *self);
double              rn_comparison_get_distance   (const RnComparison  *self);
int                 rn_comparison_get_n          (const RnComparison  *self);
const RnDifference *rn_comparison_get            (const RnComparison  *self,
                                                  int                  i);
const RnLayerPair  *rn_comparison_get_pairs      (const RnComparison  *self,
                                                  int                 *n_pairs);
RnModel            *rn_comparison_find_variant   (const char          *id,
                                                  RnModel             *other,
                                                  RnVariant           *variant,
                                                  GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnComparison, rn_comparison_free)

G_END_DECLS
