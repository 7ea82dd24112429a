/* The thread that trains two networks, a step of each in turn. */
#pragma once

#include "ui/learn/learning.h"

G_BEGIN_DECLS

/**
 * RnLearnNews:
 * @state: what the worker is doing
 * @loaded: how many pictures of how many have been read, while it loads; so is @to_load
 * @models: set once they are built
 * @steps: of RnLearnStep: those since the last news; so are @epochs, of RnTrainerEpoch, and @shots
 * @error: (nullable): why nothing goes on; @run_errors: why one network does not
 * @warnings: (nullable): lines, those since the last news
 */
typedef struct
{
  RnLearnState state;
  int loaded, to_load;
  int n_pictures[2]; /* to learn from and to test by */
  gint64 n_steps[RN_LEARN_N_RUNS];
  RnModel *models[RN_LEARN_N_RUNS];
  GStrv labels; /* of the classes */
  GArray *steps[RN_LEARN_N_RUNS];
  GArray *epochs[RN_LEARN_N_RUNS];
  GPtrArray *shots[RN_LEARN_N_RUNS];
  char *error;
  char *run_errors[RN_LEARN_N_RUNS];
  GString *warnings;
} RnLearnNews;

/**
 * RnLearnTold:
 * @news: what the callee may take fields of, leaving %NULL behind
 *
 * Called on the main thread, some ten times a second at most; never after rn_learn_worker_stop().
 */
typedef void (*RnLearnTold) (RnLearnNews *news,
                             gpointer     data);

typedef struct _RnLearnWorker RnLearnWorker;

/**
 * RnLearnOptions:
 * @reader_program: (nullable): that decodes strangers' pictures
 * @folder: (nullable): where the runs are kept after every epoch
 * @resume: go on from what is kept there
 * @paused: begin with the first step only when asked
 * @picture: validation picture to look at
 */
typedef struct
{
  const char *reader_program;
  const char *folder;
  gboolean resume;
  gboolean paused;
  int picture;
} RnLearnOptions;

RnLearnWorker *rn_learn_worker_new         (const RnLearnSetup    *setup,
                                            const RnLearnOptions  *options,
                                            RnLearnTold            told,
                                            gpointer               data);
void           rn_learn_worker_unref       (RnLearnWorker         *self);
RnLearnWorker *rn_learn_worker_ref         (RnLearnWorker         *self);
void           rn_learn_worker_stop        (RnLearnWorker         *self);
void           rn_learn_worker_run         (RnLearnWorker         *self);
void           rn_learn_worker_pause       (RnLearnWorker         *self);
void           rn_learn_worker_step        (RnLearnWorker         *self);
void           rn_learn_worker_set_picture (RnLearnWorker         *self,
                                            int                    picture);
gboolean       rn_learn_worker_save        (RnLearnWorker         *self,
                                            int                    run,
                                            const char            *path,
                                            GError               **error);

const RnLearnSetup *rn_learn_worker_get_setup (RnLearnWorker *self);

char          *rn_learn_worker_get_path    (const char            *folder,
                                            int                    run);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnLearnWorker, rn_learn_worker_unref)

G_END_DECLS
