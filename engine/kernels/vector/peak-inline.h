/* Multiply-adds that wait for nothing: what the processor can do at most. */
#pragma once

#include "engine/kernels/vector/vector.h"

/* Sums under way: two units with a latency of four or five cycles take ten; 16 registers hold
 * twelve and two operands. */
#define PEAK_SUMS 12

/* What the compiler may not foresee: it must compute it, and what is computed from it. */
#if defined(__AVX512F__) || (defined(__AVX__) && RN_VECTOR_WIDTH <= 8) ||                          \
    (defined(__SSE__) && RN_VECTOR_WIDTH == 4)
#define RN_OPAQUE(vector) __asm__ volatile("" : "+x"(vector))
#elif defined(__aarch64__) && RN_VECTOR_WIDTH == 4
#define RN_OPAQUE(vector) __asm__ volatile("" : "+w"(vector))
#else
#define RN_OPAQUE(vector) __asm__ volatile("" : "+m"(vector))
#endif

/* Returns the floating-point operations done, two for a multiply-add. */
static gint64
multiply_add (gint64 n_rounds)
{
  Vector sums[PEAK_SUMS];
  Vector factor = vector_set (0.5f), term = vector_set (1);

  for (int i = 0; i < PEAK_SUMS; i++)
    sums[i] = vector_set (i);
  for (gint64 round = 0; round < n_rounds; round++)
    {
      RN_OPAQUE (factor);
      RN_OPAQUE (term);
      RN_UNROLLED
      for (int i = 0; i < PEAK_SUMS; i++)
        sums[i] = vector_fma (sums[i], factor, term);
    }
  for (int i = 0; i < PEAK_SUMS; i++)
    RN_OPAQUE (sums[i]);

  return n_rounds * PEAK_SUMS * RN_VECTOR_WIDTH * 2;
}
