/* What the parts of RnSession share. */
#pragma once

#include "engine/runtime/arena.h"
#include "engine/runtime/plan-match.h"
#include "engine/runtime/recall.h"
#include "engine/runtime/session.h"

#include <pthread.h>
#include <stdatomic.h>

G_BEGIN_DECLS

/* Plain pthread locks, since ThreadSanitizer does not see through GLib's.
 * @run_lock: held by a run from beginning to end
 * @cancelled: whether the run under way is to end early; atomic
 * @state_lock: read: kept values stay as they are; write: a run may change them
 * @recall_lock: guards @recall
 * @data: for each value of the plan where it lies
 * @arena: where that is, but for the input
 * @fresh: for each scheduled step whether what it keeps belongs to the present input
 * @done: for each layer whether its activation can be had
 * @layer_ns: for each layer the time of its last run */
struct _RnSession
{
  gint ref_count;
  RnBinding *binding;
  RnModel *model;
  int n_layers;
  RnIsa isa;
  RnPool *pool;
  RnPlan *plan;

  pthread_mutex_t run_lock;
  RnWorkspace workspace;
  gboolean *fresh;
  gint cancelled;

  pthread_rwlock_t state_lock;
  RnTensor *input;
  RnArena *arena;
  float **data;
  atomic_int *done;
  atomic_llong *layer_ns;
  atomic_llong run_ns;

  pthread_mutex_t recall_lock;
  RnRecall *recall;

  RnLayerFunc observer;
  gpointer observer_data;
};

gboolean rn_session_make_scratch (const RnPlan  *plan,
                                  RnWorkspace   *workspace,
                                  GError       **error);
void     rn_session_free_scratch (RnWorkspace   *workspace);

G_END_DECLS
