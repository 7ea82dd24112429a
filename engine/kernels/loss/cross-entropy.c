#include "engine/kernels/loss/cross-entropy.h"

#include <math.h>

/**
 * rn_cross_entropy:
 * @logits: [n_classes], of one picture, before softmax
 * @right: its class
 * @smoothing: label smoothing e: the target is 1 - e at @right, and e / n_classes is added to every
 *   class (Szegedy et al. 2016, sec. 7, as Keras and PyTorch have it)
 * @scale: what @d_logits is multiplied by: 1 / batch for the mean over a batch
 * @probabilities: (nullable): [n_classes], softmax of @logits
 * @d_logits: (nullable): [n_classes], the loss's derivative: softmax minus target
 *
 * Returns: - sum over classes of target ln softmax; NaN where a logit is
 */
double
rn_cross_entropy (const float *logits,
                  int n_classes,
                  int right,
                  double smoothing,
                  float scale,
                  float *probabilities,
                  float *d_logits)
{
  double largest = -INFINITY, total = 0, loss = 0;

  for (int c = 0; c < n_classes; c++)
    largest = logits[c] > largest ? logits[c] : largest;
  for (int c = 0; c < n_classes; c++)
    total += exp (logits[c] - largest);
  for (int c = 0; c < n_classes; c++)
    {
      double target = smoothing / n_classes + (c == right ? 1 - smoothing : 0);
      double log_p = logits[c] - largest - log (total);

      loss -= target * log_p;
      if (probabilities != NULL)
        probabilities[c] = exp (log_p);
      if (d_logits != NULL)
        d_logits[c] = (exp (log_p) - target) * scale;
    }

  return loss;
}
