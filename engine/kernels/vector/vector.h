/* A register full of floats, by the compiler's vector extensions.
 *
 * For the translation units of the instruction sets alone: each says RN_VECTOR_WIDTH first. What
 * the extensions have no operator for, or would write less well, is here.
 */
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#ifndef RN_VECTOR_WIDTH
#error "say how many floats a register has"
#endif

/* A function whose constant arguments make a version of its own of each call. */
#define RN_SPECIALIZED static inline __attribute__ ((always_inline))

/* Before a loop of a constant number of rounds, at most 16: written out, so that arrays of vectors
 * that it indexes become registers. */
#if defined(__clang__)
#define RN_UNROLLED _Pragma ("clang loop unroll(full)")
#else
#define RN_UNROLLED _Pragma ("GCC unroll 16")
#endif

typedef float Vector __attribute__ ((vector_size (4 * RN_VECTOR_WIDTH), may_alias));

RN_SPECIALIZED Vector
vector_load (const float *p)
{
  return *(const Vector *)p;
}

RN_SPECIALIZED void
vector_store (float *p, Vector v)
{
  *(Vector *)p = v;
}

/* The same from and to any address. */
typedef float UnalignedVector
    __attribute__ ((vector_size (4 * RN_VECTOR_WIDTH), may_alias, aligned (4)));

RN_SPECIALIZED Vector
vector_load_unaligned (const float *p)
{
  return *(const UnalignedVector *)p;
}

RN_SPECIALIZED void
vector_store_unaligned (float *p, Vector v)
{
  *(UnalignedVector *)p = v;
}

/* Subtracting zero changes nothing, and the compiler knows; adding it would make +0 of -0. */
RN_SPECIALIZED Vector
vector_set (float x)
{
  return x - (Vector){ 0 };
}

/* a * b + c, rounded once where the instruction set can. */
RN_SPECIALIZED Vector
vector_fma (Vector a, Vector b, Vector c)
{
#if RN_VECTOR_WIDTH == 16 && defined(__AVX512F__)
  return (Vector)_mm512_fmadd_ps ((__m512)a, (__m512)b, (__m512)c);
#elif RN_VECTOR_WIDTH == 8 && defined(__FMA__)
  return (Vector)_mm256_fmadd_ps ((__m256)a, (__m256)b, (__m256)c);
#else
  return a * b + c;
#endif
}

#if RN_VECTOR_WIDTH == 4
/* Lane @lane, a constant, in all lanes. As integers, since SSE2 shuffles those into another
 * register, where it shuffles floats in place. */
RN_SPECIALIZED Vector
vector_spread (Vector x, const int lane)
{
  typedef int Integers __attribute__ ((vector_size (16)));
  Integers i = (Integers)x;

  switch (lane)
    {
    case 0:
      return (Vector)__builtin_shufflevector (i, i, 0, 0, 0, 0);
    case 1:
      return (Vector)__builtin_shufflevector (i, i, 1, 1, 1, 1);
    case 2:
      return (Vector)__builtin_shufflevector (i, i, 2, 2, 2, 2);
    default:
      return (Vector)__builtin_shufflevector (i, i, 3, 3, 3, 3);
    }
}

/* a * b + c, @b read from memory. SSE2's product overwrites a factor: a copy of @a is nearly free,
 * where loading @b beforehand would keep the load units busy. Compilers choose the load, and sort the
 * sums so that registers run out; said like this, they take the copy and keep the order (a fifth
 * faster: 35 instead of 30 GFLOP/s on Zen 3). */
RN_SPECIALIZED Vector
vector_fma_memory (Vector a, const float *b, Vector c)
{
#if defined(__SSE2__)
  __asm__ volatile ("" : "+x"(a));
  a *= vector_load (b);
  c += a;
  __asm__ volatile ("" : "+x"(c) : "x"(a));

  return c;
#else
  return vector_fma (a, vector_load (b), c);
#endif
}
#endif

/* The larger one; a b that is not a number stays, as it must for ReLU to pass it on. */
RN_SPECIALIZED Vector
vector_max (Vector a, Vector b)
{
#if RN_VECTOR_WIDTH == 16 && defined(__AVX512F__)
  return (Vector)_mm512_max_ps ((__m512)a, (__m512)b);
#elif RN_VECTOR_WIDTH == 8 && defined(__AVX__)
  return (Vector)_mm256_max_ps ((__m256)a, (__m256)b);
#elif RN_VECTOR_WIDTH == 4 && defined(__SSE__)
  return (Vector)_mm_max_ps ((__m128)a, (__m128)b);
#else
  typedef int Mask __attribute__ ((vector_size (4 * RN_VECTOR_WIDTH)));
  Mask larger = (Mask)(a > b);

  return (Vector)(((Mask)a & larger) | ((Mask)b & ~larger));
#endif
}
