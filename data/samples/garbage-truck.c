/* A green garbage truck on a road along a park. */

#include <math.h>

#include "data/samples/brush.h"
#include "data/samples/noise.h"
#include "data/samples/scenes.h"

static RnColour
shade_street (double x, double y, gconstpointer data)
{
  double t = rn_noise_fractal (81, x / 9.0, y / 4.0, 4),
         leaves = rn_noise_fractal (82, x / 26.0, y / 22.0, 5);

  if (y > 246)
    return rn_scale (rn_mix (rn_rgb (0.35, 0.35, 0.37), rn_rgb (0.50, 0.50, 0.51), t),
                     1.05 - (y - 246) / 300);
  if (y > 236)
    return rn_mix (rn_rgb (0.60, 0.59, 0.56), rn_rgb (0.72, 0.71, 0.68), t);
  if (y > 214)
    return rn_mix (rn_rgb (0.25, 0.42, 0.14), rn_rgb (0.45, 0.60, 0.24), t);
  RnColour sky =
      rn_mix (rn_rgb (0.62, 0.76, 0.92), rn_rgb (0.90, 0.94, 0.98), y / 130 + 0.4 * leaves - 0.2);
  RnColour trees =
      rn_mix (rn_rgb (0.06, 0.14, 0.06), rn_rgb (0.42, 0.55, 0.26), leaves * 1.6 - 0.35);
  return rn_mix (
      sky, trees,
      rn_smoothstep (-7, 7, y - 92 - 60 * (rn_noise_fractal (83, x / 55.0, 0.5, 4) - 0.5)));
}

static void
draw_wheel (cairo_t *cr, double x, double y, double r)
{
  cairo_arc (cr, x, y, r + 4, 0, 2 * G_PI);
  rn_set_colour (cr, rn_hex (0x0b0c0d));
  cairo_fill (cr);
  cairo_arc (cr, x, y, r, 0, 2 * G_PI);
  rn_fill_vertical (cr, y - r, y + r, rn_hex (0x3c3d40), rn_hex (0x141415));
  cairo_arc (cr, x, y, r * 0.58, 0, 2 * G_PI);
  rn_fill_vertical (cr, y - r, y + r, rn_hex (0xf0f1f2), rn_hex (0x6d7076));
  cairo_arc (cr, x, y, r * 0.27, 0, 2 * G_PI);
  rn_fill_vertical (cr, y - r, y + r, rn_hex (0x5a5c62), rn_hex (0xb5b8be));
  for (int i = 0; i < 8; i++)
    {
      cairo_arc (cr, x + r * 0.43 * cos (i * G_PI / 4), y + r * 0.43 * sin (i * G_PI / 4), r * 0.06,
                 0, 2 * G_PI);
      rn_set_colour (cr, rn_hex (0x2f3034));
      cairo_fill (cr);
    }
}

/* The box that takes the refuse: ribbed steel, with the hopper at its rear. */
static void
draw_body (cairo_t *cr)
{
  const RnColour green = rn_hex (0x1f7a45);

  cairo_move_to (cr, 116, 92);
  cairo_line_to (cr, 254, 92);
  cairo_curve_to (cr, 280, 94, 300, 128, 304, 168);
  cairo_line_to (cr, 300, 222);
  cairo_line_to (cr, 116, 222);
  cairo_close_path (cr);
  rn_fill_vertical (cr, 90, 222, rn_mix (green, rn_rgb (1, 1, 1), 0.22), rn_scale (green, 0.62));
  cairo_move_to (cr, 252, 92);
  cairo_curve_to (cr, 280, 94, 300, 128, 304, 168);
  cairo_line_to (cr, 300, 228);
  cairo_line_to (cr, 256, 222);
  cairo_close_path (cr);
  rn_fill_vertical (cr, 92, 228, rn_scale (green, 0.9), rn_scale (green, 0.38));
  for (int i = 0; i < 7; i++)
    {
      cairo_rectangle (cr, 122 + 19 * i, 96, 5, 122);
      rn_fill_across (cr, 122 + 19 * i, 127 + 19 * i, rn_mix (green, rn_rgb (1, 1, 1), 0.30), green,
                      rn_scale (green, 0.45));
    }
  cairo_rectangle (cr, 116, 90, 140, 5);
  rn_fill_vertical (cr, 90, 95, rn_scale (green, 1.3), rn_scale (green, 0.6));
  cairo_rectangle (cr, 116, 214, 184, 9);
  rn_fill_vertical (cr, 214, 223, rn_scale (green, 0.8), rn_scale (green, 0.35));
  /* A white panel with the recycling green dot. */
  rn_round_box (cr, 148, 128, 76, 44, 3);
  rn_set_colour (cr, rn_hex (0xf4f6f2));
  cairo_fill (cr);
  cairo_arc (cr, 168, 150, 14, 0, 2 * G_PI);
  rn_set_colour (cr, rn_hex (0xf0b51d));
  cairo_fill (cr);
  for (int i = 0; i < 3; i++)
    {
      rn_round_box (cr, 188, 138 + 9 * i, 30 - 6 * i, 5, 1);
      rn_set_colour (cr, green);
      cairo_fill (cr);
    }
}

