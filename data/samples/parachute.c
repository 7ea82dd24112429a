/* A parachutist under a square canopy of seven colours, before a summer sky. */

#include <math.h>

#include "data/samples/brush.h"
#include "data/samples/noise.h"
#include "data/samples/scenes.h"

#define N_CELLS 9

static RnColour
shade_sky (double x, double y, gconstpointer data)
{
  RnColour blue = rn_mix (rn_rgb (0.20, 0.42, 0.74), rn_rgb (0.58, 0.75, 0.91), y / RN_SKETCH_SIZE);
  double cloud = rn_noise_fractal (31, x / 95.0 + 3.0, y / 60.0, 6);
  double lit = rn_noise_fractal (32, x / 70.0, y / 50.0 - 0.3, 4);
  double cover = rn_smoothstep (0.50, 0.78, cloud + 0.10 * (y / RN_SKETCH_SIZE - 0.5));

  return rn_mix (blue, rn_mix (rn_rgb (0.80, 0.84, 0.90), rn_rgb (0.98, 0.98, 0.99), lit),
                 cover * 0.85);
}

/* A point of the canopy: `across` from -1 (left tip) to 1, `down` 0 at the leading edge on top
 * and 1 at the trailing edge below. */
static void
get_canopy (double across, double down, double *x, double *y)
{
  double angle = across * 1.02;

  *x = 160 + (128 - 14 * down) * sin (angle) / sin (1.02);
  *y =
      62 + 76 * (1.0 - cos (angle)) / (1.0 - cos (1.02)) * 0.95 + down * (38 - 8 * across * across);
}

static void
trace_cell (cairo_t *cr, double left, double right)
{
  double x, y, mx, my, bx, by;

  get_canopy (left, 0, &x, &y);
  cairo_move_to (cr, x, y);
  /* Air bulges the cell's edges between its ribs. */
  get_canopy (right, 0, &bx, &by);
  get_canopy ((left + right) / 2, 0, &mx, &my);
  cairo_curve_to (cr, mx, my - 5, mx, my - 5, bx, by);
  get_canopy (right, 1, &x, &y);
  cairo_line_to (cr, x, y);
  get_canopy (left, 1, &bx, &by);
  get_canopy ((left + right) / 2, 1, &mx, &my);
  cairo_curve_to (cr, mx, my - 7, mx, my - 7, bx, by);
  cairo_close_path (cr);
}

static void
draw_canopy (cairo_t *cr)
{
  static const guint32 colours[N_CELLS] = { 0x6a1fa0, 0x2741c4, 0x1597c9, 0x1fa04a, 0xf3d21b,
                                            0xf28a17, 0xdd2a26, 0xd8247d, 0x6a1fa0 };

  for (int i = 0; i < N_CELLS; i++)
    {
      double left = -1.0 + 2.0 * i / N_CELLS, right = -1.0 + 2.0 * (i + 1) / N_CELLS;
      RnColour c = rn_hex (colours[i]);
      double x0, x1, y0, y1;

      get_canopy (left, 0, &x0, &y0);
      get_canopy (right, 1, &x1, &y1);
      trace_cell (cr, left, right);
      rn_fill_across (cr, x0, x1, rn_scale (c, 0.55), rn_mix (c, rn_rgb (1, 1, 1), 0.16),
                      rn_scale (c, 0.62));
      trace_cell (cr, left, right);
      rn_fill_vertical (cr, MIN (y0, y1) - 5, MAX (y0, y1), rn_fade (rn_rgb (1, 1, 1), 0.28),
                        rn_fade (rn_rgb (0.0, 0.0, 0.15), 0.35));
    }
}

static void
draw_lines (cairo_t *cr)
{
  cairo_set_line_width (cr, 0.55);
  for (int i = 0; i <= N_CELLS; i++)
    for (int row = 0; row < 2; row++)
      {
        double across = -1.0 + 2.0 * i / N_CELLS, x, y;

        get_canopy (across, row == 0 ? 0.45 : 0.98, &x, &y);
        cairo_move_to (cr, x, y);
        cairo_line_to (cr, 160 + (across < 0 ? -7 : 7) + 2 * row, 238);
        cairo_set_source_rgba (cr, 0.12, 0.12, 0.20, 0.75);
        cairo_stroke (cr);
      }
}

static void
draw_limb (cairo_t *cr, double width, RnColour c, const double (*points)[2], int n)
{
  cairo_set_line_width (cr, width);
  for (int i = 0; i < n; i++)
    cairo_line_to (cr, points[i][0], points[i][1]);
  rn_set_colour (cr, c);
  cairo_stroke (cr);
}

static void
draw_jumper (cairo_t *cr)
{
  static const double left_arm[][2] = { { 155, 248 }, { 148, 242 }, { 152, 231 } };
  static const double right_arm[][2] = { { 167, 248 }, { 174, 242 }, { 170, 231 } };
  static const double left_leg[][2] = { { 158, 266 }, { 153, 278 }, { 157, 291 } };
  static const double right_leg[][2] = { { 164, 266 }, { 170, 277 }, { 166, 290 } };
  const RnColour suit = rn_hex (0x23283a), trousers = rn_hex (0x39415c);

  draw_limb (cr, 6.5, trousers, left_leg, 3);
  draw_limb (cr, 6.5, trousers, right_leg, 3);
  rn_round_box (cr, 153, 243, 16, 26, 6);
  rn_fill_across (cr, 153, 169, rn_hex (0x8c1c1c), rn_hex (0xc93a30), rn_hex (0x5d1212));
  draw_limb (cr, 4.5, suit, left_arm, 3);
  draw_limb (cr, 4.5, suit, right_arm, 3);
  cairo_arc (cr, 161, 238, 6, 0, 2 * G_PI);
  rn_fill_vertical (cr, 232, 244, rn_hex (0xf2f2f2), rn_hex (0x8b8f99));
  cairo_set_source_rgb (cr, 0.1, 0.1, 0.12);
  rn_round_box (cr, 156.5, 237, 9, 3, 1.5);
  cairo_fill (cr);
}

void
rn_draw_parachute (RnSketch *sketch)
{
  g_autoptr (RnSketch) layer = rn_sketch_new ();
  cairo_t *cr = rn_sketch_get_cairo (layer);

  rn_sketch_shade (sketch, shade_sky, NULL);
  draw_lines (cr);
  draw_canopy (cr);
  draw_jumper (cr);
  rn_sketch_blur (layer, 0.35);
  rn_sketch_add (sketch, layer, 1.0);
}
