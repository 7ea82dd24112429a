/* An old red petrol pump before a filling station. */

#include <math.h>

#include "data/samples/brush.h"
#include "data/samples/noise.h"
#include "data/samples/scenes.h"

/* Sky, a wall of boards out of focus, and a concrete floor. */
static RnColour
shade_station (double x, double y, gconstpointer data)
{
  double t = rn_noise_fractal (71, x / 22.0, y / 9.0, 5),
         wear = rn_noise_fractal (72, x / 60.0, y / 60.0, 4);
  RnColour wall = rn_mix (rn_rgb (0.72, 0.68, 0.56), rn_rgb (0.86, 0.83, 0.72), wear);

  if (y > 252)
    return rn_scale (rn_mix (rn_rgb (0.44, 0.43, 0.42), rn_rgb (0.66, 0.65, 0.62), t),
                     1.0 - (y - 252) / 260);
  if (y < 60)
    return rn_mix (rn_rgb (0.52, 0.70, 0.90), rn_rgb (0.93, 0.95, 0.97),
                   rn_noise_fractal (73, x / 90.0, y / 50.0, 5) * 1.6 - 0.4 + y / 200);
  /* Boards overlap: a dark line below each. */
  return rn_scale (wall, 0.80 + 0.20 * rn_smoothstep (0.0, 0.25, fmod (y, 13.0) / 13.0));
}

static void
draw_station (cairo_t *cr)
{
  rn_round_box (cr, -10, 50, 340, 18, 3);
  rn_fill_vertical (cr, 50, 68, rn_hex (0x2f7a5a), rn_hex (0x174a35));
  cairo_rectangle (cr, 0, 96, 74, 78);
  rn_set_colour (cr, rn_hex (0xf4f1e8));
  cairo_fill (cr);
  for (int i = 0; i < 4; i++)
    {
      int column = i % 2, row = i / 2;

      cairo_rectangle (cr, 4 + 34 * column, 101 + 36 * row, 30, 31);
      rn_fill_vertical (cr, 100, 172, rn_hex (0x8fb0c6), rn_hex (0x2c3c49));
    }
  cairo_rectangle (cr, 252, 100, 60, 154);
  rn_set_colour (cr, rn_hex (0xf4f1e8));
  cairo_fill (cr);
  cairo_rectangle (cr, 258, 106, 48, 148);
  rn_fill_vertical (cr, 106, 254, rn_hex (0x3c5a52), rn_hex (0x1d2c2a));
}

static void
draw_hose (cairo_t *cr)
{
  static const struct
  {
    double width;
    guint32 colour;
  } strokes[] = { { 7.5, 0x0c0c0d }, { 5.0, 0x242427 }, { 1.6, 0x5d5d63 } };

  for (guint i = 0; i < G_N_ELEMENTS (strokes); i++)
    {
      cairo_move_to (cr, 213, 216 - i);
      cairo_curve_to (cr, 268, 236 - i, 262, 300 - i, 240, 286 - i);
      cairo_curve_to (cr, 214, 266 - i, 232, 190 - i, 226, 142 - i);
      cairo_set_line_width (cr, strokes[i].width);
      rn_set_colour (cr, rn_hex (strokes[i].colour));
      cairo_stroke (cr);
    }
  /* The nozzle in its holder. */
  rn_round_box (cr, 212, 112, 12, 34, 3);
  rn_fill_across (cr, 212, 224, rn_hex (0x1b1b1e), rn_hex (0x55565c), rn_hex (0x101012));
  rn_round_box (cr, 218, 118, 14, 26, 4);
  rn_fill_across (cr, 218, 232, rn_hex (0x7b7e86), rn_hex (0xe6e8ec), rn_hex (0x4b4d54));
  rn_round_box (cr, 220, 104, 7, 18, 3);
  rn_fill_across (cr, 220, 227, rn_hex (0x6b6e76), rn_hex (0xf2f3f5), rn_hex (0x55575e));
}

/* A row of number wheels: noughts and sevens, as chance has it. */
static void
draw_counter (cairo_t *cr, guint32 seed, double x, double y, int n)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  rn_round_box (cr, x - 3, y - 3, n * 13 + 5, 23, 2);
  rn_set_colour (cr, rn_hex (0x9b9b98));
  cairo_fill (cr);
  for (int i = 0; i < n; i++)
    {
      cairo_rectangle (cr, x + 13 * i, y, 12, 17);
      rn_fill_vertical (cr, y, y + 17, rn_hex (0x3c3c3e), rn_hex (0x0a0a0b));
      cairo_set_line_width (cr, 2.0);
      rn_set_colour (cr, rn_hex (0xf6f6f0));
      if (g_rand_boolean (rand))
        cairo_arc (cr, x + 13 * i + 6, y + 8.5, 3.6, 0, 2 * G_PI);
      else
        {
          cairo_move_to (cr, x + 13 * i + 3, y + 4);
          cairo_line_to (cr, x + 13 * i + 9, y + 4);
          cairo_line_to (cr, x + 13 * i + 5, y + 14);
        }
      cairo_stroke (cr);
    }
}

