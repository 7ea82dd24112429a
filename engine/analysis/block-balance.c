#include "engine/analysis/block-balance.h"

#include <math.h>

/**
 * rn_block_balance_measure:
 * @shortcut: what the block's Add gets by the shortcut, F32
 * @branch: what it gets by the branch, of the same shape
 *
 * He, Zhang, Ren and Sun 2016 ("Deep Residual Learning for Image Recognition", sec. 4.2) look at the
 * branches' responses the same way: those of residual networks are small.
 */
RnBlockBalance
rn_block_balance_measure (const RnTensor *shortcut, const RnTensor *branch)
{
  const float *x = rn_tensor_f32 (shortcut), *f = rn_tensor_f32 (branch);
  gint64 n = rn_tensor_get_n_elements (shortcut);
  double xx = 0, ff = 0, xf = 0;

  g_return_val_if_fail (rn_tensor_get_n_elements (branch) == n, ((RnBlockBalance) { 0 }));

  for (gint64 i = 0; i < n; i++)
    {
      xx += (double) x[i] * x[i];
      ff += (double) f[i] * f[i];
      xf += (double) x[i] * f[i];
    }
  if (xx == 0 || ff == 0)
    return (RnBlockBalance) { 0, 0 };

  return (RnBlockBalance) { sqrt (ff / xx), xf / sqrt (xx * ff) };
}
