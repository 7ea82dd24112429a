/* How far two networks with weights are apart, layer by layer. */
#pragma once

#include "engine/model/comparison.h"
#include "engine/tensor/weights.h"

G_BEGIN_DECLS

/* What floating point alone makes of the same numbers, as a share of the layer's largest: above the
 * rounding of one engine (Winograd's 5e-6 of the norm), below what another epsilon does. */
#define RN_DEVIATION_TOLERANCE 1e-4

/**
 * RnDeviation:
 * @has_weights: whether both layers have weights that mean the same, of one shape
 * @weights: largest difference of two weights
 * @weights_scale: largest weight of A, by magnitude, in the tensor where that is
 * @has_activations: whether both layers put out the same thing, of one shape
 * @activations: largest difference of what they put out
 * @activations_scale: largest number that A puts out there, by magnitude
 */
typedef struct
{
  gboolean has_weights;
  double weights;
  double weights_scale;
  gboolean has_activations;
  double activations;
  double activations_scale;
} RnDeviation;

/**
 * RnDeviations:
 * @pairs: one for each of rn_comparison_get_pairs()
 * @n_weights, @n_activations: how many pairs could be compared
 * @first_weights, @first_activations: the first pair that is apart by more than rounding, or -1
 */
typedef struct
{
  int n_pairs;
  RnDeviation *pairs;
  int n_weights, n_activations;
  int first_weights, first_activations;
} RnDeviations;

RnDeviations *rn_deviations_new    (const RnComparison  *comparison,
                                    RnBinding           *a,
                                    RnBinding           *b,
                                    RnTensor            *input_a,
                                    RnTensor            *input_b,
                                    int                  n_threads,
                                    GCancellable        *cancellable,
                                    GError             **error);
void          rn_deviations_free   (RnDeviations        *self);
gboolean      rn_deviation_is_large (double              difference,
                                    double               scale);
void          rn_deviations_report (const RnDeviations  *self,
                                    RnComparison        *comparison,
                                    const char          *picture);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnDeviations, rn_deviations_free)

G_END_DECLS
