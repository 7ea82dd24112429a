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
 */
typedef struct
{
  int index;
  char *label;
  double probability;
} RnPrediction;

/**
 * RnRun:
 * @model: what ran
 * @picture: what it looked at, as it came from the file
 * @predictions: the @n_predictions most probable classes, best first; none without a classifier
 * @milliseconds: how long the layers took, measured
 * @n_threads: how many threads computed
 * @serial: tells runs of one network apart
 *
 * Immutable, reference-counted.
 */
typedef struct
{
  RnModel *model;
  RnPicture *picture;
  int n_predictions;
  RnPrediction predictions[RN_RUN_MAX_PREDICTIONS];
  double milliseconds;
  int n_threads;
  guint64 serial;

  /*< private >*/
  gint ref_count;
} RnRun;

RnRun *rn_run_new   (RnModel   *model,
                     RnPicture *picture);
RnRun *rn_run_ref   (RnRun     *self);
void   rn_run_unref (RnRun     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnRun, rn_run_unref)

G_END_DECLS
