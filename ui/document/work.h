/* One piece of work at a time on another thread, whose result is dropped once another is wanted. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RnWorkFunc:
 *
 * Called on a worker.
 *
 * Returns: (transfer full) (nullable): the result, or %NULL with @error set
 */
typedef gpointer (*RnWorkFunc) (gpointer       data,
                                GCancellable  *cancellable,
                                GError       **error);

/**
 * RnWorkDoneFunc:
 * @owner: whose work it was
 * @result: (transfer full) (nullable): what came of it
 * @error: (nullable): why nothing did; never that it was cancelled
 *
 * Called on the main thread, unless the work has been cancelled or replaced meanwhile.
 */
typedef void (*RnWorkDoneFunc) (gpointer      owner,
                                gpointer      result,
                                const GError *error);

void rn_work_start  (GCancellable  **slot,
                     gpointer        owner,
                     RnWorkFunc      func,
                     gpointer        data,
                     GDestroyNotify  data_free,
                     GDestroyNotify  result_free,
                     RnWorkDoneFunc  done);
void rn_work_cancel (GCancellable  **slot);

G_END_DECLS
