/* How a job is handed over.
 *
 * A job is its function, its data and its number of chunks. Each thread has a share of the chunks,
 * neighbours of one another: first, middle, last. It takes those first and then what is left in the
 * shares of others. So a thread works on the same part of the picture from layer to layer and finds
 * what it wrote in its own cache, and threads seldom write to the same line: between two core
 * complexes a line takes some 150 ns, within one 25 ns.
 *
 * A share is published by one 64-bit ticket: the upper half counts jobs, the lower half is the next
 * chunk that nobody has taken. A thread takes a chunk by exchanging the ticket for one with the
 * next chunk; since the job's number is part of what it compares, a thread that was held up between
 * reading a job and taking from it can never run something out of a later one. The job ends when as
 * many chunks are done as it has: it waits for chunks, not for threads, so that a thread the system
 * has put aside stalls nobody. Each chunk is done once, by whoever comes first; which thread does
 * it changes no result.
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

/* On a line of its own, since threads write to theirs all the time. */
typedef struct
{
  _Alignas(64) atomic_ullong ticket;
} Share;

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
  atomic_uint n_shares;

  Share *shares; /* one for each thread */
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

/* Where the share of a thread ends and that of the next begins. */
static guint32
find_end (RnPool *self, int share, guint32 n_chunks)
{
  guint n_shares = atomic_load_explicit (&self->n_shares, memory_order_relaxed);

  return (guint32)((guint64)n_chunks * (share + 1) / n_shares);
}

static gboolean
share_offers (RnPool *self, int share)
{
  unsigned long long ticket = atomic_load (&self->shares[share].ticket);
  guint32 n_chunks = atomic_load_explicit (&self->n_chunks, memory_order_acquire);

  return (guint32)ticket != NO_CHUNK && (guint32)ticket < find_end (self, share, n_chunks);
}

/* Takes chunks of a share until none is left. Returns: how many it did */
static guint
take_share (RnPool *self, int share, int thread)
{
  atomic_ullong *place = &self->shares[share].ticket;
  unsigned long long ticket = atomic_load_explicit (place, memory_order_acquire);
  guint n_done = 0;

  for (;;)
    {
      RnPoolFunc func = atomic_load_explicit (&self->func, memory_order_relaxed);
      gpointer data = atomic_load_explicit (&self->data, memory_order_relaxed);
      guint32 n_chunks = atomic_load_explicit (&self->n_chunks, memory_order_acquire);

      if ((guint32)ticket == NO_CHUNK || (guint32)ticket >= find_end (self, share, n_chunks))
        return n_done;
      if (!atomic_compare_exchange_weak_explicit (place, &ticket, ticket + 1, memory_order_acq_rel,
                                                  memory_order_acquire))
        continue;

      func ((int)(guint32)ticket, thread, data);
      n_done++;
      ticket = atomic_load_explicit (place, memory_order_acquire);
    }
}

/* Takes chunks of the job on offer until none is left: its own, then those of others. What it has
 * done it says once, at the end; until then the job cannot end, and no other can begin. */
static void
take_chunks (RnPool *self, int thread)
{
  int n_shares = (int)atomic_load_explicit (&self->n_shares, memory_order_relaxed);
  guint n_done = 0;

  for (int i = 0; i < n_shares; i++)
    n_done += take_share (self, (thread + i) % n_shares, thread);
  if (n_done == 0)
    return;
  if (atomic_fetch_add (&self->n_done, n_done) + n_done == atomic_load (&self->n_chunks) &&
      atomic_load (&self->caller_asleep))
    {
      pthread_mutex_lock (&self->sleep_lock);
      pthread_cond_signal (&self->wake_caller);
      pthread_mutex_unlock (&self->sleep_lock);
    }
}

/* Spins until there is something in its share. Returns FALSE when nothing came in time. */
static gboolean
spin_for_job (RnPool *self, int thread)
{
  gint64 end = now_ns () + SPIN_NS;

  do
    for (int i = 0; i < SPINS_PER_CLOCK; i++)
      {
        if (share_offers (self, thread))
          return TRUE;
        relax ();
      }
  while (now_ns () < end);

  return FALSE;
}

static void
sleep_for_job (RnPool *self, int thread)
{
  pthread_mutex_lock (&self->sleep_lock);
  atomic_fetch_add (&self->n_asleep, 1);
  while (!atomic_load (&self->quit) && !share_offers (self, thread))
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
      if (!spin_for_job (self, worker->index))
        sleep_for_job (self, worker->index);
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
  unsigned long long job =
      atomic_load_explicit (&self->shares[0].ticket, memory_order_relaxed) >> 32;
  int n_shares = self->n_threads;

  /* Nobody takes anything while these change: every share is first made one past any job's end, and
   * whoever sees a share's new ticket sees what was written before it. */
  job = (job + 1) << 32;
  for (int i = 0; i < n_shares; i++)
    atomic_store (&self->shares[i].ticket, job | NO_CHUNK);
  atomic_store (&self->n_done, 0);
  atomic_store_explicit (&self->func, func, memory_order_relaxed);
  atomic_store_explicit (&self->data, data, memory_order_relaxed);
  atomic_store_explicit (&self->n_shares, n_shares, memory_order_relaxed);
  atomic_store_explicit (&self->n_chunks, n_chunks, memory_order_release);
  for (int i = n_shares - 1; i >= 0; i--) /* others' first: the caller begins with its own anyway */
    atomic_store (&self->shares[i].ticket, job | (i > 0 ? find_end (self, i - 1, n_chunks) : 0));

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
  atomic_init (&self->n_shares, self->n_threads);
  self->shares = g_aligned_alloc0 (self->n_threads, sizeof *self->shares, 64);
  for (int i = 0; i < self->n_threads; i++)
    atomic_init (&self->shares[i].ticket, NO_CHUNK);
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
  g_aligned_free (self->shares);
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
