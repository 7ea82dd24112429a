/* How a residual block's branch and shortcut weigh against each other. */
#pragma once

#include "engine/tensor/tensor.h"

G_BEGIN_DECLS

/**
 * RnBlockBalance:
 * @ratio: |F| / |x|: the branch's Euclidean norm over the shortcut's
 * @cosine: of the angle between the two: 1 where the branch goes on in the shortcut's direction, 0
 *   where it adds something of its own, -1 where it takes away
 *
 * Both are 0 where one of the two is all zeros.
 */
typedef struct
{
  double ratio;
  double cosine;
} RnBlockBalance;

RnBlockBalance rn_block_balance_measure (const RnTensor *shortcut,
                                         const RnTensor *branch);

G_END_DECLS
