/* What a network says of a picture, for people and for programs. */
#pragma once

#include <json-glib/json-glib.h>

#include "engine/tensor/weights.h"

G_BEGIN_DECLS

/**
 * RnPrediction:
 * @image: the file
 * @binding: (not owned): the network that says it
 * @n_top: how many classes there are
 * @classes: their numbers, most probable first
 * @probabilities: likewise
 */
typedef struct
{
  const char *image;
  RnBinding *binding;
  int n_top;
  int *classes;
  float *probabilities;
} RnPrediction;

RnPrediction *rn_prediction_new   (const char          *image,
                                   RnBinding           *binding,
                                   const RnTensor      *output,
                                   gint64               item,
                                   int                  n_top,
                                   GError             **error);
void          rn_prediction_free  (RnPrediction        *self);
void          rn_prediction_print (const RnPrediction  *self);
void          rn_prediction_build (const RnPrediction  *self,
                                   JsonBuilder         *builder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnPrediction, rn_prediction_free)

G_END_DECLS
