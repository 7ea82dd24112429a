#include "engine/kernels/vector/kernels-private.h"

/**
 * rn_kernels_get:
 * @isa: an instruction set that this processor has
 *
 * Returns: (nullable): its kernels; %NULL for %RN_ISA_REFERENCE, which has plain loops alone
 */
const RnKernels *
rn_kernels_get (RnIsa isa)
{
  g_return_val_if_fail (rn_isa_is_available (isa), NULL);

  switch (isa)
    {
    case RN_ISA_SSE2:
      return &rn_kernels_sse2;
#if defined(__x86_64__)
    case RN_ISA_AVX2:
      return &rn_kernels_avx2;
    case RN_ISA_AVX512:
      return &rn_kernels_avx512;
#endif
    default:
      return NULL;
    }
}

/* Long enough for the clock, short enough to be put aside rarely: some 0.2 ms. */
#define PEAK_ROUNDS 100000
#define PEAK_TRIES 20

static void
multiply_add_chunk (int chunk, int thread, gpointer data)
{
  const RnKernels *kernels = data;

  kernels->multiply_add (PEAK_ROUNDS);
}

/**
 * rn_kernels_measure_peak:
 * @kernels: an instruction set
 * @pool: who computes
 *
 * Measures what the multiply-add units of as many processors as @pool has threads can do, with all
 * operands in registers. Takes some milliseconds.
 *
 * Returns: 10⁹ floating-point operations a second, two for a multiply-add; the best of some tries
 */
double
rn_kernels_measure_peak (const RnKernels *kernels, RnPool *pool)
{
  int n_threads = rn_pool_get_n_threads (pool);
  gint64 operations = n_threads * kernels->multiply_add (PEAK_ROUNDS);
  gint64 best = G_MAXINT64;

  for (int i = 0; i < PEAK_TRIES; i++)
    {
      gint64 start = g_get_monotonic_time ();

      rn_pool_run (pool, n_threads, multiply_add_chunk, (gpointer)kernels);
      best = MIN (best, g_get_monotonic_time () - start);
    }

  return operations / (MAX (best, 1) * 1e3);
}
