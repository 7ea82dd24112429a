/* What one run of a network over one picture gave. */
#pragma once

#include "engine/model/model.h"
#include "engine/tensor/picture.h"

G_BEGIN_DECLS

#define RN_RUN_MAX_PREDICTIONS 5

/**
 * RnPrediction:
 * @index: number of the class, as the classifier's outputs count
 * @label: its readable name, or its id, or its number where the weights name no classes
 * @probability: from 0 to 1
 * @before: what it was without the edits; the same where there are none
 */
typedef struct
{
  int index;
  char *label;
  double probability;
  double before;
} RnPrediction;

/**
 * RnRun:
 * @model: what ran
 * @picture: what it looked at, as it came from the file
 * @edits: what was changed in the model as it ran, %NULL-terminated
 * @lost: (nullable): for each layer of the model whether the edits leave it out; %NULL: none
 * @before: (nullable): the same picture without the edits; %NULL where there are none
 * @n_classes: how many classes there are; 0 without a classifier
 * @probabilities: of each class
 * @predictions: the @n_predictions most probable classes, best first; none without a classifier
 * @milliseconds: how long the layers took, measured
 * @layer_ms: for each layer how long it took; 0 of one that was computed together with another
 * @n_threads: how many threads computed
 * @serial: tells runs of one network apart
 *
 * Immutable, reference-counted.
 */
typedef struct _RnRun
{
  RnModel *model;
  RnPicture *picture;
  char **edits;
  gboolean *lost;
  struct _RnRun *before;
  int n_classes;
  float *probabilities;
  int n_predictions;
  RnPrediction predictions[RN_RUN_MAX_PREDICTIONS];
  double milliseconds;
  double *layer_ms;
  int n_threads;
  guint64 serial;

  /*< private >*/
  gint ref_count;
} RnRun;

RnRun   *rn_run_new       (RnModel           *model,
                           RnPicture         *picture,
                           const char *const *edits);
RnRun   *rn_run_ref       (RnRun             *self);
void     rn_run_unref     (RnRun             *self);
gboolean rn_run_is_of     (const RnRun       *self,
                           const RnPicture   *picture,
                           const char *const *edits);
gboolean rn_run_has_layer (const RnRun       *self,
                           int                layer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnRun, rn_run_unref)

G_END_DECLS
