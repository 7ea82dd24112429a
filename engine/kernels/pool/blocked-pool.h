/* Pooling and element-wise layers on blocked tensors. */
#pragma once

#include "engine/kernels/blocked/blocked.h"
#include "engine/kernels/vector/kernels.h"

G_BEGIN_DECLS

/**
 * RnBlockedPool:
 * @window: [vertical, horizontal]; so is @stride
 * @pad_top: rows above the input that windows reach into; @pad_left likewise
 * @pad_zero: those count as zeros (a ZeroPadding2D before); else they are left out
 */
typedef struct
{
  int window[2];
  int stride[2];
  int pad_top, pad_left;
  gboolean pad_zero;
} RnBlockedPool;

void rn_blocked_max_pool       (const RnBlockedPool *self,
                                const RnBlocked     *in,
                                const float         *input,
                                const RnBlocked     *out,
                                float               *output,
                                const RnKernels     *kernels,
                                RnPool              *pool,
                                const gint          *cancelled);
void rn_blocked_global_average (const RnBlocked     *in,
                                const float         *input,
                                float               *output,
                                const RnKernels     *kernels,
                                RnPool              *pool,
                                const gint          *cancelled);
void rn_blocked_affine         (const RnBlocked     *shape,
                                const float         *input,
                                const float         *scale,
                                const float         *shift,
                                const float         *residual,
                                gboolean             relu,
                                float               *output,
                                const RnKernels     *kernels,
                                RnPool              *pool,
                                const gint          *cancelled);

G_END_DECLS
