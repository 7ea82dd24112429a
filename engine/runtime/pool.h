/* A few threads that share the chunks of one job at a time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RN_POOL_MAX_THREADS 256

typedef struct _RnPool RnPool;

/**
 * RnPoolFunc:
 * @chunk: which part of the job, from 0
 * @thread: who does it, from 0 (the caller) to one less than the pool's threads; no two parts that
 *   run at the same time have the same one, so that it can pick scratch memory
 * @data: as given to rn_pool_run()
 */
typedef void (*RnPoolFunc) (int      chunk,
                            int      thread,
                            gpointer data);

RnPool *rn_pool_new           (int         n_threads);
RnPool *rn_pool_ref           (RnPool     *self);
void    rn_pool_unref         (RnPool     *self);
int     rn_pool_get_n_threads (RnPool     *self);
void    rn_pool_run           (RnPool     *self,
                               int         n_chunks,
                               RnPoolFunc  func,
                               gpointer    data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnPool, rn_pool_unref)

G_END_DECLS
