/* A model's weights as training holds them: one block of numbers to step along. */
#pragma once

#include "engine/tensor/weights.h"

G_BEGIN_DECLS

/* Floats. */
#define RN_PARAMETERS_ALIGNMENT 16

/**
 * RnParameters:
 * @n: how many numbers, running statistics and gaps (of zeros) included
 * @values: [n], aligned to 64 bytes; weight after weight in the order of layers and their specs
 * @gradient: [n], the mean loss's derivative by each; 0 for running statistics
 * @offsets: for each layer where its weights begin, or -1
 *
 * One training run's own; not shared between threads that write.
 */
typedef struct
{
  RnModel *model;
  gint64 n;
  float *values;
  float *gradient;
  gint64 (*offsets)[RN_LAYER_MAX_WEIGHTS];
} RnParameters;

RnParameters *rn_parameters_new        (RnBinding           *binding,
                                        GError             **error);
void          rn_parameters_free       (RnParameters        *self);
gint64        rn_parameters_find       (const RnParameters  *self,
                                        int                  layer,
                                        const char          *weight);
RnWeights    *rn_parameters_to_weights (const RnParameters  *self,
                                        const RnWeightsInfo *info,
                                        GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnParameters, rn_parameters_free)

G_END_DECLS
