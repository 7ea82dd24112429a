#include "engine/tensor/dtype.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

/**
 * rn_dtype_get_size:
 *
 * Returns: bytes of one number
 */
size_t
rn_dtype_get_size (RnDtype dtype)
{
  switch (dtype)
    {
    case RN_DTYPE_F32:
      return 4;
    case RN_DTYPE_F16:
    case RN_DTYPE_BF16:
      return 2;
    case RN_DTYPE_F64:
      return 8;
    default:
      g_return_val_if_reached (0);
    }
}

/**
 * rn_dtype_get_name:
 *
 * Returns: NumPy's name of the format
 */
const char *
rn_dtype_get_name (RnDtype dtype)
{
  switch (dtype)
    {
    case RN_DTYPE_F32:
      return "float32";
    case RN_DTYPE_F16:
      return "float16";
    case RN_DTYPE_BF16:
      return "bfloat16";
    case RN_DTYPE_F64:
      return "float64";
    default:
      g_return_val_if_reached (NULL);
    }
}

static inline float
float_from_bits (guint32 bits)
{
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

/* IEEE 754-2019 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. */
static inline float
float_from_half (guint16 half)
{
  guint32 sign = (guint32) (half & 0x8000) << 16;
  guint32 magnitude = half & 0x7fff;
  guint32 bits;

  if (magnitude >= 0x7c00) /* infinity, NaN (made quiet, as processors do) */
    bits = 0x7f800000 | magnitude << 13 | (magnitude > 0x7c00 ? 0x400000 : 0);
  else if (magnitude >= 0x0400) /* normal: the exponent's bias goes from 15 to 127 */
    bits = (magnitude << 13) + ((127 - 15) << 23);
  else /* subnormal: magnitude * 2^-24, exactly, as the tail of a number just above 1/2 */
    {
      float value = float_from_bits (0x3f000000 + magnitude) - 0.5f;

      memcpy (&bits, &value, sizeof bits);
    }

  return float_from_bits (sign | bits);
}

static void
convert_half_portable (const guint16 *source, size_t n, float *values)
{
  for (size_t i = 0; i < n; i++)
    values[i] = float_from_half (source[i]);
}

#if defined(__x86_64__)

__attribute__ ((target ("avx,f16c"))) static void
convert_half_f16c (const guint16 *source, size_t n, float *values)
{
  size_t i = 0;

  for (; i + 8 <= n; i += 8)
    _mm256_storeu_ps (values + i,
                      _mm256_cvtph_ps (_mm_loadu_si128 ((const __m128i *) (source + i))));

  convert_half_portable (source + i, n - i, values + i);
}

/* F16C came with processors between AVX and AVX2; RN_ISA can ask for less than there is. */
static gboolean
have_f16c (void)
{
  static gsize state = 0; /* 0 unknown, 1 no, 2 yes */

  if (g_once_init_enter (&state))
    {
      const char *isa = g_getenv ("RN_ISA");
      unsigned eax, ebx, ecx = 0, edx;
      gboolean wanted = g_strcmp0 (isa, "reference") != 0 && g_strcmp0 (isa, "sse2") != 0;
      gboolean there = __get_cpuid (1, &eax, &ebx, &ecx, &edx) && (ecx & bit_F16C) != 0 &&
                       __builtin_cpu_supports ("avx");

      g_once_init_leave (&state, wanted && there ? 2 : 1);
    }

  return state == 2;
}

#endif

static void
convert_half (const guint16 *source, size_t n, float *values)
{
#if defined(__x86_64__)
  if (have_f16c ())
    {
      convert_half_f16c (source, n, values);
      return;
    }
#endif
  convert_half_portable (source, n, values);
}

/* bfloat16 is the upper half of a float32. */
static void
convert_bfloat (const guint16 *source, size_t n, float *values)
{
  for (size_t i = 0; i < n; i++)
    values[i] = float_from_bits ((guint32) source[i] << 16);
}

static void
convert_double (const double *source, size_t n, float *values)
{
  for (size_t i = 0; i < n; i++)
    values[i] = (float) source[i];
}

/**
 * rn_dtype_convert_to_f32:
 * @source: @n numbers of @dtype, aligned to their size
 * @n: how many
 * @values: @n float32s; must not overlap @source
 *
 * Exact, but for float64, which is rounded to nearest.
 */
void
rn_dtype_convert_to_f32 (RnDtype dtype, const void *source, size_t n, float *values)
{
  g_return_if_fail (source != NULL || n == 0);
  g_return_if_fail (values != NULL || n == 0);

  switch (dtype)
    {
    case RN_DTYPE_F32:
      memcpy (values, source, n * sizeof (float));
      break;
    case RN_DTYPE_F16:
      convert_half (source, n, values);
      break;
    case RN_DTYPE_BF16:
      convert_bfloat (source, n, values);
      break;
    case RN_DTYPE_F64:
      convert_double (source, n, values);
      break;
    default:
      g_return_if_reached ();
    }
}
