/* A portable stereo with two loudspeakers and a cassette in its deck. */

#include <math.h>

#include "data/samples/brush.h"
#include "data/samples/noise.h"
#include "data/samples/scenes.h"

static RnColour
shade_room (double x, double y, gconstpointer data)
{
  double t = rn_noise_fractal (121, x / 120.0, y / 100.0, 3),
         grain = rn_noise_fractal (122, x / 70.0, y / 3.0, 5);

  if (y > 246)
    return rn_scale (rn_mix (rn_rgb (0.36, 0.22, 0.12), rn_rgb (0.60, 0.41, 0.25), grain),
                     1.1 - (y - 246) / 260);
  return rn_scale (rn_mix (rn_rgb (0.70, 0.66, 0.60), rn_rgb (0.84, 0.81, 0.76), t),
                   1.0 - 0.25 * hypot (x - 120, y - 80) / 260);
}

static void
draw_speaker (cairo_t *cr, double x, double y, double r)
{
  cairo_pattern_t *p = cairo_pattern_create_radial (x - r * 0.2, y - r * 0.2, r * 0.1, x, y, r);

  cairo_arc (cr, x, y, r + 4, 0, 2 * G_PI);
  rn_fill_vertical (cr, y - r, y + r, rn_hex (0xe7e8ea), rn_hex (0x4d4f54));
  cairo_arc (cr, x, y, r, 0, 2 * G_PI);
  cairo_pattern_add_color_stop_rgb (p, 0, 0.26, 0.26, 0.28);
  cairo_pattern_add_color_stop_rgb (p, 0.4, 0.10, 0.10, 0.11);
  cairo_pattern_add_color_stop_rgb (p, 0.85, 0.20, 0.20, 0.22);
  cairo_pattern_add_color_stop_rgb (p, 1, 0.05, 0.05, 0.06);
  cairo_set_source (cr, p);
  cairo_fill (cr);
  cairo_pattern_destroy (p);
  cairo_arc (cr, x, y, r * 0.3, 0, 2 * G_PI);
  rn_fill_vertical (cr, y - r * 0.3, y + r * 0.3, rn_hex (0x77797f), rn_hex (0x1a1b1d));
  /* The grille: dots on rings. */
  cairo_set_source_rgba (cr, 0.5, 0.5, 0.52, 0.55);
  for (int ring = 1; ring <= 9; ring++)
    for (int i = 0; i < ring * 6; i++)
      {
        double a = 2 * G_PI * i / (ring * 6), d = r * ring / 9.6;

        cairo_arc (cr, x + d * cos (a), y + d * sin (a), 0.8, 0, 2 * G_PI);
        cairo_fill (cr);
      }
}

static void
draw_reel (cairo_t *cr, double x, double y)
{
  cairo_arc (cr, x, y, 6.5, 0, 2 * G_PI);
  rn_set_colour (cr, rn_hex (0xf2f0ea));
  cairo_fill (cr);
  cairo_set_line_width (cr, 1.8);
  for (int i = 0; i < 6; i++)
    {
      cairo_move_to (cr, x + 6 * cos (i * G_PI / 3), y + 6 * sin (i * G_PI / 3));
      cairo_line_to (cr, x + 3 * cos (i * G_PI / 3), y + 3 * sin (i * G_PI / 3));
    }
  rn_set_colour (cr, rn_hex (0x2b2b2e));
  cairo_stroke (cr);
}

static void
draw_deck (cairo_t *cr)
{
  rn_round_box (cr, 118, 160, 84, 60, 4);
  rn_fill_vertical (cr, 160, 220, rn_hex (0x2c2d31), rn_hex (0x101113));
  rn_round_box (cr, 125, 167, 70, 44, 3);
  rn_fill_vertical (cr, 167, 211, rn_hex (0x55504a), rn_hex (0x37322e));
  rn_round_box (cr, 130, 171, 60, 27, 2);
  rn_fill_vertical (cr, 171, 198, rn_hex (0xe9dfc4), rn_hex (0xcdbf9c));
  cairo_rectangle (cr, 130, 175, 60, 3.5);
  rn_set_colour (cr, rn_hex (0xc5482c));
  cairo_fill (cr);
  rn_round_box (cr, 137, 182, 46, 14, 7);
  rn_set_colour (cr, rn_hex (0x1d1916));
  cairo_fill (cr);
  draw_reel (cr, 146, 189);
  draw_reel (cr, 174, 189);
  /* Light on the window. */
  cairo_move_to (cr, 122, 164);
  cairo_line_to (cr, 160, 164);
  cairo_line_to (cr, 134, 216);
  cairo_line_to (cr, 122, 216);
  cairo_close_path (cr);
  cairo_set_source_rgba (cr, 1, 1, 1, 0.13);
  cairo_fill (cr);
}