static void
draw_face (cairo_t *cr)
{
  rn_round_box (cr, 112, 84, 92, 82, 5);
  rn_fill_vertical (cr, 84, 166, rn_hex (0xd7d9dc), rn_hex (0x73767c));
  rn_round_box (cr, 116, 88, 84, 74, 4);
  rn_fill_vertical (cr, 88, 162, rn_hex (0xfbfaf4), rn_hex (0xd9d7cc));
  draw_counter (cr, 74, 134, 98, 4);
  draw_counter (cr, 75, 134, 130, 4);
  cairo_set_line_width (cr, 1.2);
  for (int i = 0; i < 5; i++)
    {
      cairo_move_to (cr, 122, 96 + 4 * i);
      cairo_line_to (cr, 129, 96 + 4 * i);
      cairo_move_to (cr, 122, 129 + 4 * i);
      cairo_line_to (cr, 129, 129 + 4 * i);
    }
  rn_set_colour (cr, rn_hex (0x55555a));
  cairo_stroke (cr);
}

static void
draw_globe (cairo_t *cr)
{
  cairo_pattern_t *p = cairo_pattern_create_radial (148, 26, 4, 158, 36, 36);

  rn_round_box (cr, 142, 58, 32, 14, 3);
  rn_fill_across (cr, 142, 174, rn_hex (0x8b8e94), rn_hex (0xf4f5f7), rn_hex (0x63666d));
  cairo_arc (cr, 158, 36, 28, 0, 2 * G_PI);
  cairo_pattern_add_color_stop_rgb (p, 0, 1, 1, 1);
  cairo_pattern_add_color_stop_rgb (p, 0.7, 0.95, 0.93, 0.88);
  cairo_pattern_add_color_stop_rgb (p, 1, 0.66, 0.63, 0.58);
  cairo_set_source (cr, p);
  cairo_fill (cr);
  cairo_pattern_destroy (p);
  cairo_arc (cr, 158, 36, 20, 0, 2 * G_PI);
  cairo_set_line_width (cr, 4);
  rn_set_colour (cr, rn_hex (0xc3271f));
  cairo_stroke (cr);
  cairo_move_to (cr, 158, 22);
  cairo_curve_to (cr, 150, 36, 148, 40, 151, 45);
  cairo_curve_to (cr, 154, 50, 162, 50, 165, 45);
  cairo_curve_to (cr, 168, 40, 166, 36, 158, 22);
  rn_set_colour (cr, rn_hex (0x1d4f9c));
  cairo_fill (cr);
}

static void
draw_body (cairo_t *cr)
{
  const RnColour red = rn_hex (0xc8281e);

  rn_round_box (cr, 92, 286, 132, 16, 3);
  rn_fill_vertical (cr, 286, 302, rn_hex (0x8d8c88), rn_hex (0x4e4d4a));
  rn_round_box (cr, 100, 68, 116, 222, 16);
  rn_fill_across (cr, 100, 216, rn_scale (red, 0.72), rn_mix (red, rn_rgb (1, 0.8, 0.7), 0.18),
                  rn_scale (red, 0.5));
  rn_round_box (cr, 110, 178, 96, 98, 5);
  rn_fill_vertical (cr, 178, 276, rn_scale (red, 1.12), rn_scale (red, 0.7));
  rn_round_box (cr, 110, 178, 96, 98, 5);
  cairo_set_line_width (cr, 1.5);
  rn_set_colour (cr, rn_scale (red, 0.4));
  cairo_stroke (cr);
  rn_round_box (cr, 104, 168, 108, 5, 2);
  rn_fill_vertical (cr, 168, 173, rn_hex (0xfafafa), rn_hex (0x7f8288));
  /* A badge, and a glint along the left edge. */
  rn_round_box (cr, 124, 192, 68, 26, 13);
  rn_set_colour (cr, rn_hex (0xf5efe0));
  cairo_fill (cr);
  rn_round_box (cr, 132, 200, 52, 10, 5);
  rn_set_colour (cr, rn_hex (0x1d4f9c));
  cairo_fill (cr);
  for (int i = 0; i < 5; i++)
    {
      cairo_rectangle (cr, 134, 240 + 6 * i, 48, 2.4);
      rn_set_colour (cr, rn_scale (red, 0.38));
      cairo_fill (cr);
    }
  rn_round_box (cr, 104, 84, 3, 180, 1.5);
  cairo_set_source_rgba (cr, 1, 1, 1, 0.45);
  cairo_fill (cr);
}

void
rn_draw_gas_pump (RnSketch *sketch)
{
  g_autoptr (RnSketch) shadow = rn_sketch_new ();
  g_autoptr (RnSketch) pump = rn_sketch_new ();
  cairo_t *cr = rn_sketch_get_cairo (shadow);

  rn_sketch_shade (sketch, shade_station, NULL);
  draw_station (rn_sketch_get_cairo (sketch));
  rn_sketch_blur (sketch, 1.6);
  rn_round_box (cr, 100, 290, 200, 16, 8);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.7);
  cairo_fill (cr);
  rn_sketch_blur (shadow, 6);
  rn_sketch_add (sketch, shadow, 1.0);
  cr = rn_sketch_get_cairo (pump);
  draw_globe (cr);
  draw_body (cr);
  draw_face (cr);
  draw_hose (cr);
  rn_sketch_blur (pump, 0.4);
  rn_sketch_add (sketch, pump, 1.0);
  rn_sketch_vignette (sketch, 0.25);
}