static void
draw_cab (cairo_t *cr)
{
  const RnColour white = rn_hex (0xf1f2f0);

  cairo_move_to (cr, 40, 124);
  cairo_curve_to (cr, 41, 112, 46, 108, 56, 108);
  cairo_line_to (cr, 110, 108);
  cairo_line_to (cr, 110, 232);
  cairo_line_to (cr, 32, 232);
  cairo_line_to (cr, 32, 176);
  cairo_close_path (cr);
  rn_fill_vertical (cr, 108, 232, white, rn_scale (white, 0.66));
  cairo_move_to (cr, 45, 128);
  cairo_curve_to (cr, 46, 119, 48, 117, 54, 117);
  cairo_line_to (cr, 58, 117);
  cairo_line_to (cr, 55, 168);
  cairo_line_to (cr, 37, 168);
  cairo_close_path (cr);
  rn_fill_vertical (cr, 117, 168, rn_hex (0x8ea7bd), rn_hex (0x1c2733));
  rn_round_box (cr, 64, 118, 36, 50, 4);
  rn_fill_vertical (cr, 118, 168, rn_hex (0x7d97ad), rn_hex (0x18212b));
  cairo_set_line_width (cr, 1.2);
  rn_round_box (cr, 61, 114, 42, 108, 4);
  rn_set_colour (cr, rn_hex (0x8b8d8c));
  cairo_stroke (cr);
  rn_round_box (cr, 88, 176, 11, 3.5, 1.5);
  rn_set_colour (cr, rn_hex (0x303236));
  cairo_fill (cr);
  cairo_rectangle (cr, 32, 184, 78, 8);
  rn_fill_vertical (cr, 184, 192, rn_hex (0x2c9458), rn_hex (0x1a6b3b));
  /* Grille, bumper, lamps and the mirror. */
  for (int i = 0; i < 4; i++)
    {
      cairo_rectangle (cr, 32, 198 + 5 * i, 18, 2.5);
      rn_set_colour (cr, rn_hex (0x2b2d31));
      cairo_fill (cr);
    }
  rn_round_box (cr, 26, 222, 88, 14, 3);
  rn_fill_vertical (cr, 222, 236, rn_hex (0xc9ccd0), rn_hex (0x54575d));
  rn_round_box (cr, 29, 205, 9, 12, 3);
  rn_fill_vertical (cr, 205, 217, rn_hex (0xfffbe4), rn_hex (0xd1b060));
  rn_round_box (cr, 26, 128, 7, 26, 3);
  rn_set_colour (cr, rn_hex (0x1a1b1d));
  cairo_fill (cr);
  rn_round_box (cr, 70, 101, 18, 7, 3);
  rn_fill_vertical (cr, 101, 108, rn_hex (0xffc64a), rn_hex (0xd37b0c));
}

static void
draw_shadow (RnSketch *sketch)
{
  g_autoptr (RnSketch) layer = rn_sketch_new ();
  cairo_t *cr = rn_sketch_get_cairo (layer);

  rn_round_box (cr, 24, 250, 290, 20, 10);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.85);
  cairo_fill (cr);
  rn_sketch_blur (layer, 4);
  rn_sketch_add (sketch, layer, 1.0);
}

void
rn_draw_garbage_truck (RnSketch *sketch)
{
  g_autoptr (RnSketch) truck = rn_sketch_new ();
  cairo_t *cr = rn_sketch_get_cairo (truck);

  rn_sketch_shade (sketch, shade_street, NULL);
  rn_sketch_blur (sketch, 0.7);
  draw_shadow (sketch);
  cairo_rectangle (cr, 36, 222, 262, 20);
  rn_set_colour (cr, rn_hex (0x17181a));
  cairo_fill (cr);
  draw_body (cr);
  rn_round_box (cr, 109, 100, 8, 122, 2);
  rn_fill_across (cr, 109, 117, rn_hex (0x6f7278), rn_hex (0xe1e3e6), rn_hex (0x44464b));
  draw_cab (cr);
  draw_wheel (cr, 74, 242, 21);
  draw_wheel (cr, 202, 242, 21);
  draw_wheel (cr, 252, 242, 21);
  rn_sketch_blur (truck, 0.4);
  rn_sketch_add (sketch, truck, 1.0);
  rn_sketch_vignette (sketch, 0.2);
}
