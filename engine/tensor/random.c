#include "engine/tensor/random.h"

#include <math.h>
#include <string.h>

/**
 * rn_random_next:
 *
 * Returns: 64 random bits
 */
guint64
rn_random_next (RnRandom *self)
{
  guint64 z = self->state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/**
 * rn_random_init:
 * @seed: chooses the family of sequences
 * @stream: chooses one of them, e.g. the index of a tensor
 */
void
rn_random_init (RnRandom *self, guint64 seed, guint64 stream)
{
  *self = (RnRandom) { .state = seed };
  /* Start the streams far apart: neighbours would otherwise run through the same states. */
  self->state = rn_random_next (self) ^ (stream * G_GUINT64_CONSTANT (0xd1342543de82ef95));
  self->state = rn_random_next (self);
}

/**
 * rn_random_uniform:
 *
 * Returns: a multiple of 2^-53 in [0, 1)
 */
double
rn_random_uniform (RnRandom *self)
{
  return (double) (rn_random_next (self) >> 11) * 0x1p-53;
}

/* ln (x) for normal x > 0 within 1e-9, from additions, multiplications and one division alone: libm's
 * last bits differ from system to system, and random weights must not. With x = m 2^e and
 * t = (m - 1) / (m + 1): ln m = 2 (t + t³/3 + t⁵/5 + …), |t| < 0.172. */
static double
portable_log (double x)
{
  guint64 bits;
  double m, t, t2, sum;
  int exponent;

  memcpy (&bits, &x, sizeof bits);
  exponent = (int) (bits >> 52) - 1023;
  bits = (bits & G_GUINT64_CONSTANT (0xfffffffffffff)) | G_GUINT64_CONSTANT (0x3ff0000000000000);
  memcpy (&m, &bits, sizeof m);
  if (m > 1.4142135623730951)
    {
      m *= 0.5;
      exponent++;
    }

  t = (m - 1) / (m + 1);
  t2 = t * t;
  sum = 1.0 / 11;
  for (int k = 9; k >= 1; k -= 2)
    sum = sum * t2 + 1.0 / k;

  return 2 * t * sum + exponent * 0.6931471805599453;
}

/**
 * rn_random_normal:
 *
 * Returns: a number from the standard normal distribution, by Marsaglia's polar method (Marsaglia
 *   and Bray, "A convenient method for generating normal variables", SIAM Review 6, 1964)
 */
double
rn_random_normal (RnRandom *self)
{
  double u, v, s, factor;

  if (self->has_spare)
    {
      self->has_spare = FALSE;
      return self->spare;
    }

  do
    {
      u = 2 * rn_random_uniform (self) - 1;
      v = 2 * rn_random_uniform (self) - 1;
      s = u * u + v * v;
    }
  while (s >= 1 || s < 1e-300);

  factor = sqrt (-2 * portable_log (s) / s);
  self->spare = v * factor;
  self->has_spare = TRUE;
  return u * factor;
}
