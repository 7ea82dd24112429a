/* What the parts of RnExplanation share. */
#pragma once

#include "engine/analysis/explanation.h"

G_BEGIN_DECLS

/**
 * RnExplainer:
 * @inputs: the layer's inputs, one picture each
 * @shapes: of the inputs
 * @weights: float32, in the order of the layer's specs
 *
 * A layer about to be explained.
 */
typedef struct
{
  RnBinding *binding;
  const RnModel *model;
  const RnLayer *layer;
  RnExplanationStep *step;
  RnTensor **inputs;
  RnShape *shapes;
  RnTensor *weights[RN_LAYER_MAX_WEIGHTS];
} RnExplainer;

const float *rn_explainer_get_weight (const RnExplainer *self,
                                      const char        *name);
double       rn_explainer_get_value  (const RnExplainer *self,
                                      int                input,
                                      RnUnit             unit);
void         rn_explainer_add        (RnExplainer       *self,
                                      int                input,
                                      RnUnit             unit,
                                      double             factor);
void         rn_explainer_add_constant (RnExplainer     *self,
                                        const char      *name,
                                        double           value);

void         rn_explainer_explain_conv (RnExplainer     *self);
void         rn_explainer_explain_dense (RnExplainer    *self);
void         rn_explainer_explain_pool (RnExplainer     *self);

G_END_DECLS
