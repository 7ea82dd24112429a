/* Every layer of a network, computed by plain loops in double precision: what a session is held to.
 * Shares no code with the engine's kernels. */
#pragma once

#include "engine/tensor/weights.h"

/**
 * ReferenceNet:
 * @values: for each layer its activation, [batch, …] without gaps
 */
typedef struct
{
  int n_layers;
  double **values;
} ReferenceNet;

ReferenceNet *reference_net_new            (RnBinding          *binding,
                                            const RnTensor     *input);
void          reference_net_free           (ReferenceNet       *self);
double        reference_net_get_error      (const ReferenceNet *self,
                                            int                 layer,
                                            const RnTensor     *activation);
RnWeights    *reference_weights_new_random (const RnModel      *model);
RnTensor     *reference_input_new_random   (const RnModel      *model,
                                            int                 batch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReferenceNet, reference_net_free)
