/* What the parts of RnTrainer share. */
#pragma once

#include "engine/training/tape.h"
#include "engine/training/trainer.h"

G_BEGIN_DECLS

struct _RnTrainer
{
  gint ref_count;
  RnModel *model;
  RnBinding *binding;
  RnDataSet *training, *validation;
  RnTrainerOptions options;
  RnTrainerObserver observer;
  RnPool *pool;

  GMutex mutex; /* what follows, during a step */
  RnParameters *parameters;
  RnOptimizer *optimizer;
  RnTape *tape;

  gint64 step; /* done */
  int steps_per_epoch;
  int *order;  /* of the epoch's pictures */
  int order_epoch;
  double sum_of_losses; /* of the epoch's steps so far */
  gint64 n_wrong;
  double seconds;
  gboolean diverged;
  gint measure_next; /* atomic */
  GArray *epochs;
  GArray *probes;
};

gboolean rn_trainer_validate (RnTrainer       *self,
                              GCancellable    *cancellable,
                              RnTrainerEpoch  *epoch,
                              GError         **error);
void     rn_trainer_probe    (RnTrainer       *self);

G_END_DECLS
