/* Which layers a worker has computed, told to the main loop in bunches. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _RnProgress RnProgress;

/**
 * RnProgressFunc:
 * @layers: indices of layers computed since the last call
 *
 * Called on the main context of whoever made the progress, never after rn_progress_stop().
 */
typedef void (*RnProgressFunc) (const int *layers,
                                int        n_layers,
                                gpointer   data);

RnProgress *rn_progress_new   (RnProgressFunc  func,
                               gpointer        data);
RnProgress *rn_progress_ref   (RnProgress     *self);
void        rn_progress_unref (RnProgress     *self);
void        rn_progress_add   (RnProgress     *self,
                               int             layer);
void        rn_progress_stop  (RnProgress     *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnProgress, rn_progress_unref)

G_END_DECLS
