/* Activations that a run did not keep, computed again when somebody asks for them. */
#pragma once

#include "engine/runtime/step.h"

G_BEGIN_DECLS

/**
 * RnRecall:
 *
 * Starts from the nearest values that were kept, and remembers what it computed until the next run.
 * Not thread-safe: its owner locks.
 */
typedef struct _RnRecall RnRecall;

RnRecall    *rn_recall_new   (const RnPlan       *plan);
void         rn_recall_free  (RnRecall           *self);
void         rn_recall_clear (RnRecall           *self);
const float *rn_recall_get   (RnRecall           *self,
                              int                 value,
                              const RnWorkspace  *workspace,
                              float *const       *data,
                              GError            **error);

G_END_DECLS
