/* resnet train --blocks: gradient and response of each block, step by step, as a table. */
#pragma once

#include "engine/training/trainer.h"

G_BEGIN_DECLS

typedef struct _RnTrainBlocks RnTrainBlocks;

RnTrainBlocks *rn_train_blocks_new   (void);
void           rn_train_blocks_free  (RnTrainBlocks        *self);
void           rn_train_blocks_add   (RnTrainBlocks        *self,
                                      RnTrainer            *trainer,
                                      const RnTrainerStep  *step);
gboolean       rn_train_blocks_write (RnTrainBlocks        *self,
                                      const char           *path,
                                      GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnTrainBlocks, rn_train_blocks_free)

G_END_DECLS