static void
draw_controls (cairo_t *cr)
{
  /* The tuner's scale. */
  rn_round_box (cr, 114, 112, 92, 30, 3);
  rn_fill_vertical (cr, 112, 142, rn_hex (0x0e1712), rn_hex (0x22332a));
  cairo_set_line_width (cr, 1.0);
  for (int row = 0; row < 2; row++)
    for (int i = 0; i < 17; i++)
      {
        cairo_move_to (cr, 120 + 5 * i, 120 + 11 * row);
        cairo_line_to (cr, 120 + 5 * i, (i % 4 == 0 ? 127 : 124) + 11 * row);
      }
  rn_set_colour (cr, rn_hex (0xb5e0b9));
  cairo_stroke (cr);
  cairo_rectangle (cr, 168, 114, 1.8, 26);
  rn_set_colour (cr, rn_hex (0xf04a2c));
  cairo_fill (cr);
  for (int i = 0; i < 6; i++)
    {
      rn_round_box (cr, 116 + 15 * i, 146, 13, 9, 1.5);
      rn_fill_vertical (cr, 146, 155, i == 5 ? rn_hex (0xe0553a) : rn_hex (0xf2f3f4),
                        i == 5 ? rn_hex (0x8f2413) : rn_hex (0x7d8087));
    }
  for (int i = 0; i < 5; i++)
    {
      rn_round_box (cr, 46 + 12 * i, 112, 5, 24, 2);
      rn_set_colour (cr, rn_hex (0x18191b));
      cairo_fill (cr);
      rn_round_box (cr, 44 + 12 * i, 116 + (i * 7) % 13, 9, 5, 1.5);
      rn_fill_vertical (cr, 116, 134, rn_hex (0xffffff), rn_hex (0x8b8e94));
    }
  for (int i = 0; i < 2; i++)
    {
      cairo_arc (cr, 232 + 30 * i, 124, 12, 0, 2 * G_PI);
      rn_fill_vertical (cr, 112, 136, rn_hex (0xfbfbfc), rn_hex (0x6c6f76));
      cairo_arc (cr, 232 + 30 * i, 124, 8.5, 0, 2 * G_PI);
      rn_fill_vertical (cr, 114, 134, rn_hex (0x8d9097), rn_hex (0xdfe1e4));
      cairo_set_line_width (cr, 1.6);
      cairo_move_to (cr, 232 + 30 * i, 124);
      cairo_line_to (cr, 238 + 30 * i, 118);
      rn_set_colour (cr, rn_hex (0x2a2b2e));
      cairo_stroke (cr);
    }
}

static void
draw_case (cairo_t *cr)
{
  /* The handle and the aerial stand behind the case. */
  cairo_set_line_width (cr, 9);
  cairo_move_to (cr, 60, 104);
  cairo_curve_to (cr, 60, 66, 66, 62, 90, 62);
  cairo_line_to (cr, 230, 62);
  cairo_curve_to (cr, 254, 62, 260, 66, 260, 104);
  rn_set_colour (cr, rn_hex (0x26272b));
  cairo_stroke (cr);
  cairo_set_line_width (cr, 2);
  cairo_move_to (cr, 276, 104);
  cairo_line_to (cr, 304, 12);
  rn_set_colour (cr, rn_hex (0xd6d8db));
  cairo_stroke (cr);
  rn_round_box (cr, 20, 100, 280, 150, 9);
  rn_fill_vertical (cr, 100, 250, rn_hex (0xc9cbce), rn_hex (0x75787e));
  rn_round_box (cr, 24, 104, 272, 142, 7);
  rn_fill_vertical (cr, 104, 246, rn_hex (0x96999f), rn_hex (0x63666c));
  rn_round_box (cr, 28, 142, 78, 100, 5);
  rn_round_box (cr, 214, 142, 78, 100, 5);
  rn_fill_vertical (cr, 142, 242, rn_hex (0x37383c), rn_hex (0x1a1b1d));
}

void
rn_draw_cassette_player (RnSketch *sketch)
{
  g_autoptr (RnSketch) player = rn_sketch_new ();
  g_autoptr (RnSketch) shadow = rn_sketch_new ();
  cairo_t *cr = rn_sketch_get_cairo (player);
  cairo_t *dark = rn_sketch_get_cairo (shadow);

  rn_sketch_shade (sketch, shade_room, NULL);
  rn_sketch_blur (sketch, 0.6);
  rn_round_box (dark, 18, 244, 290, 14, 6);
  cairo_set_source_rgba (dark, 0, 0, 0, 0.85);
  cairo_fill (dark);
  rn_sketch_blur (shadow, 4);
  rn_sketch_add (sketch, shadow, 1.0);
  draw_case (cr);
  draw_speaker (cr, 67, 192, 32);
  draw_speaker (cr, 253, 192, 32);
  draw_controls (cr);
  draw_deck (cr);
  rn_sketch_blur (player, 0.35);
  rn_sketch_add (sketch, player, 1.0);
  rn_sketch_vignette (sketch, 0.25);
}
