/* The largest of a vector of numbers. */
#pragma once

#include "engine/tensor/tensor.h"

G_BEGIN_DECLS

int rn_tensor_rank_largest (const RnTensor *vector,
                            int             n,
                            int            *indices);

G_END_DECLS
