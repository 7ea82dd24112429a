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
 *   "shape", "connection", "order" (of the layers in a block), "blocks" (of another kind); "weights" and "activations", which
 *   rn_deviations_new() adds; or "equivalent": written otherwise, but the same is computed
 * @a: (nullable): what A has; %NULL where it lacks it
 * @b: (nullable): what B has
 * @n_layers: how many places it is found in
 * @layers: those places, in A's order
 * @parameters_a: how many parameters A has in them
 * @parameters_b: how many B has
 * @text: one sentence for a student: what, where, and why it matters
 */
typedef struct
{
  const char *kind;
  char *a;
  char *b;
  int n_layers;
  RnLayerPair *layers;
  gint64 parameters_a, parameters_b;
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
RnModel            *rn_comparison_get_a          (const RnComparison  *self);
RnModel            *rn_comparison_get_b          (const RnComparison  *self);
gboolean            rn_comparison_has_weights    (const RnComparison  *self,
                                                  int                  pair);
gboolean            rn_comparison_has_activations (const RnComparison *self,
                                                  int                  pair);
void                rn_comparison_add            (RnComparison        *self,
                                                  const char          *kind,
                                                  const char          *a,
                                                  const char          *b,
                                                  const RnLayerPair   *places,
                                                  int                  n_places,
                                                  char                *text);
RnModel            *rn_comparison_find_variant   (const char          *id,
                                                  RnModel             *other,
                                                  RnVariant           *variant,
                                                  GError             **error);
RnModel            *rn_comparison_find_nearest   (RnModel             *other,
                                                  const char         **id,
                                                  RnVariant           *variant);
char               *rn_comparison_name_variant   (const char          *id,
                                                  const RnModel       *model,
                                                  const RnVariant     *variant);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnComparison, rn_comparison_free)

G_END_DECLS
