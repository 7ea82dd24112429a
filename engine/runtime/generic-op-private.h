/* What the parts of RnGenericOp share. */
#pragma once

#include "engine/kernels/conv/conv-gemm.h"
#include "engine/kernels/pool/pool.h"
#include "engine/runtime/generic-op.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 unit;
  const float *const *inputs;
  float *scratch;
  float *output;
} RnGenericTask;

typedef void (*RnGenericFunc) (const RnGenericOp *self, const RnGenericTask *task);

/**
 * RnGenericOp:
 * @in_shapes: of one picture, one for each input of the layer
 * @weights: float32, in the order of the layer's weight specs; %NULL beyond them
 * @scale: of a batch norm, folded; so is @shift
 * @block: pixels a unit of an element-wise pass
 * @n_blocks: such blocks a picture
 * @passes: the second one is an activation in place
 */
struct _RnGenericOp
{
  RnBinding *binding;
  const RnLayer *layer;
  gboolean reference;
  int batch;
  RnShape *in_shapes;
  RnShape out_shape;
  RnTensor *weights[RN_LAYER_MAX_WEIGHTS];
  float *scale, *shift;

  RnConvShape conv;
  RnConvTiling tiling;
  RnPoolShape pool;
  RnActivation activation;
  float max_value;

  gint64 block, n_blocks;
  gsize scratch;
  int n_passes;
  gint64 n_units[RN_GENERIC_MAX_PASSES];
  RnGenericFunc passes[RN_GENERIC_MAX_PASSES];
};

static inline const float *
rn_generic_op_weight (const RnGenericOp *self, int i)
{
  return self->weights[i] != NULL ? rn_tensor_f32 (self->weights[i]) : NULL;
}

void rn_generic_op_prepare_conv    (RnGenericOp *self);
void rn_generic_op_prepare_pool    (RnGenericOp *self);
void rn_generic_op_prepare_rows    (RnGenericOp *self);
void rn_generic_op_prepare_element (RnGenericOp *self);

G_END_DECLS
