/* What the parts of RnLearnWorker share. */
#pragma once

#include "ui/learn/learn-worker.h"
#include "ui/pictures/picture-reader.h"

G_BEGIN_DECLS

typedef struct
{
  RnTrainer *trainer;
  RnSession *session; /* to look at a picture by, or NULL */
  RnLearnShot *shot;  /* of the step under way, or NULL */
  RnLearnShot *last;  /* the last one handed out, or NULL */
  gboolean over;      /* done, or it cannot go on */
} RnLearnRun;

struct _RnLearnWorker
{
  gint ref_count;
  RnLearnSetup setup;
  RnPictureReader *reader;
  char *folder;
  gboolean resume;
  GCancellable *cancellable;
  GThread *thread;

  /* The worker's own */
  RnLearnRun runs[RN_LEARN_N_RUNS];
  RnDataSet *validation;
  gint64 interval; /* steps between two shots */
  gboolean kept_badly;

  GMutex mutex; /* of what follows */
  GCond changed;
  gboolean stopping, running, look_again;
  int n_wanted; /* steps asked for while it does not run */
  int picture;
  RnLearnNews news;
  guint source; /* that will tell, or 0 */

  /* The main thread's */
  RnLearnTold told;
  gpointer data;
};

void     rn_learn_worker_schedule (RnLearnWorker            *self);
void     rn_learn_worker_warn     (const char               *message,
                                   gpointer                  self);
gboolean rn_learn_worker_prepare  (RnLearnWorker            *self,
                                   const RnTrainerObserver  *observer,
                                   GError                  **error);
void     rn_learn_worker_keep     (RnLearnWorker            *self,
                                   int                       run);

G_END_DECLS
