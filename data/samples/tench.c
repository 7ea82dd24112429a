/* A tench on the meshes of a landing net in the grass. */

#include <math.h>

#include "data/samples/brush.h"
#include "data/samples/noise.h"
#include "data/samples/scenes.h"

/* Half the height of the fish at `t` along its middle line, 0 at the snout and 1 where the tail
 * fin begins: a barrel that narrows to a thick wrist. */
static double
get_girth (double t)
{
  double barrel, wrist = 19.0 + 5.0 * rn_smoothstep (0.85, 1.08, t);

  if (t < 0.0 || t > 1.08)
    return 0.0;
  barrel = 52.0 * pow (sin (G_PI * CLAMP (pow (t, 0.62), 0.0, 1.0)), 0.80);
  return t < 0.4 ? barrel
                 : hypot (barrel * (1.0 - rn_smoothstep (0.35, 1.0, t) * 0.35),
                          wrist * rn_smoothstep (0.4, 0.95, t));
}

/* The height of the middle line: the fish bends a little. */
static double
get_middle (double t)
{
  return 166 + 10 * sin (t * 3.0 - 0.4);
}

#define SNOUT 38.0
#define LENGTH 206.0

static RnColour
shade_fish (double x, double y, gconstpointer data)
{
  double t = (x - SNOUT) / LENGTH, girth = get_girth (t), v, edge;

  if (girth <= 0.0)
    return (RnColour){ 0 };
  v = (y - get_middle (t)) / girth;
  edge = 1.0 - fabs (v);
  if (edge <= 0.0)
    return (RnColour){ 0 };

  /* Olive back, golden side, pale belly, round as a barrel. */
  RnColour c = rn_mix (rn_hex (0x3b3a12), rn_hex (0x8f7c23), rn_smoothstep (-1.0, -0.1, v));
  c = rn_mix (c, rn_hex (0xdcb552), rn_smoothstep (-0.1, 0.85, v));
  c = rn_scale (c, 0.45 + 0.65 * sqrt (MAX (0.0, 1.0 - (v + 0.15) * (v + 0.15))));
  /* Small scales in offset rows, none on the head. */
  double row = floor (y / 3.4),
         sx = fmod (x + (fmod (row, 2.0) == 0.0 ? 0.0 : 2.2), 4.4) / 4.4 - 0.5,
         sy = y / 3.4 - row - 0.5;
  double scale = 1.0 - rn_smoothstep (0.25, 0.55, hypot (sx - 0.15, sy));
  c = rn_scale (c, 1.0 + (0.30 * scale - 0.13) * rn_smoothstep (0.24, 0.30, t));
  c = rn_scale (c, 0.86 + 0.28 * rn_noise_fractal (101, x / 14.0, y / 10.0, 4));
  /* A wet gleam along the upper side. */
  double gleam = exp (-pow ((v + 0.42) / 0.12, 2.0)) * rn_noise_fractal (102, x / 18.0, y / 5.0, 4);
  c = rn_mix (c, rn_rgb (1.0, 0.98, 0.88), gleam * 0.75);
  c.a = rn_smoothstep (0.0, 0.03, edge);
  return c;
}

static RnColour
shade_grass (double x, double y, gconstpointer data)
{
  double t = rn_noise_fractal (103, x / 20.0, y / 12.0, 5);
  return rn_mix (rn_rgb (0.10, 0.22, 0.06), rn_rgb (0.36, 0.50, 0.16), t * 1.5 - 0.25);
}

static void
draw_fin (cairo_t *cr, double x, double y, double angle, double length, double spread)
{
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_rotate (cr, angle);
  cairo_move_to (cr, 0, -spread * 0.25);
  cairo_curve_to (cr, length * 0.5, -spread * 0.8, length, -spread * 0.7, length, -spread * 0.2);
  cairo_curve_to (cr, length * 1.05, spread * 0.4, length * 0.8, spread * 0.7, length * 0.6,
                  spread * 0.6);
  cairo_curve_to (cr, length * 0.3, spread * 0.5, 0, spread * 0.3, 0, spread * 0.25);
  cairo_close_path (cr);
  rn_fill_across (cr, 0, length, rn_hex (0x5d5218), rn_hex (0x4a4118), rn_hex (0x2e2a12));
  cairo_set_line_width (cr, 0.8);
  for (int i = -3; i <= 3; i++)
    {
      cairo_move_to (cr, 2, i * spread * 0.06);
      cairo_line_to (cr, length * 0.92, i * spread * 0.17);
    }
  cairo_set_source_rgba (cr, 0.75, 0.65, 0.35, 0.35);
  cairo_stroke (cr);
  cairo_restore (cr);
}

