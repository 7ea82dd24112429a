/* The largest of a vector of numbers, and what they say as probabilities. */
#pragma once

#include "engine/tensor/tensor.h"

G_BEGIN_DECLS

int  rn_tensor_rank_largest     (const RnTensor *vector,
                                 int             n,
                                 int            *indices);
void rn_scores_to_probabilities (float          *scores,
                                 int             n);

G_END_DECLS
