/* How a job is handed over.
 *
 * A job is its function, its data and its number of chunks, published by one 64-bit ticket: the
 * upper half counts jobs, the lower half is the next chunk that nobody has taken. A thread takes a
 * chunk by exchanging the ticket for one with the next chunk; since the job's number is part of
 * what it compares, a thread that was held up between reading a job and taking from it can never
 * run something out of a later one. The job ends when as many chunks are done as it has: it waits
 * for chunks, not for threads, so that a thread the system has put aside stalls nobody. Each chunk
 * is done once, by whoever comes first; which thread does it changes no result.
 *
 * Waiting is spinning first, since the next layer follows within microseconds, and sleeping on a
 * condition after that. A sleeper announces itself, then looks once more; whoever wakes publishes
 * first, then looks for sleepers: in the one order of sequentially consistent operations at least
 * one of them sees the other.
 *
 * C11 atomics and pthreads rather than GLib's locks, which ThreadSanitizer cannot see through.
 */
#include "engine/runtime/pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

/* How long a thread spins before it sleeps: several times the gap between two layers. */
#define SPIN_NS 100000

/* Looking at the clock costs some 20 ns: done once for so many looks at the ticket. */
#define SPINS_PER_CLOCK 64

/* The lower half of a ticket that offers nothing. */
#define NO_CHUNK G_MAXUINT32

typedef struct
{
  RnPool *pool;
  pthread_t handle;
  int index;
} Worker;

struct _RnPool
{
  atomic_int ref_count;
  int n_threads;
  int n_workers;
  Worker *workers;

  /* The job under way: written by the caller before the ticket that offers it. */
  _Atomic (RnPoolFunc) func;
  _Atomic (gpointer) data;
  atomic_uint n_chunks;

  /* Kept apart, since all threads write to them. */
  _Alignas(64) atomic_ullong ticket;
  _Alignas(64) atomic_uint n_done;

  _Alignas(64) atomic_int n_asleep;
  atomic_bool caller_asleep;
  atomic_bool quit;
  pthread_mutex_t caller_lock; /* one job at a time */
  pthread_mutex_t sleep_lock;
  pthread_cond_t wake_workers;
  pthread_cond_t wake_caller;
};

/* The pool whose chunk this thread is running, and as which of its threads. */
static _Thread_local RnPool *current_pool;
static _Thread_local int current_index;

static inline void
relax (void)
{
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause ();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static gint64
now_ns (void)
{
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);
  return (gint64)t.tv_sec * 1000000000 + t.tv_nsec;
}

static gboolean
ticket_offers (RnPool *self, unsigned long long ticket)
{
  return (guint32)ticket < atomic_load_explicit (&self->n_chunks, memory_order_acquire);
}

/* Takes chunks of the job on offer until none is left. */
static void
take_chunks (RnPool *self, int thread)
{
  unsigned long long ticket = atomic_load_explicit (&self->ticket, memory_order_acquire);

  for (;;)
    {
      RnPoolFunc func = atomic_load_explicit (&self->func, memory_order_relaxed);
      gpointer data = atomic_load_explicit (&self->data, memory_order_relaxed);
      guint32 n_chunks = atomic_load_explicit (&self->n_chunks, memory_order_acquire);

      if ((guint32)ticket >= n_chunks)
        return;
      if (!atomic_compare_exchange_weak_explicit (&self->ticket, &ticket, ticket + 1,
                                                  memory_order_acq_rel, memory_order_acquire))
        continue;

      func ((int)(guint32)ticket, thread, data);

      if (atomic_fetch_add (&self->n_done, 1) + 1 == n_chunks && atomic_load (&self->caller_asleep))
        {
          pthread_mutex_lock (&self->sleep_lock);
          pthread_cond_signal (&self->wake_caller);
          pthread_mutex_unlock (&self->sleep_lock);
        }

      ticket = atomic_load_explicit (&self->ticket, memory_order_acquire);
    }
}

