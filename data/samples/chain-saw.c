/* An orange chain saw on white, as a catalogue shows it. */

#include <math.h>

#include "data/samples/brush.h"
#include "data/samples/noise.h"
#include "data/samples/scenes.h"

/* White paper, lit from the upper left, as for a catalogue. */
static RnColour
shade_paper (double x, double y, gconstpointer data)
{
  double light =
      1.0 - 0.13 * hypot (x - 120, y - 90) / 220 - 0.02 * rn_noise_fractal (111, x / 90, y / 90, 3);

  return rn_rgb (light, light, light * 0.995);
}

/* The guide bar along the x axis from 0 to `length`, round at its nose, with its chain. */
static void
draw_bar (cairo_t *cr, double length, double half)
{
  cairo_move_to (cr, -10, -half);
  cairo_line_to (cr, length - half, -half);
  cairo_arc (cr, length - half, 0, half, -G_PI_2, G_PI_2);
  cairo_line_to (cr, -10, half);
  cairo_close_path (cr);
  rn_fill_vertical (cr, -half, half, rn_hex (0xf3f5f7), rn_hex (0x8b9098));
  cairo_set_line_width (cr, 1.6);
  cairo_move_to (cr, 18, -2);
  cairo_line_to (cr, length - 46, -2);
  rn_set_colour (cr, rn_hex (0x9fa4ab));
  cairo_stroke (cr);
  rn_round_box (cr, 56, -5, 66, 9, 2);
  rn_set_colour (cr, rn_hex (0x2b2d31));
  cairo_fill (cr);

  const double pitch = 5.2;
  double straight = length - half, around = G_PI * half, all = 2 * straight + around;
  for (int i = 0; i * pitch < all; i++)
    {
      gboolean cutter = i % 3 == 0;
      double s = i * pitch, x, y, angle;

      if (s < straight)
        x = s, y = -half, angle = 0;
      else if (s < straight + around)
        {
          angle = (s - straight) / half;
          x = straight + half * sin (angle);
          y = -half * cos (angle);
        }
      else
        x = straight - (s - straight - around), y = half, angle = G_PI;
      cairo_save (cr);
      cairo_translate (cr, x, y);
      cairo_rotate (cr, angle);
      cairo_rectangle (cr, -2.9, -2.2, 5.4, 4.4);
      rn_set_colour (cr, rn_hex (0x34363b));
      cairo_fill (cr);
      if (cutter)
        {
          cairo_move_to (cr, -3, -2);
          cairo_line_to (cr, 3.4, -6.2);
          cairo_line_to (cr, 3.4, -2);
          cairo_close_path (cr);
          rn_set_colour (cr, rn_hex (0x74777d));
          cairo_fill (cr);
        }
      cairo_restore (cr);
    }
}

static void
draw_handles (cairo_t *cr)
{
  static const struct
  {
    double width;
    guint32 colour;
  } strokes[] = { { 13, 0x0d0d0f }, { 10, 0x2a2b2f }, { 3, 0x6a6c72 } };

  for (guint i = 0; i < G_N_ELEMENTS (strokes); i++)
    {
      cairo_set_line_width (cr, strokes[i].width);
      rn_set_colour (cr, rn_hex (strokes[i].colour));
      /* The front handle, over the motor. */
      cairo_move_to (cr, 88, 222);
      cairo_curve_to (cr, 66, 150, 76, 118, 112, 112 - i);
      cairo_curve_to (cr, 134, 110 - i, 146, 124, 148, 150);
      cairo_stroke (cr);
      /* The rear handle, a closed grip. */
      cairo_move_to (cr, 66, 166 - i);
      cairo_curve_to (cr, 30, 160 - i, 16, 182 - i, 20, 204 - i);
      cairo_curve_to (cr, 24, 224 - i, 46, 226 - i, 76, 222 - i);
      cairo_stroke (cr);
    }
  /* The hand guard. */
  cairo_move_to (cr, 146, 160);
  cairo_line_to (cr, 158, 104);
  cairo_line_to (cr, 170, 108);
  cairo_line_to (cr, 166, 160);
  cairo_close_path (cr);
  rn_fill_across (cr, 146, 170, rn_hex (0x18191b), rn_hex (0x4b4d52), rn_hex (0x101113));
}

static void
draw_motor (cairo_t *cr)
{
  const RnColour orange = rn_hex (0xf06010);

  cairo_move_to (cr, 60, 168);
  cairo_curve_to (cr, 62, 148, 78, 140, 100, 140);
  cairo_line_to (cr, 160, 142);
  cairo_curve_to (cr, 176, 146, 180, 160, 180, 176);
  cairo_line_to (cr, 178, 222);
  cairo_curve_to (cr, 176, 232, 170, 234, 160, 234);
  cairo_line_to (cr, 76, 234);
  cairo_curve_to (cr, 62, 232, 58, 200, 60, 168);
  cairo_close_path (cr);
  rn_fill_vertical (cr, 138, 236, rn_mix (orange, rn_rgb (1, 0.95, 0.8), 0.35),
                    rn_scale (orange, 0.62));
  /* The light cover over the clutch. */
  rn_round_box (cr, 116, 176, 72, 46, 14);
  rn_fill_vertical (cr, 176, 222, rn_hex (0xf5f4f1), rn_hex (0xa6a49f));
  rn_round_box (cr, 124, 182, 40, 7, 3);
  rn_set_colour (cr, rn_scale (orange, 0.9));
  cairo_fill (cr);
  for (int i = 0; i < 2; i++)
    {
      cairo_arc (cr, 140 + 26 * i, 204, 5.5, 0, 2 * G_PI);
      rn_fill_vertical (cr, 198, 210, rn_hex (0xdfe1e5), rn_hex (0x4c4f55));
    }
  /* Cooling slots and the starter's cap. */
  for (int i = 0; i < 6; i++)
    {
      rn_round_box (cr, 72 + 7 * i, 150, 3.6, 24, 1.8);
      rn_set_colour (cr, rn_hex (0x2a1408));
      cairo_fill (cr);
    }
  cairo_arc (cr, 90, 206, 14, 0, 2 * G_PI);
  rn_fill_vertical (cr, 192, 220, rn_hex (0x4a4c51), rn_hex (0x131416));
  rn_round_box (cr, 122, 146, 46, 9, 4);
  rn_set_colour (cr, rn_fade (rn_rgb (1, 1, 1), 0.45));
  cairo_fill (cr);
}

void
rn_draw_chain_saw (RnSketch *sketch)
{
  g_autoptr (RnSketch) saw = rn_sketch_new ();
  cairo_t *cr = rn_sketch_get_cairo (saw);

  rn_sketch_shade (sketch, shade_paper, NULL);
  cairo_translate (cr, 158, 168);
  cairo_rotate (cr, -0.38);
  cairo_translate (cr, -163, -178);
  cairo_save (cr);
  cairo_translate (cr, 176, 204);
  cairo_rotate (cr, -0.04);
  draw_bar (cr, 134, 14);
  cairo_restore (cr);
  draw_handles (cr);
  draw_motor (cr);
  rn_sketch_blur (saw, 0.35);
  rn_sketch_cast_shadow (sketch, saw, 5, 12, 6, 0.4);
  rn_sketch_add (sketch, saw, 1.0);
}
