/* PyTorch's names and layouts turned into Keras'. */
#pragma once

#include "engine/tensor/weights.h"

G_BEGIN_DECLS

/**
 * RnTorchWeights:
 *
 * A state dictionary in the making: tensors come in by PyTorch's names and go out as Keras weights.
 */
typedef struct _RnTorchWeights RnTorchWeights;

RnTorchWeights *rn_torch_weights_new    (void);
void            rn_torch_weights_free   (RnTorchWeights  *self);
gboolean        rn_torch_weights_add    (RnTorchWeights  *self,
                                         const char      *name,
                                         RnTensor        *tensor,
                                         GError         **error);
RnWeights      *rn_torch_weights_finish (RnTorchWeights  *self,
                                         GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnTorchWeights, rn_torch_weights_free)

G_END_DECLS
