/* What a setup comes to: its pictures, and a network that has learnt nothing yet. */
#pragma once

#include "ui/learn/learn-setup.h"
#include "ui/pictures/train-data.h"

G_BEGIN_DECLS

gboolean   rn_learn_setup_load        (const RnLearnSetup        *self,
                                       const RnTrainDataReading  *how,
                                       RnDataSet                **training,
                                       RnDataSet                **validation,
                                       GError                   **error);
RnTrainer *rn_learn_setup_new_trainer (const RnLearnSetup        *self,
                                       int                        run,
                                       RnDataSet                 *training,
                                       RnDataSet                 *validation,
                                       GError                   **error);

G_END_DECLS
