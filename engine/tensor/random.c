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

/* ln (x) for normal x > 0 within 1e-9, from additions, multiplications and one division alone:
 * libm's last bits differ from system to system, and random weights must not. With x = m 2^e, m
 * from sqrt (1/2) to sqrt (2), and t = (m - 1) / (m + 1): ln m = 2 (t + t³/3 + t⁵/5 + …), |t| <
 * 0.172. */
static inline double
portable_log (double x)
{
  static const guint64 one_bits = G_GUINT64_CONSTANT (0x3ff0000000000000);
  static const guint64 half_sqrt_bits = G_GUINT64_CONSTANT (0x3fe6a09e667f3bcd); /* sqrt (1/2) */
  /* 2^52: a whole number below it, put into its fraction's bits, is added to it */
  static const guint64 magic_bits = G_GUINT64_CONSTANT (0x4330000000000000);
  guint64 bits, exponent_bits;
  double m, exponent, t, t2, sum;

  memcpy (&bits, &x, sizeof bits);
  exponent_bits = (bits - half_sqrt_bits + one_bits) >> 52; /* e and its bias of 1023 */
  bits -= (exponent_bits << 52) - one_bits;
  memcpy (&m, &bits, sizeof m);
  exponent_bits |= magic_bits;
  memcpy (&exponent, &exponent_bits, sizeof exponent);
  exponent -= 0x1p52 + 1023;

  t = (m - 1) / (m + 1);
  t2 = t * t;
  sum = 1.0 / 11;
  sum = sum * t2 + 1.0 / 9;
  sum = sum * t2 + 1.0 / 7;
  sum = sum * t2 + 1.0 / 5;
  sum = sum * t2 + 1.0 / 3;
  sum = sum * t2 + 1;

  return 2 * t * sum + exponent * 0.6931471805599453;
}

/* Pairs that are drawn before the logarithms of all are taken: as a loop of its own that becomes
 * one of vectors. */
#define BATCH G_GINT64_CONSTANT (512) /* of points */

/**
 * rn_random_fill_normal:
 * @values: @n numbers
 * @deviation: standard deviation
 *
 * Fills @values from the normal distribution of mean 0, by Marsaglia's polar method (Marsaglia and
 * Bray, "A convenient method for generating normal variables", SIAM Review 6, 1964): of each point
 * (u, v) in the unit circle, s = u² + v², come u and v times sqrt (-2 ln s / s).
 */
void
rn_random_fill_normal (RnRandom *self, float *values, gint64 n, double deviation)
{
  double points[2 * BATCH], factors[BATCH];

  for (gint64 done = 0; done < n; done += 2 * BATCH)
    {
      gint64 n_values = MIN (n - done, 2 * BATCH);
      double *point = points;

      for (int i = 0; i < BATCH; i++, point += 2)
        {
          double u, v;

          do
            {
              u = 2 * rn_random_uniform (self) - 1;
              v = 2 * rn_random_uniform (self) - 1;
              factors[i] = u * u + v * v;
            }
          while (factors[i] >= 1 || factors[i] < 1e-300);
          point[0] = u;
          point[1] = v;
        }
      for (int i = 0; i < BATCH; i++)
        factors[i] = deviation * sqrt (-2 * portable_log (factors[i]) / factors[i]);
      for (gint64 i = 0; i < n_values; i++)
        values[done + i] = (float) (points[i] * factors[i / 2]);
    }
}
