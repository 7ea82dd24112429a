#include "engine/tensor/ranking.h"

#include <math.h>

/**
 * rn_tensor_rank_largest:
 * @vector: float32 numbers, e.g. the probabilities [1, classes] of one picture
 * @n: how many are wanted
 * @indices: (out) (array): room for @n; the places of the largest numbers, largest first, of equal
 *   ones the first first; numbers that are not numbers (NaN) are left out
 *
 * Returns: how many were found: at most @n
 */
int
rn_tensor_rank_largest (const RnTensor *vector, int n, int *indices)
{
  gint64 n_elements = rn_tensor_get_n_elements (vector);
  const float *values = rn_tensor_f32 (vector);
  int n_found = 0;

  g_return_val_if_fail (vector->dtype == RN_DTYPE_F32 && n_elements <= G_MAXINT, 0);

  for (int i = 0; i < n_elements; i++)
    {
      int place = n_found;

      if (values[i] != values[i])
        continue;
      while (place > 0 && values[i] > values[indices[place - 1]])
        place--;
      if (place >= n)
        continue;
      if (n_found < n)
        n_found++;
      for (int k = n_found - 1; k > place; k--)
        indices[k] = indices[k - 1];
      indices[place] = i;
    }

  return n_found;
}

/**
 * rn_scores_to_probabilities:
 * @scores: (inout) (array length=n): what a classifier puts out for one picture
 *
 * A model without a softmax at its end, as PyTorch's are, puts out logits: their softmax says how
 * probable each class is (Goodfellow et al. 2016, sec. 6.2.2.3). What lies from 0 to 1 stays as it is.
 */
void
rn_scores_to_probabilities (float *scores, int n)
{
  float largest = -INFINITY;
  double sum = 0;
  gboolean done = TRUE;

  g_return_if_fail (scores != NULL || n == 0);

  for (int i = 0; i < n; i++)
    {
      largest = MAX (largest, scores[i]);
      done &= scores[i] >= 0 && scores[i] <= 1.001f;
    }
  if (done)
    return;

  for (int i = 0; i < n; i++)
    sum += scores[i] = expf (scores[i] - largest);
  for (int i = 0; i < n; i++)
    scores[i] /= sum;
}
