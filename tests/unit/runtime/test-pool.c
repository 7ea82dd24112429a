#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "engine/runtime/pool.h"

#define MAX_CHUNKS 300

typedef struct
{
  atomic_int n_runs[MAX_CHUNKS];
  atomic_int busy[RN_POOL_MAX_THREADS];
  atomic_bool clash;
  int plain[MAX_CHUNKS];
  int n_threads;
  int offset;
} Job;

static void
count_chunk (int chunk, int thread, gpointer data)
{
  Job *job = data;

  if (thread < 0 || thread >= job->n_threads || atomic_exchange (&job->busy[thread], 1))
    atomic_store (&job->clash, TRUE);
  atomic_fetch_add (&job->n_runs[chunk], 1);
  job->plain[chunk] = chunk + job->offset;
  atomic_store (&job->busy[thread], 0);
}

static void
run_and_check (RnPool *pool, int n_chunks)
{
  g_autofree Job *job = g_new0 (Job, 1);

  job->n_threads = rn_pool_get_n_threads (pool);
  job->offset = g_test_rand_int_range (0, 1000);
  rn_pool_run (pool, n_chunks, count_chunk, job);

  g_assert_false (atomic_load (&job->clash));
  for (int i = 0; i < MAX_CHUNKS; i++)
    {
      g_assert_cmpint (atomic_load (&job->n_runs[i]), ==, i < n_chunks);
      g_assert_cmpint (job->plain[i], ==, i < n_chunks ? i + job->offset : 0);
    }
}

static void
test_every_chunk_once (void)
{
  g_test_summary ("Each chunk runs once, on a thread of its own, and its writes are seen after");

  for (int n_threads = 1; n_threads <= 4; n_threads++)
    {
      g_autoptr (RnPool) pool = rn_pool_new (n_threads);

      g_assert_cmpint (rn_pool_get_n_threads (pool), ==, n_threads);
      for (int i = 0; i < 300; i++)
        run_and_check (pool, g_test_rand_int_range (0, i % 10 == 0 ? MAX_CHUNKS : 9));
    }
}

static void
test_parked (void)
{
  g_autoptr (RnPool) pool = rn_pool_new (3);

  g_test_summary ("Threads that went to sleep wake for the next job");

  for (int i = 0; i < 20; i++)
    {
      g_usleep (g_test_rand_int_range (0, 1000));
      run_and_check (pool, g_test_rand_int_range (1, 20));
    }
}

static void
slow_chunk (int chunk, int thread, gpointer data)
{
  if (chunk == 1)
    g_usleep (2000);
  atomic_fetch_add ((atomic_int *)data, 1);
}

static void
test_slow_worker (void)
{
  g_autoptr (RnPool) pool = rn_pool_new (2);

  g_test_summary ("The caller sleeps while others finish, and is woken");

  for (int i = 0; i < 10; i++)
    {
      atomic_int n = 0;

      rn_pool_run (pool, 2, slow_chunk, &n);
      g_assert_cmpint (atomic_load (&n), ==, 2);
    }
}

typedef struct
{
  RnPool *pool;
  atomic_int sum;
} Nested;

static void
add_inner (int chunk, int thread, gpointer data)
{
  atomic_fetch_add (&((Nested *)data)->sum, chunk);
}

static void
run_inner (int chunk, int thread, gpointer data)
{
  rn_pool_run (((Nested *)data)->pool, 5, add_inner, data);
}

static void
test_nested (void)
{
  g_autoptr (RnPool) pool = rn_pool_new (2);
  Nested nested = { pool, 0 };

  g_test_summary ("A job within a chunk runs on that chunk's thread instead of waiting for ever");

  rn_pool_run (pool, 8, run_inner, &nested);
  g_assert_cmpint (atomic_load (&nested.sum), ==, 80);
}

static void *
call_often (void *data)
{
  Nested nested = { data, 0 };

  for (int i = 0; i < 200; i++)
    rn_pool_run (data, 3, add_inner, &nested);
  g_assert_cmpint (atomic_load (&nested.sum), ==, 600);

  return NULL;
}

static void
test_two_callers (void)
{
  g_autoptr (RnPool) pool = rn_pool_new (2);
  pthread_t other;

  g_test_summary ("Two threads may use one pool: their jobs take turns");

  g_assert_cmpint (pthread_create (&other, NULL, call_often, pool), ==, 0);
  for (int i = 0; i < 200; i++)
    run_and_check (pool, 7);
  pthread_join (other, NULL);
}

static void
test_affinity (void)
{
  g_autoptr (RnPool) pool = rn_pool_new (0);
  cpu_set_t set;

  g_test_summary ("0 threads means the processors that this process may use");

  g_assert_cmpint (sched_getaffinity (0, sizeof set, &set), ==, 0);
  g_assert_cmpint (rn_pool_get_n_threads (pool), ==, CPU_COUNT (&set));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pool/every-chunk-once", test_every_chunk_once);
  g_test_add_func ("/pool/parked", test_parked);
  g_test_add_func ("/pool/slow-worker", test_slow_worker);
  g_test_add_func ("/pool/nested", test_nested);
  g_test_add_func ("/pool/two-callers", test_two_callers);
  g_test_add_func ("/pool/affinity", test_affinity);

  return g_test_run ();
}
