/* How a model is computed: the steps, the tensors between them, and where those lie in memory. */
#pragma once

#include "engine/kernels/conv/conv-op.h"
#include "engine/kernels/pool/blocked-pool.h"
#include "engine/runtime/fusion.h"
#include "engine/runtime/generic-op.h"
#include "engine/runtime/session.h"

G_BEGIN_DECLS

typedef enum
{
  RN_LAYOUT_PLAIN,   /* NHWC, no gaps */
  RN_LAYOUT_BLOCKED, /* RnBlocked */
  RN_N_LAYOUTS
} RnLayout;

/* Which of a step's results a value is. */
typedef enum
{
  RN_ROLE_OUTPUT,
  RN_ROLE_CONV, /* a convolution before batch norm */
  RN_ROLE_NORM, /* after it, before the addition */
  RN_ROLE_SUM,  /* after the addition, before ReLU */
  RN_N_ROLES
} RnRole;

/**
 * RnValue:
 * @layer: whose activation it is
 * @blocked: its geometry, of one picture, where @layout is %RN_LAYOUT_BLOCKED
 * @n_floats: room for one picture: whole cache lines
 * @stride: floats from a picture to the next; plain pictures follow each other without gaps
 * @step: what computes it
 * @scheduled: computed in every run; else only when somebody asks for it
 * @kept: stays as it is until the next run
 * @offset: where it lies in the arena of one picture, in floats; meaningless unless @scheduled
 *
 * A tensor between steps. A layer may have one in each layout.
 */
typedef struct
{
  int layer;
  RnLayout layout;
  RnBlocked blocked;
  gint64 n_floats;
  gint64 stride;
  int step;
  RnRole role;
  gboolean scheduled;
  gboolean kept;
  gint64 offset;
} RnValue;

typedef enum
{
  RN_STEP_INPUT,          /* nothing to compute */
  RN_STEP_GENERIC,        /* one layer on plain tensors */
  RN_STEP_CONV,           /* a convolution and what follows it, blocked */
  RN_STEP_MAX_POOL,       /* blocked */
  RN_STEP_GLOBAL_AVERAGE, /* blocked to plain */
  RN_STEP_AFFINE,         /* batch norm, addition, ReLU, blocked */
  RN_STEP_TO_BLOCKED,
  RN_STEP_TO_PLAIN,
} RnStepKind;

/* What a convolution's packed weights were made from; compared by identity. */
typedef struct
{
  const RnTensor *kernel, *bias;
  const RnTensor *norm[RN_LAYER_MAX_WEIGHTS];
  float epsilon;
  gboolean plain_input;
  RnConvShape shape;
} RnConvKey;

/**
 * RnStep:
 * @index: its place in the plan
 * @layers: (element-type int): the layers that are done when it is, ascending
 * @main: the layer that its time is put down to, or -1
 * @inputs: (element-type int): values
 * @residual: value to be added, or -1
 * @outputs: for each role its value, or -1
 * @key: of @conv
 * @scale: [channels, rounded up to blocks] of an affine step; so is @shift
 */
typedef struct
{
  int index;
  RnStepKind kind;
  GArray *layers;
  int main;
  GArray *inputs;
  int residual;
  int outputs[RN_N_ROLES];
  gboolean relu;
  gboolean scheduled;
  RnGenericOp *generic;
  RnConvOp *conv;
  RnConvKey key;
  RnBlockedPool pool;
  float *scale, *shift;
} RnStep;

/**
 * RnPlan:
 * @steps: RnStep; the scheduled ones in the order of computing, then those for what is asked for
 * @values: RnValue
 * @shown: for each layer the value that is its activation
 * @step_of: for each layer the step that has it done
 * @n_scheduled: how many steps a run has
 * @arena_size: floats for one picture
 * @conv_scratch: bytes of scratch that convolutions need
 *
 * Immutable once made but for the number of pictures that generic steps are cut for.
 */
typedef struct
{
  RnBinding *binding;
  RnModel *model;
  const RnKernels *kernels;
  RnKeep keep;
  int n_layers;
  GPtrArray *steps;
  GArray *values;
  int *shown;
  int *step_of;
  int n_scheduled;
  gint64 arena_size;
  gsize conv_scratch;
  gsize weights_size;
} RnPlan;

RnPlan  *rn_plan_new            (RnBinding       *binding,
                                 const RnKernels *kernels,
                                 RnPool          *pool,
                                 RnKeep           keep,
                                 const RnPlan    *donor,
                                 GError         **error);
void     rn_plan_free           (RnPlan          *self);
void     rn_plan_set_batch      (RnPlan          *self,
                                 int              batch);
gsize    rn_plan_get_scratch    (const RnPlan    *self);

static inline RnValue *
rn_plan_get_value (const RnPlan *self, int value)
{
  return &g_array_index (self->values, RnValue, value);
}

static inline RnStep *
rn_plan_get_step (const RnPlan *self, int step)
{
  return self->steps->pdata[step];
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnPlan, rn_plan_free)

G_END_DECLS
