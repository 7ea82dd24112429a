/* Where the gradient goes: what every layer, and every pixel, has to do with one class. */
#pragma once

#include "engine/tensor/weights.h"

G_BEGIN_DECLS

/* What is asked for; each takes a run backwards of its own. */
typedef enum
{
  RN_GRADIENTS_NORMS = 1 << 0,    /* the loss, and the norms of each layer */
  RN_GRADIENTS_SALIENCY = 1 << 1, /* the score's derivative by the picture */
  RN_GRADIENTS_ALL = RN_GRADIENTS_NORMS | RN_GRADIENTS_SALIENCY,
} RnGradientsParts;

/**
 * RnGradients:
 * @loss: cross-entropy of the picture, were it of the class that was asked for
 * @gradient_norm: for each layer the L2 norm of the loss's derivative by its output; NaN where none
 *   reaches it
 * @weight_gradient_norm: for each layer that of the derivative by its weights; NaN where it has
 *   none
 * @score_gradient: [height, width, channels]: the derivative of the class's score (before softmax)
 *   by the network's input
 * @saliency: [height, width]: the largest magnitude of @score_gradient over the channels (Simonyan,
 *   Vedaldi and Zisserman 2014, sec. 3.1)
 *
 * What was not asked for is %NULL.
 */
typedef struct
{
  int n_layers;
  double loss;
  double *gradient_norm;
  double *weight_gradient_norm;
  int height, width, channels;
  float *score_gradient;
  float *saliency;
} RnGradients;

RnGradients *rn_gradients_new  (RnBinding         *binding,
                                RnTensor          *input,
                                int                class,
                                RnGradientsParts   parts,
                                int                n_threads,
                                GCancellable      *cancellable,
                                GError           **error);
void         rn_gradients_free (RnGradients       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnGradients, rn_gradients_free)

G_END_DECLS
