/* What the parts of RnLearning share. */
#pragma once

#include "ui/learn/learn-worker.h"
#include "ui/learn/learning.h"

G_BEGIN_DECLS

struct _RnLearning
{
  GObject parent_instance;

  char *reader_program;
  char *folder; /* or NULL: nothing is kept */
  RnLearnSetup setup;
  RnLearnWorker *worker;  /* of the last run, or NULL */
  RnLearnWorker *results; /* whose results are shown, or NULL: the run before, until the last one
                             has found its pictures */
  RnLearnState state;
  int picture;
  int shown; /* a shot, or -1: always the last */

  /* Of the last run. */
  int loaded, to_load;
  int n_pictures[2];
  gint64 n_steps[RN_LEARN_N_RUNS];
  RnModel *models[RN_LEARN_N_RUNS];
  GStrv labels;
  GArray *steps[RN_LEARN_N_RUNS];
  GArray *epochs[RN_LEARN_N_RUNS];
  GPtrArray *shots[RN_LEARN_N_RUNS];
  char *error;
  char *run_errors[RN_LEARN_N_RUNS];
  GString *warnings;
};

void rn_learning_emit_changed (RnLearning *self);

G_END_DECLS
