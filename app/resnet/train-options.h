/* What `resnet train` was told to do. */
#pragma once

#include "app/resnet/command.h"
#include "engine/training/trainer.h"

G_BEGIN_DECLS

/**
 * RnTrainCommand:
 * @model: which network
 * @trainer: how it learns
 * @data: from what
 * @schedule: name of the schedule, taken over into @trainer
 * @optimizer: name of the optimizer, taken over into @trainer
 * @output: (nullable): where the trained network goes
 * @checkpoint: (nullable): where the run is kept
 * @blocks: (nullable): where gradients and responses go
 * @resume: whether it goes on from @checkpoint
 * @as_they_are: whether pictures are not augmented
 * @json: whether an epoch is a line of JSON
 * @seed: as given, before it is found to be right
 * @n_shapes: how many shapes there are to learn from
 */
typedef struct
{
  RnModelOptions model;
  RnTrainerOptions trainer;
  char *data;
  char *schedule;
  char *optimizer;
  char *output;
  char *checkpoint;
  char *blocks;
  gboolean resume;
  gboolean as_they_are;
  gboolean json;
  gint64 seed;
  int n_shapes;
} RnTrainCommand;

gboolean rn_train_command_parse (RnTrainCommand   *self,
                                 const RnCommand  *command,
                                 char            **args,
                                 GError          **error);
void     rn_train_command_clear (RnTrainCommand   *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RnTrainCommand, rn_train_command_clear)

G_END_DECLS
