/* Where the gradient of a class's loss goes in the network as it ran, on a worker. */
#pragma once

#include "ui/document/network.h"

G_BEGIN_DECLS

/**
 * RnLayerGradients:
 * @loss: what the picture's loss would be, were it of the class
 * @class_index: the class
 * @norms: for each layer of the model shown the norm of the loss's derivative by its output; not a
 *   number where none reaches it, or the edits leave it out
 */
typedef struct
{
  double loss;
  int class_index;
  int n_layers;
  double *norms;
} RnLayerGradients;

/**
 * RnGradientRequest:
 * @network: what ran
 * @run: over what, with which edits
 * @class_index: which class is asked about
 */
typedef struct
{
  RnNetwork *network;
  RnRun *run;
  int class_index;
} RnGradientRequest;

void     rn_layer_gradients_free  (gpointer       data);
void     rn_gradient_request_free (gpointer       data);
gpointer rn_gradient_work         (gpointer       data,
                                   GCancellable  *cancellable,
                                   GError       **error);

G_END_DECLS
