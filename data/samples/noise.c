#include "data/samples/noise.h"

#include <math.h>

/* A value in [0, 1) for a point of the integer lattice: the finaliser of MurmurHash3. */
static double
lattice (guint32 seed, gint32 x, gint32 y)
{
  guint32 h = seed * 0x9e3779b9u ^ (guint32)x * 0x85ebca6bu ^ (guint32)y * 0xc2b2ae35u;

  h ^= h >> 16;
  h *= 0x85ebca6bu;
  h ^= h >> 13;
  h *= 0xc2b2ae35u;
  h ^= h >> 16;
  return h / 4294967296.0;
}

/* Value noise in [0, 1): random at integer points, smooth between. */
double
rn_noise_value (guint32 seed, double x, double y)
{
  double fx = floor (x), fy = floor (y);
  double u = x - fx, v = y - fy;
  gint32 i = (gint32)fx, j = (gint32)fy;
  double top, bottom;

  u = u * u * (3.0 - 2.0 * u);
  v = v * v * (3.0 - 2.0 * v);
  top = lattice (seed, i, j) * (1.0 - u) + lattice (seed, i + 1, j) * u;
  bottom = lattice (seed, i, j + 1) * (1.0 - u) + lattice (seed, i + 1, j + 1) * u;
  return top * (1.0 - v) + bottom * v;
}

/* `octaves` layers of value noise, each twice as fine and half as strong; in [0, 1). */
double
rn_noise_fractal (guint32 seed, double x, double y, int octaves)
{
  double sum = 0.0, weight = 0.0, amplitude = 1.0;

  for (int i = 0; i < octaves; i++)
    {
      sum += amplitude * rn_noise_value (seed + (guint32)i * 101, x, y);
      weight += amplitude;
      amplitude *= 0.5;
      /* A turn and an odd factor keep the lattices of the octaves from lining up. */
      double turned = 1.6 * x + 1.2 * y;
      y = -1.2 * x + 1.6 * y;
      x = turned;
    }
  return weight > 0.0 ? sum / weight : 0.0;
}