/* Spins until there is something to take. Returns FALSE when nothing came in time. */
static gboolean
spin_for_job (RnPool *self)
{
  gint64 end = now_ns () + SPIN_NS;

  do
    for (int i = 0; i < SPINS_PER_CLOCK; i++)
      {
        if (ticket_offers (self, atomic_load_explicit (&self->ticket, memory_order_acquire)))
          return TRUE;
        relax ();
      }
  while (now_ns () < end);

  return FALSE;
}

static void
sleep_for_job (RnPool *self)
{
  pthread_mutex_lock (&self->sleep_lock);
  atomic_fetch_add (&self->n_asleep, 1);
  while (!atomic_load (&self->quit) && !ticket_offers (self, atomic_load (&self->ticket)))
    pthread_cond_wait (&self->wake_workers, &self->sleep_lock);
  atomic_fetch_sub (&self->n_asleep, 1);
  pthread_mutex_unlock (&self->sleep_lock);
}

static void *
worker_main (void *data)
{
  Worker *worker = data;
  RnPool *self = worker->pool;

  current_pool = self;
  current_index = worker->index;

  while (!atomic_load_explicit (&self->quit, memory_order_acquire))
    {
      if (!spin_for_job (self))
        sleep_for_job (self);
      take_chunks (self, worker->index);
    }

  return NULL;
}

static gboolean
is_done (RnPool *self, guint n_chunks)
{
  return atomic_load (&self->n_done) == n_chunks;
}

/* Waits for the chunks that others still work on. */
static void
wait_until_done (RnPool *self, guint n_chunks)
{
  gint64 end;

  if (is_done (self, n_chunks))
    return;

  end = now_ns () + SPIN_NS;
  do
    for (int i = 0; i < SPINS_PER_CLOCK; i++)
      {
        if (is_done (self, n_chunks))
          return;
        relax ();
      }
  while (now_ns () < end);

  pthread_mutex_lock (&self->sleep_lock);
  atomic_store (&self->caller_asleep, TRUE);
  while (!is_done (self, n_chunks))
    pthread_cond_wait (&self->wake_caller, &self->sleep_lock);
  atomic_store (&self->caller_asleep, FALSE);
  pthread_mutex_unlock (&self->sleep_lock);
}

static void
publish (RnPool *self, guint n_chunks, RnPoolFunc func, gpointer data)
{
  unsigned long long ticket = atomic_load_explicit (&self->ticket, memory_order_relaxed);

  /* Nobody takes anything while these change: the ticket is first made one past any job's end, and
   * whoever sees the new number of chunks (released below, acquired by takers) sees that too. */
  ticket = ((ticket >> 32) + 1) << 32;
  atomic_store (&self->ticket, ticket | NO_CHUNK);
  atomic_store (&self->n_done, 0);
  atomic_store_explicit (&self->func, func, memory_order_relaxed);
  atomic_store_explicit (&self->data, data, memory_order_relaxed);
  atomic_store_explicit (&self->n_chunks, n_chunks, memory_order_release);
  atomic_store (&self->ticket, ticket);

  if (atomic_load (&self->n_asleep) > 0)
    {
      pthread_mutex_lock (&self->sleep_lock);
      pthread_cond_broadcast (&self->wake_workers);
      pthread_mutex_unlock (&self->sleep_lock);
    }
}

/**
 * rn_pool_run:
 * @self: a pool
 * @n_chunks: number of parts; 0 or more
 * @func: does one part; parts run at the same time and in any order
 * @data: for @func
 *
 * Runs all parts and returns when the last one is done. The caller takes part. What parts wrote is
 * seen by the caller afterwards, and what the caller wrote before by the parts. One job runs at a
 * time: a second caller waits for the first. A job started from within a part of the same pool runs
 * on that part's thread alone.
 */
