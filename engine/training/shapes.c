/* Ten classes of small pictures, drawn on the fly: what a network can learn in minutes, and a
 * linear classifier cannot.
 *
 * A class is a shape alone. Place, size, turn, colours, thickness, noise and clutter are drawn at
 * random, and whether the shape is lighter or darker than its ground as well, so that no pixel by
 * itself says anything of the class. */
#include <math.h>
#include <string.h>

#include "engine/tensor/random.h"
#include "engine/training/data-set.h"

#define SIZE 32
#define N_CLASSES 10
#define SAMPLES 3 /* a pixel's side is sampled so often: soft edges */

static const char *const class_names[] = { "disc",  "ring",     "square", "frame", "triangle",
                                           "cross", "crescent", "star",   "bar",   "pair", NULL };

/* Where a shape lies and how it is turned and stretched. */
typedef struct
{
  double x, y, radius, cosine, sine, stretch;
} Place;

static double
between (RnRandom *random, double low, double high)
{
  return low + (high - low) * rn_random_uniform (random);
}

static gboolean
in_triangle (double x, double y)
{
  return y < 0.6 && y > -1.0 + 1.85 * fabs (x);
}

static gboolean
in_star (double x, double y)
{
  double angle = atan2 (x, -y) * 5 / (2 * G_PI), r = sqrt (x * x + y * y);
  double from_tip = fabs (angle - round (angle)) * 2; /* 0 at a tip, 1 between two */

  return r < 1 - 0.62 * from_tip;
}

/* Whether a point, (0, 0) the centre and 1 the radius, is inside the shape of a class. */
static gboolean
is_inside (int class, double x, double y)
{
  double larger = MAX (fabs (x), fabs (y)), smaller = MIN (fabs (x), fabs (y));
  double r = sqrt (x * x + y * y);

  switch (class)
    {
    case 0: /* disc */
      return r < 0.9;
    case 1: /* ring */
      return r < 0.95 && r > 0.55;
    case 2: /* square */
      return larger < 0.78;
    case 3: /* frame */
      return larger < 0.85 && larger > 0.48;
    case 4:
      return in_triangle (x, y);
    case 5: /* cross */
      return larger < 0.95 && smaller < 0.27;
    case 6: /* crescent */
      return r < 0.95 && hypot (x - 0.5, y) > 0.75;
    case 7:
      return in_star (x, y);
    case 8: /* bar */
      return fabs (x) < 1.0 && fabs (y) < 0.27;
    default: /* pair: two small discs */
      return hypot (fabs (x) - 0.58, y) < 0.38;
    }
}

/* How much of a pixel the shape covers. */
static double
get_cover (int class, const Place *place, int px, int py)
{
  int n = 0;

  for (int s = 0; s < SAMPLES * SAMPLES; s++)
    {
      int column = s % SAMPLES, row = s / SAMPLES;
      double x = px + (column + 0.5) / SAMPLES - place->x;
      double y = py + (row + 0.5) / SAMPLES - place->y;
      double u = (place->cosine * x + place->sine * y) / (place->radius * place->stretch);
      double v = (place->cosine * y - place->sine * x) * place->stretch / place->radius;

      n += is_inside (class, u, v);
    }

  return n / (double) (SAMPLES * SAMPLES);
}

static void
draw_color (RnRandom *random, double color[3])
{
  for (int c = 0; c < 3; c++)
    color[c] = rn_random_uniform (random);
}

static double
distance (const double a[3], const double b[3])
{
  return fabs (a[0] - b[0]) + fabs (a[1] - b[1]) + fabs (a[2] - b[2]);
}

/* A ground that runs from one colour to another. */
static void
draw_ground (RnRandom *random, const double ground[3], double (*pixels)[3])
{
  double slope_x = between (random, -0.2, 0.2), slope_y = between (random, -0.2, 0.2);

  for (int i = 0; i < SIZE * SIZE; i++)
    {
      int x = i % SIZE, y = i / SIZE;

      for (int c = 0; c < 3; c++)
        pixels[i][c] = ground[c] + slope_x * (x / (double) SIZE - 0.5) +
                       slope_y * (y / (double) SIZE - 0.5);
    }
}

/* Thin lines and specks in any colour, which belong to no class. */
static void
draw_clutter (RnRandom *random, double (*pixels)[3])
{
  int n = (int) between (random, 0, 4);

  for (int k = 0; k < n; k++)
    {
      double color[3], x = between (random, 0, SIZE), y = between (random, 0, SIZE);
      double angle = between (random, 0, 2 * G_PI), length = between (random, 1, 5);

      draw_color (random, color);
      for (double t = 0; t < length; t += 0.5)
        {
          int px = (int) floor (x + t * cos (angle)), py = (int) floor (y + t * sin (angle));

          if (px >= 0 && px < SIZE && py >= 0 && py < SIZE)
            memcpy (pixels[py * SIZE + px], color, sizeof color);
        }
    }
}

static void
draw_shape (RnRandom *random, int class, const double ground[3], double (*pixels)[3])
{
  double color[3], angle = between (random, -0.35, 0.35);
  double radius = between (random, 7, 11.5);
  Place place = { between (random, radius * 0.8, SIZE - radius * 0.8),
                  between (random, radius * 0.8, SIZE - radius * 0.8),
                  radius,
                  cos (angle),
                  sin (angle),
                  between (random, 0.88, 1.14) };

  do
    draw_color (random, color);
  while (distance (color, ground) < 1);
  for (int i = 0; i < SIZE * SIZE; i++)
    {
      double cover = get_cover (class, &place, i % SIZE, i / SIZE);

      for (int c = 0; c < 3; c++)
        pixels[i][c] += cover * (color[c] - pixels[i][c]);
    }
}

static void
draw (const RnDataSet *set, int index, guint8 *rgb)
{
  double pixels[SIZE * SIZE][3], ground[3];
  float noise[SIZE * SIZE * 3];
  RnRandom random;

  rn_random_init (&random, *(const guint64 *) set->data, index);
  draw_color (&random, ground);
  draw_ground (&random, ground, pixels);
  draw_shape (&random, set->class_of[index], ground, pixels);
  draw_clutter (&random, pixels);
  rn_random_fill_normal (&random, noise, G_N_ELEMENTS (noise), between (&random, 0.02, 0.07));
  for (int i = 0; i < SIZE * SIZE * 3; i++)
    rgb[i] = (guint8) CLAMP (lrint (255 * (pixels[i / 3][i % 3] + noise[i])), 0, 255);
}

/**
 * rn_data_set_new_shapes:
 * @seed: another one gives other pictures: take one to train by and one to test
 * @n_pictures: how many, the same number of each class in turn
 *
 * Returns: (transfer full): pictures of 32x32 that are drawn whenever they are asked for
 */
RnDataSet *
rn_data_set_new_shapes (guint64 seed, int n_pictures)
{
  static const RnDataSetFuncs funcs = { draw, g_free };
  RnDataSet *set = rn_data_set_new ("shapes", n_pictures, SIZE, SIZE, class_names, class_names,
                                    &funcs, g_memdup2 (&seed, sizeof seed));

  for (int i = 0; i < n_pictures; i++)
    set->class_of[i] = i % N_CLASSES;

  return set;
}
