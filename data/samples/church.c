/* A white country church with a red roof on a meadow, under drifting clouds. */

#include <math.h>

#include "data/samples/brush.h"
#include "data/samples/noise.h"
#include "data/samples/scenes.h"

static RnColour
shade_sky (double x, double y, gconstpointer data)
{
  RnColour blue = rn_mix (rn_rgb (0.24, 0.45, 0.74), rn_rgb (0.74, 0.84, 0.93), y / 240.0);
  double cloud = rn_noise_fractal (41, x / 80.0, y / 46.0, 6);
  double lit = rn_noise_fractal (42, x / 50.0, y / 40.0 - 0.4, 4);

  return rn_mix (blue, rn_mix (rn_rgb (0.66, 0.70, 0.77), rn_rgb (1, 1, 1), lit * 1.5 - 0.2),
                 rn_smoothstep (0.42, 0.66, cloud));
}

/* Hills far away and the meadow near by; nothing above them. */
static RnColour
shade_land (double x, double y, gconstpointer data)
{
  double hill = 205 + 18 * sin (x / 58.0 + 1.0) + 7 * sin (x / 21.0);
  double meadow = 246 - 8 * sin (x / 90.0);
  double t = rn_noise_fractal (43, x / 16.0, y / 7.0, 5);

  if (y < hill)
    return (RnColour){ 0 };
  if (y < meadow)
    return rn_mix (rn_rgb (0.16, 0.29, 0.17), rn_rgb (0.36, 0.47, 0.29), t + (y - hill) / 80.0);
  return rn_mix (rn_rgb (0.17, 0.33, 0.09), rn_rgb (0.46, 0.60, 0.22), t);
}

/* A pointed (Gothic) window as a path, its foot's middle at (x, y). */
static void
trace_window (cairo_t *cr, double x, double y, double width, double height)
{
  double w = width / 2, spring = y - height + width;

  cairo_move_to (cr, x - w, y);
  cairo_line_to (cr, x - w, spring);
  cairo_curve_to (cr, x - w, spring - width * 0.6, x - w * 0.3, y - height, x, y - height);
  cairo_curve_to (cr, x + w * 0.3, y - height, x + w, spring - width * 0.6, x + w, spring);
  cairo_line_to (cr, x + w, y);
  cairo_close_path (cr);
}

static void
draw_window (cairo_t *cr, double x, double y, double width, double height)
{
  trace_window (cr, x, y + 1.5, width + 4, height + 4);
  rn_set_colour (cr, rn_hex (0x9a9488));
  cairo_fill (cr);
  trace_window (cr, x, y, width, height);
  rn_fill_vertical (cr, y - height, y, rn_hex (0x4a5c78), rn_hex (0x141a26));
  cairo_set_line_width (cr, 0.8);
  cairo_move_to (cr, x, y);
  cairo_line_to (cr, x, y - height);
  for (double bar = 7; bar < height - 4; bar += 7)
    {
      cairo_move_to (cr, x - width / 2, y - bar);
      cairo_line_to (cr, x + width / 2, y - bar);
    }
  rn_set_colour (cr, rn_hex (0xcfc8b8));
  cairo_stroke (cr);
}

/* Fills the path with `c`, weathered by noise and shaded as the wall's side says. */
static void
fill_wall (
    cairo_t *cr, double left, double right, double top, double bottom, RnColour c, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  cairo_save (cr);
  cairo_clip_preserve (cr);
  rn_fill_vertical (cr, top, bottom, c, rn_scale (c, 0.86));
  for (double y = top; y < bottom; y += 4.5)
    for (double x = left - g_rand_double_range (rand, 0, 9); x < right; x += 9)
      {
        double strength = g_rand_double_range (rand, 0, 0.14);
        gboolean light = g_rand_boolean (rand);
        RnColour stain = light ? rn_rgb (1, 1, 0.95) : rn_rgb (0.3, 0.27, 0.22);

        cairo_rectangle (cr, x, y, 8.6, 4.1);
        rn_set_colour (cr, rn_fade (stain, strength));
        cairo_fill (cr);
      }
  cairo_restore (cr);
}

static void
fill_tiles (
    cairo_t *cr, double left, double right, double top, double bottom, RnColour c, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  cairo_save (cr);
  cairo_clip_preserve (cr);
  rn_fill_vertical (cr, top, bottom, rn_mix (c, rn_rgb (1, 0.9, 0.8), 0.18), rn_scale (c, 0.8));
  for (double y = top; y < bottom; y += 3.6)
    for (double x = left - g_rand_double_range (rand, 0, 4); x < right; x += 4)
      {
        cairo_rectangle (cr, x, y, 3.6, 3.2);
        rn_set_colour (cr, rn_fade (rn_rgb (0.12, 0.02, 0.0), g_rand_double_range (rand, 0, 0.35)));
        cairo_fill (cr);
      }
  cairo_restore (cr);
}