/* The tail fin: broad, hardly forked, with rays from its root. */
static void
draw_tail (cairo_t *cr)
{
  const double x = SNOUT + LENGTH * 0.99, y = get_middle (1.0);

  cairo_move_to (cr, x, y - 18);
  cairo_curve_to (cr, x + 16, y - 32, x + 36, y - 44, x + 52, y - 44);
  cairo_curve_to (cr, x + 60, y - 38, x + 52, y - 14, x + 50, y);
  cairo_curve_to (cr, x + 54, y + 14, x + 60, y + 40, x + 50, y + 45);
  cairo_curve_to (cr, x + 34, y + 44, x + 14, y + 30, x, y + 18);
  cairo_close_path (cr);
  cairo_save (cr);
  cairo_clip_preserve (cr);
  rn_fill_across (cr, x, x + 58, rn_hex (0x6e5f1e), rn_hex (0x51471a), rn_hex (0x2c2811));
  cairo_set_line_width (cr, 0.8);
  for (int i = -9; i <= 9; i++)
    {
      cairo_move_to (cr, x - 8, y + i * 1.4);
      cairo_line_to (cr, x + 60, y + i * 5.2);
    }
  cairo_set_source_rgba (cr, 0.78, 0.68, 0.36, 0.4);
  cairo_stroke (cr);
  cairo_restore (cr);
}

static void
draw_head (cairo_t *cr)
{
  cairo_set_line_width (cr, 1.8);
  cairo_arc (cr, 66, 166, 27, -0.95, 1.0);
  cairo_set_source_rgba (cr, 0.16, 0.13, 0.02, 0.75);
  cairo_stroke (cr);
  cairo_set_line_width (cr, 1.4);
  cairo_move_to (cr, 39, 165);
  cairo_curve_to (cr, 43, 167, 47, 170, 50, 174);
  cairo_stroke (cr);
  cairo_arc (cr, 61, 154, 4.2, 0, 2 * G_PI);
  rn_set_colour (cr, rn_hex (0xb0481a));
  cairo_fill (cr);
  cairo_arc (cr, 61, 154, 2.5, 0, 2 * G_PI);
  rn_set_colour (cr, rn_hex (0x0a0805));
  cairo_fill (cr);
  cairo_arc (cr, 60.2, 153.2, 0.8, 0, 2 * G_PI);
  rn_set_colour (cr, rn_hex (0xffffff));
  cairo_fill (cr);
}

/* The net's meshes: two families of slack threads. */
static void
draw_net (cairo_t *cr)
{
  cairo_set_line_width (cr, 1.5);
  for (int family = 0; family < 2; family++)
    for (int i = -40; i < 80; i++)
      {
        double slope = family == 0 ? 0.9 : -0.9;

        for (int s = 0; s <= 40; s++)
          {
            double x = s * 8.0, y = i * 9.0 + slope * x + 4 * sin (x / 37.0 + i * 0.4);
            cairo_line_to (cr, x, y);
          }
        rn_set_colour (cr, family == 0 ? rn_hex (0x0e1512) : rn_hex (0x26322c));
        cairo_stroke (cr);
      }
}

void
rn_draw_tench (RnSketch *sketch)
{
  g_autoptr (RnSketch) fish = rn_sketch_new ();
  cairo_t *cr = rn_sketch_get_cairo (sketch);

  rn_sketch_shade (sketch, shade_grass, NULL);
  rn_draw_grass (cr, 104, 10, 340, 26, 1600, rn_rgb (0.09, 0.20, 0.05), rn_rgb (0.42, 0.56, 0.20));
  cairo_set_source_rgba (cr, 0.04, 0.07, 0.06, 0.25);
  cairo_paint (cr);
  draw_net (cr);
  rn_sketch_blur (sketch, 0.6);

  cr = rn_sketch_get_cairo (fish);
  draw_tail (cr);
  draw_fin (cr, 140, 128, -0.75, 44, 46);
  draw_fin (cr, 190, 196, 0.7, 34, 30);
  draw_fin (cr, 134, 212, 0.95, 32, 30);
  rn_sketch_shade (fish, shade_fish, NULL);
  draw_fin (cr, 100, 188, 0.45, 36, 26);
  draw_head (cr);
  rn_sketch_blur (fish, 0.4);
  rn_sketch_cast_shadow (sketch, fish, 4, 11, 6, 0.85);
  rn_sketch_add (sketch, fish, 1.0);
  rn_sketch_vignette (sketch, 0.3);
}
