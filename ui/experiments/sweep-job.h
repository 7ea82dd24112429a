/* A sweep over the picture shown and the bundled samples, on a worker. */
#pragma once

#include "engine/runtime/sweep.h"
#include "ui/document/document.h"

G_BEGIN_DECLS

/**
 * RnSweepResult:
 * @own: index of the picture shown, or -1
 * @names: of the pictures
 */
typedef struct
{
  RnEditKind kind;
  RnModel *model;
  RnSweep *sweep;
  int own;
  GPtrArray *names;
} RnSweepResult;

/**
 * RnSweepTold:
 * @share: how far the sweep is, from 0 to 1
 *
 * Called on the main thread, never after the sweep was cancelled.
 */
typedef void (*RnSweepTold) (double   share,
                             gpointer data);

void           rn_sweep_result_free (RnSweepResult        *self);
void           rn_sweep_job_start   (RnDocument           *document,
                                     RnEditKind            kind,
                                     RnSweepTold           told,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
RnSweepResult *rn_sweep_job_finish  (GAsyncResult         *result,
                                     GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnSweepResult, rn_sweep_result_free)

G_END_DECLS