static void
draw_nave (cairo_t *cr)
{
  const RnColour roof = rn_hex (0xa3392b);

  cairo_rectangle (cr, 128, 186, 142, 72);
  fill_wall (cr, 128, 270, 186, 258, rn_hex (0xe9e3d6), 51);
  for (int i = 0; i < 4; i++)
    draw_window (cr, 152 + 32 * i, 242, 12, 38);
  cairo_move_to (cr, 112, 190);
  cairo_line_to (cr, 134, 132);
  cairo_line_to (cr, 262, 132);
  cairo_line_to (cr, 280, 190);
  cairo_close_path (cr);
  fill_tiles (cr, 110, 282, 132, 190, roof, 52);
  cairo_rectangle (cr, 116, 190, 160, 3);
  cairo_set_source_rgba (cr, 0.15, 0.1, 0.1, 0.5);
  cairo_fill (cr);
}

static void
draw_tower (cairo_t *cr)
{
  /* Front, in the sun, and the side in shade. */
  cairo_rectangle (cr, 72, 112, 50, 148);
  fill_wall (cr, 72, 122, 112, 260, rn_hex (0xf6f1e6), 53);
  cairo_rectangle (cr, 122, 114, 20, 145);
  fill_wall (cr, 122, 142, 112, 260, rn_hex (0xada698), 54);
  for (int i = 0; i < 2; i++)
    {
      cairo_rectangle (cr, 69, 110 + 58 * i, 76, 5);
      rn_fill_vertical (cr, 110 + 58 * i, 115 + 58 * i, rn_hex (0xfaf7ef), rn_hex (0x8d877a));
    }
  draw_window (cr, 97, 158, 16, 34);
  draw_window (cr, 132, 158, 7, 32);
  draw_window (cr, 97, 206, 13, 28);
  /* The door. */
  trace_window (cr, 97, 260, 28, 44);
  rn_set_colour (cr, rn_hex (0x8f8778));
  cairo_fill (cr);
  trace_window (cr, 97, 260, 21, 38);
  rn_fill_across (cr, 86, 108, rn_hex (0x3a1f12), rn_hex (0x6b3f22), rn_hex (0x2d170c));
}

static void
draw_spire (cairo_t *cr)
{
  const RnColour roof = rn_hex (0x94332a);

  cairo_move_to (cr, 66, 111);
  cairo_line_to (cr, 104, 28);
  cairo_line_to (cr, 124, 111);
  cairo_close_path (cr);
  fill_tiles (cr, 66, 124, 28, 111, roof, 55);
  cairo_move_to (cr, 124, 111);
  cairo_line_to (cr, 104, 28);
  cairo_line_to (cr, 147, 111);
  cairo_close_path (cr);
  fill_tiles (cr, 104, 147, 28, 111, rn_scale (roof, 0.6), 56);
  cairo_set_line_width (cr, 1.6);
  cairo_move_to (cr, 104, 30);
  cairo_line_to (cr, 104, 10);
  cairo_move_to (cr, 98.5, 16);
  cairo_line_to (cr, 109.5, 16);
  rn_set_colour (cr, rn_hex (0x2a2420));
  cairo_stroke (cr);
}

static void
draw_path (cairo_t *cr)
{
  cairo_move_to (cr, 87, 260);
  cairo_curve_to (cr, 86, 280, 60, 290, 40, 322);
  cairo_line_to (cr, 116, 322);
  cairo_curve_to (cr, 122, 295, 108, 280, 108, 260);
  cairo_close_path (cr);
  rn_fill_vertical (cr, 260, 320, rn_hex (0xb7ab90), rn_hex (0x8f846b));
}

void
rn_draw_church (RnSketch *sketch)
{
  cairo_t *cr = rn_sketch_get_cairo (sketch);

  rn_sketch_shade (sketch, shade_sky, NULL);
  rn_sketch_shade (sketch, shade_land, NULL);
  rn_sketch_blur (sketch, 0.8);
  rn_draw_foliage (cr, 61, 296, 190, 42, 62, 900, rn_rgb (0.06, 0.15, 0.06),
                   rn_rgb (0.36, 0.50, 0.20));
  rn_draw_foliage (cr, 62, 20, 214, 34, 44, 600, rn_rgb (0.05, 0.14, 0.06),
                   rn_rgb (0.33, 0.48, 0.18));
  draw_nave (cr);
  draw_tower (cr);
  draw_spire (cr);
  draw_path (cr);
  rn_draw_grass (cr, 63, 256, 268, 7, 900, rn_rgb (0.12, 0.26, 0.06), rn_rgb (0.44, 0.60, 0.20));
  rn_draw_foliage (cr, 64, 236, 258, 40, 12, 420, rn_rgb (0.05, 0.14, 0.05),
                   rn_rgb (0.34, 0.50, 0.18));
  rn_draw_grass (cr, 65, 290, 330, 16, 900, rn_rgb (0.10, 0.24, 0.05), rn_rgb (0.42, 0.58, 0.18));
  draw_path (cr);
  rn_sketch_vignette (sketch, 0.2);
}
