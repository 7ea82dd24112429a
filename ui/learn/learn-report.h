/* What two networks have learnt so far, in numbers: what a lesson asks of a run. */
#pragma once

#include "ui/learn/learning.h"

G_BEGIN_DECLS

/**
 * RnLearnResult:
 * @net: id of the network
 * @n_steps: how many it has taken; of @all_steps
 * @n_epochs: whole ones behind it
 * @train_error: of the last whole epoch, a share; NAN before the first one's end; so is @val_error
 * @bars: (nullable): one a block, as last measured
 */
typedef struct
{
  char *net;
  gint64 n_steps, all_steps;
  int n_epochs;
  double train_error, val_error;
  int n_bars;
  RnLearnBar *bars;
} RnLearnResult;

/**
 * RnLearnReport:
 * @setup: what was learnt, and how
 * @results: of each network
 */
typedef struct
{
  RnLearnSetup setup;
  RnLearnResult results[RN_LEARN_N_RUNS];
} RnLearnReport;

RnLearnReport *rn_learn_report_new        (RnLearning           *learning);
RnLearnReport *rn_learn_report_compute    (const RnLearnSetup   *setup,
                                           int                   most_steps,
                                           GError              **error);
void           rn_learn_report_free       (RnLearnReport        *self);
void           rn_learn_result_copy       (const RnLearnResult  *from,
                                           RnLearnResult        *to);
void           rn_learn_result_clear      (RnLearnResult        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnLearnReport, rn_learn_report_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RnLearnResult, rn_learn_result_clear)

G_END_DECLS
