/* A golf ball in short grass: a shaded sphere with dimples before a blurred green. */

#include <math.h>

#include "data/samples/brush.h"
#include "data/samples/noise.h"
#include "data/samples/scenes.h"

#define N_DIMPLES 340

typedef struct
{
  double x, y, z;
} Vector;

typedef struct
{
  double x, y, radius;
  Vector dimples[N_DIMPLES];
} Ball;

static inline double
dot (Vector a, Vector b)
{
  return a.x * b.x + a.y * b.y + a.z * b.z;
}

static inline Vector
normalise (Vector v)
{
  double n = sqrt (dot (v, v));
  return (Vector){ v.x / n, v.y / n, v.z / n };
}

/* Spreads the dimples evenly: the golden spiral on a sphere. */
static void
place_dimples (Ball *ball)
{
  const double golden_angle = G_PI * (3.0 - sqrt (5.0));

  for (int i = 0; i < N_DIMPLES; i++)
    {
      double z = 1.0 - 2.0 * (i + 0.5) / N_DIMPLES, r = sqrt (1.0 - z * z);
      ball->dimples[i] = (Vector){ r * cos (golden_angle * i), z, r * sin (golden_angle * i) };
    }
}

/* Tilts the normal towards the rim of the dimple that it lies in, if any. */
static Vector
dent (const Ball *ball, Vector normal, double *shade)
{
  const double radius = 0.093; /* of a dimple, on a sphere of radius 1 */
  double best = -1.0;
  Vector c = normal;

  for (int i = 0; i < N_DIMPLES; i++)
    {
      double d = dot (normal, ball->dimples[i]);
      if (d > best)
        {
          best = d;
          c = ball->dimples[i];
        }
    }
  double d = acos (MIN (best, 1.0)) / radius;
  *shade = 1.0 - 0.22 * (1.0 - rn_smoothstep (0.35, 1.0, d));
  if (d >= 1.0 || d <= 0.0)
    return normal;
  /* Inside a bowl the surface leans inwards, most of all near its rim. */
  double lean = 0.75 * d * (1.0 - rn_smoothstep (0.75, 1.0, d)) / (d * radius);
  return normalise ((Vector){ normal.x + (c.x - normal.x) * lean * 0.9,
                              normal.y + (c.y - normal.y) * lean * 0.9,
                              normal.z + (c.z - normal.z) * lean * 0.9 });
}

static RnColour
shade_ball (double x, double y, gconstpointer data)
{
  const Ball *ball = data;
  const Vector sun = normalise ((Vector){ -0.5, -0.75, 0.62 });
  double u = (x - ball->x) / ball->radius, v = (y - ball->y) / ball->radius;
  double r2 = u * u + v * v, hollow;

  if (r2 >= 1.0)
    return (RnColour){ 0 };

  Vector smooth = { u, v, sqrt (1.0 - r2) };
  Vector normal = dent (ball, smooth, &hollow);
  double light = MAX (0.0, dot (normal, sun)) * rn_smoothstep (-0.2, 0.5, dot (smooth, sun));
  double sky = 0.5 - 0.5 * normal.y;
  RnColour c = rn_mix (rn_rgb (0.30, 0.42, 0.16), rn_rgb (0.58, 0.64, 0.72), sky);
  double gleam = pow (MAX (0.0, dot (normal, normalise ((Vector){ sun.x, sun.y, sun.z + 1 }))), 40);

  c = rn_scale (c, hollow);
  c.r += 0.62 * light + 0.25 * gleam;
  c.g += 0.60 * light + 0.25 * gleam;
  c.b += 0.55 * light + 0.25 * gleam;
  /* Grass shadows its foot. */
  c = rn_scale (c, 1.0 - 0.45 * rn_smoothstep (0.55, 1.0, v));
  return c;
}

/* Far trees, out of focus, above a lawn that grows lighter with distance. */
static RnColour
shade_ground (double x, double y, gconstpointer data)
{
  double leaves = rn_noise_fractal (11, x / 46.0, y / 34.0, 3);
  double lawn = rn_noise_fractal (12, x / 60.0, y / 12.0, 4);
  RnColour trees =
      rn_mix (rn_rgb (0.07, 0.15, 0.07), rn_rgb (0.34, 0.46, 0.22), leaves * 1.4 - 0.2);
  RnColour green = rn_mix (rn_rgb (0.30, 0.50, 0.14), rn_rgb (0.50, 0.68, 0.24), lawn);

  green = rn_scale (green, 1.0 - 0.35 * rn_smoothstep (110, 320, y));
  return rn_mix (trees, green, rn_smoothstep (84, 112, y));
}

static void
draw_shadow (RnSketch *sketch, const Ball *ball)
{
  g_autoptr (RnSketch) layer = rn_sketch_new ();
  cairo_t *cr = rn_sketch_get_cairo (layer);

  cairo_translate (cr, ball->x + 36, ball->y + ball->radius * 0.93);
  cairo_scale (cr, ball->radius * 1.15, ball->radius * 0.24);
  cairo_arc (cr, 0, 0, 1, 0, 2 * G_PI);
  cairo_set_source_rgba (cr, 0.02, 0.08, 0.0, 0.8);
  cairo_fill (cr);
  rn_sketch_blur (layer, 8);
  rn_sketch_add (sketch, layer, 1.0);
}

void
rn_draw_golf_ball (RnSketch *sketch)
{
  g_autofree Ball *ball = g_new0 (Ball, 1);
  g_autoptr (RnSketch) front = rn_sketch_new ();
  cairo_t *cr = rn_sketch_get_cairo (sketch);

  ball->x = 158;
  ball->y = 164;
  ball->radius = 82;
  place_dimples (ball);

  rn_sketch_shade (sketch, shade_ground, NULL);
  rn_draw_grass (cr, 21, 120, 215, 14, 2600, rn_rgb (0.20, 0.38, 0.08), rn_rgb (0.52, 0.70, 0.24));
  rn_sketch_blur (sketch, 2.2);
  rn_draw_grass (cr, 22, 215, 262, 22, 1500, rn_rgb (0.15, 0.33, 0.06), rn_rgb (0.50, 0.70, 0.22));
  draw_shadow (sketch, ball);
  rn_sketch_shade (sketch, shade_ball, ball);
  rn_draw_grass (cr, 23, 246, 350, 26, 1300, rn_rgb (0.14, 0.32, 0.06), rn_rgb (0.52, 0.72, 0.24));
  rn_draw_grass (rn_sketch_get_cairo (front), 24, 318, 356, 40, 300, rn_rgb (0.12, 0.28, 0.05),
                 rn_rgb (0.48, 0.66, 0.22));
  rn_sketch_blur (front, 2.0);
  rn_sketch_add (sketch, front, 1.0);
  rn_sketch_vignette (sketch, 0.25);
}