void
rn_pool_run (RnPool *self, int n_chunks, RnPoolFunc func, gpointer data)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (n_chunks >= 0);
  g_return_if_fail (func != NULL);

  if (current_pool == self)
    {
      for (int i = 0; i < n_chunks; i++)
        func (i, current_index, data);
      return;
    }

  pthread_mutex_lock (&self->caller_lock);
  current_pool = self;
  current_index = 0;

  if (self->n_workers == 0 || n_chunks <= 1)
    {
      for (int i = 0; i < n_chunks; i++)
        func (i, 0, data);
    }
  else
    {
      publish (self, n_chunks, func, data);
      take_chunks (self, 0);
      wait_until_done (self, n_chunks);
    }

  current_pool = NULL;
  pthread_mutex_unlock (&self->caller_lock);
}

static int
count_allowed_processors (void)
{
  cpu_set_t set;

  if (sched_getaffinity (0, sizeof set, &set) != 0)
    return (int)g_get_num_processors ();
  return MAX (CPU_COUNT (&set), 1);
}

static void
start_workers (RnPool *self)
{
  for (int i = 1; i < self->n_threads; i++)
    {
      Worker *worker = &self->workers[i - 1];

      worker->pool = self;
      worker->index = i;
      if (pthread_create (&worker->handle, NULL, worker_main, worker) != 0)
        {
          g_info ("the system gives no more threads: computing with %d instead of %d", i,
                  self->n_threads);
          break;
        }
      self->n_workers = i;
    }

  self->n_threads = self->n_workers + 1;
}

/**
 * rn_pool_new:
 * @n_threads: threads that compute, the caller of rn_pool_run() among them; 0 for as many as
 *   processors that this process may use
 *
 * Returns: (transfer full): a pool of @n_threads (of fewer where the system gives no more, which is
 *   why rn_pool_get_n_threads() is to be asked)
 */
RnPool *
rn_pool_new (int n_threads)
{
  RnPool *self;

  g_return_val_if_fail (n_threads >= 0, NULL);

  if (n_threads == 0)
    n_threads = count_allowed_processors ();

  self = g_aligned_alloc0 (1, sizeof *self, 64);
  atomic_init (&self->ref_count, 1);
  self->n_threads = MIN (n_threads, RN_POOL_MAX_THREADS);
  self->workers = g_new0 (Worker, self->n_threads);
  atomic_init (&self->ticket, NO_CHUNK);
  pthread_mutex_init (&self->caller_lock, NULL);
  pthread_mutex_init (&self->sleep_lock, NULL);
  pthread_cond_init (&self->wake_workers, NULL);
  pthread_cond_init (&self->wake_caller, NULL);

  start_workers (self);

  return self;
}

RnPool *
rn_pool_ref (RnPool *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  atomic_fetch_add (&self->ref_count, 1);
  return self;
}

/**
 * rn_pool_unref:
 *
 * The last reference ends the threads; it must not be given up from within a part of a job.
 */
void
rn_pool_unref (RnPool *self)
{
  g_return_if_fail (self != NULL);

  if (atomic_fetch_sub (&self->ref_count, 1) != 1)
    return;

  pthread_mutex_lock (&self->sleep_lock);
  atomic_store (&self->quit, TRUE);
  pthread_cond_broadcast (&self->wake_workers);
  pthread_mutex_unlock (&self->sleep_lock);
  for (int i = 0; i < self->n_workers; i++)
    pthread_join (self->workers[i].handle, NULL);

  pthread_cond_destroy (&self->wake_caller);
  pthread_cond_destroy (&self->wake_workers);
  pthread_mutex_destroy (&self->sleep_lock);
  pthread_mutex_destroy (&self->caller_lock);
  g_free (self->workers);
  g_aligned_free (self);
}

/**
 * rn_pool_get_n_threads:
 *
 * Returns: the threads that compute, at least 1
 */
int
rn_pool_get_n_threads (RnPool *self)
{
  g_return_val_if_fail (self != NULL, 1);

  return self->n_threads;
}
