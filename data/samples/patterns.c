/* Test patterns: what the first layers look for, shown alone. */

#include <math.h>

#include "data/samples/scenes.h"

#define TAU (2.0 * G_PI)

/* One wedge of hue, in [0, 1) once round, at full saturation. */
static RnColour
hue (double turn)
{
  double h = (turn - floor (turn)) * 6.0;

  return rn_rgb (CLAMP (fabs (h - 3.0) - 1.0, 0.0, 1.0), CLAMP (2.0 - fabs (h - 2.0), 0.0, 1.0),
                 CLAMP (2.0 - fabs (h - 4.0), 0.0, 1.0));
}

/* A 4 x 4 board of sine gratings: eight orientations, grey above and in opposed colours below. */
static RnColour
shade_gratings (double x, double y, gconstpointer data)
{
  static const guint32 pairs[8][2] = {
    { 0xd62828, 0x2a9d4b }, { 0x1d4fd7, 0xf5c518 }, { 0xe0349c, 0x2fb9a6 }, { 0xf07f13, 0x2465c4 },
    { 0x7b2cbf, 0xb7d333 }, { 0xb3202c, 0x9adfe8 }, { 0x14746f, 0xf7a6a0 }, { 0x222222, 0xf2f2f2 },
  };
  const double cell = RN_SKETCH_SIZE / 4.0;
  int column = MIN ((int)(x / cell), 3), row = MIN ((int)(y / cell), 3);
  int i = (row % 2) * 4 + column;
  double u = x - (column + 0.5) * cell, v = y - (row + 0.5) * cell;
  double angle = i * G_PI / 8.0, period = row % 2 == 0 ? 7.0 : 11.0;
  double wave = sin ((u * cos (angle) + v * sin (angle)) * TAU / period);
  /* A soft round window: only the grating's own orientation has edges, not its cell. */
  double window = 1.0 - rn_smoothstep (26.0, 38.0, hypot (u, v));
  const RnColour grey = rn_rgb (0.5, 0.5, 0.5);

  if (row < 2)
    return rn_mix (grey, rn_rgb (0.5 + 0.5 * wave, 0.5 + 0.5 * wave, 0.5 + 0.5 * wave), window);
  return rn_mix (grey, rn_mix (rn_hex (pairs[i][0]), rn_hex (pairs[i][1]), 0.5 + 0.5 * wave),
                 window);
}

void
rn_draw_gratings (RnSketch *sketch)
{
  rn_sketch_shade (sketch, shade_gratings, NULL);
}

/* cos (k r^2): every orientation at every scale; the rings narrow to 5 pixels at the edge. */
static RnColour
shade_zone_plate (double x, double y, gconstpointer data)
{
  const double middle = RN_SKETCH_SIZE / 2.0;
  double r = hypot (x - middle, y - middle);
  /* The local period of cos (k r^2) is pi / (k r). */
  double k = G_PI / (5.0 * middle);
  double wave =
      0.5 + 0.5 * cos (k * r * r) * (1.0 - rn_smoothstep (middle * 0.95, middle * 1.2, r));

  return rn_rgb (wave, wave, wave);
}

void
rn_draw_zone_plate (RnSketch *sketch)
{
  rn_sketch_shade (sketch, shade_zone_plate, NULL);
}

/* All hues round a circle, from white in the middle to full colour, before a chequered ground. */
static RnColour
shade_colour_wheel (double x, double y, gconstpointer data)
{
  const double middle = RN_SKETCH_SIZE / 2.0, outer = 132.0, inner = 40.0;
  double u = x - middle, v = y - middle, r = hypot (u, v);
  double turn = atan2 (v, u) / TAU + 0.25;
  gboolean light = ((int)(x / 20.0) + (int)(y / 20.0)) % 2 == 0;
  RnColour ground = light ? rn_rgb (0.93, 0.93, 0.93) : rn_rgb (0.07, 0.07, 0.07);
  RnColour wheel = rn_mix (rn_rgb (1, 1, 1), hue (turn), rn_smoothstep (inner * 0.4, 86.0, r));

  /* The outer ring goes in twelve steps: edges between flat colours. */
  if (r > 98.0)
    wheel = hue ((floor (turn * 12.0) + 0.5) / 12.0);
  return rn_mix (wheel, ground, rn_smoothstep (outer - 0.7, outer + 0.7, r));
}

void
rn_draw_colour_wheel (RnSketch *sketch)
{
  rn_sketch_shade (sketch, shade_colour_wheel, NULL);
}
