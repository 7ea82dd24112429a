/* Why a unit has the value it has: the arithmetic behind it, term by term. */
#pragma once

#include "engine/tensor/weights.h"

G_BEGIN_DECLS

/* One number of an activation. In a vector @y and @x are 0. */
typedef struct
{
  int y, x, channel;
} RnUnit;

typedef enum
{
  RN_RULE_INPUT,   /* the picture's own number */
  RN_RULE_COPY,    /* one input's number as it is; 0 in a border */
  RN_RULE_SUM,     /* the terms' amounts added up: kernels, batch norm, Add, averages */
  RN_RULE_MAX,     /* the largest of the terms */
  RN_RULE_PRODUCT, /* the terms multiplied */
} RnRule;

/**
 * RnTerm:
 * @source: the layer that @value comes from; -1 for a constant of the layer itself
 * @unit: where in @source
 * @constant: (nullable): what the constant is: "bias", "shift"; of a separable convolution's inner
 *   channel "depthwise"; %NULL otherwise
 * @value: the input
 * @factor: what it is multiplied by
 * @amount: @value · @factor
 */
typedef struct
{
  int source;
  RnUnit unit;
  const char *constant;
  double value;
  double factor;
  double amount;
} RnTerm;

/**
 * RnExplanationStep:
 * @layer: whose value is explained
 * @unit: which of its values
 * @rule: how the terms make @total
 * @terms: RnTerm, the largest (regardless of sign) first
 * @total: what the terms come to, in double precision
 * @function: what the layer does with it
 * @max_value: where a ReLU is cut off, or infinity
 * @log_total: of softmax: the logarithm of the sum of exp over all units, so that the value is
 *   exp (total - log_total)
 * @result: what the arithmetic gives
 * @activation: what the network gave
 */
typedef struct
{
  int layer;
  RnUnit unit;
  RnRule rule;
  GArray *terms;
  double total;
  RnActivation function;
  double max_value;
  double log_total;
  double result;
  float activation;
} RnExplanationStep;

/**
 * RnExplanation:
 * @steps: RnExplanationStep, in the order of computing: the last one is the unit asked for, those
 *   before it lead to it from the convolution, the pooling or the Dense behind (batch norm, Add and
 *   ReLU are one term each, so that they alone would say little)
 */
typedef struct
{
  GPtrArray *steps;
} RnExplanation;

/**
 * RnActivationSource:
 *
 * Returns: (transfer full) (nullable): a layer's activation of one picture, float32
 */
typedef RnTensor *(*RnActivationSource) (int       layer,
                                         gpointer  data,
                                         GError  **error);

RnExplanation *rn_explanation_new  (RnBinding           *binding,
                                    int                  layer,
                                    RnUnit               unit,
                                    RnActivationSource   source,
                                    gpointer             data,
                                    GError             **error);
void           rn_explanation_free (RnExplanation       *self);

static inline const RnExplanationStep *
rn_explanation_get_step (const RnExplanation *self, int i)
{
  return self->steps->pdata[i];
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnExplanation, rn_explanation_free)

G_END_DECLS
