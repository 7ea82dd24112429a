/* The same edit on each block in turn, and what every picture's prediction loses by it. */
#pragma once

#include "engine/runtime/edit.h"
#include "engine/runtime/session.h"

G_BEGIN_DECLS

/**
 * RnSweepBlock:
 * @add: index of the block's Add layer in the unedited model
 * @probability: for each picture what is left of its top class's probability
 * @top_class: for each picture the class that comes first now
 */
typedef struct
{
  int add;
  float *probability;
  int *top_class;
} RnSweepBlock;

/**
 * RnSweep:
 * @top_class: for each picture the class that comes first without an edit
 * @probability: for each picture that class's probability
 */
typedef struct
{
  int n_pictures;
  int *top_class;
  float *probability;
  int n_blocks;
  RnSweepBlock *blocks;
} RnSweep;

/**
 * RnSweepProgress:
 * @done: networks done, the unedited one among them; counted again for each few pictures
 * @total: of how many
 *
 * Called from the thread that runs the sweep.
 */
typedef void (*RnSweepProgress) (int      done,
                                 int      total,
                                 gpointer data);

RnSweep *rn_sweep_run               (RnEditKind               kind,
                                     RnBinding               *binding,
                                     RnTensor *const         *inputs,
                                     int                      n_inputs,
                                     const RnSessionOptions  *options,
                                     RnSweepProgress          progress,
                                     gpointer                 progress_data,
                                     GCancellable            *cancellable,
                                     GError                 **error);
void     rn_sweep_free              (RnSweep                 *self);
double   rn_sweep_get_mean_loss     (const RnSweep           *self,
                                     int                      block);
double   rn_sweep_get_share_changed (const RnSweep           *self,
                                     int                      block);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnSweep, rn_sweep_free)

G_END_DECLS
