/* A French horn on red velvet: round tubes of polished brass. */

#include <math.h>

#include "data/samples/brush.h"
#include "data/samples/noise.h"
#include "data/samples/scenes.h"

static RnColour
shade_cloth (double x, double y, gconstpointer data)
{
  double fold = rn_noise_fractal (91, x / 70.0 + y / 120.0, y / 140.0, 4);
  double spot = 1.0 - hypot (x - 130, y - 120) / 330.0;

  return rn_scale (rn_mix (rn_rgb (0.10, 0.02, 0.03), rn_rgb (0.42, 0.08, 0.10), fold * 1.5 - 0.3),
                   0.4 + spot);
}

/* Brass, from a round tube's dark edge to its glint, which lies to the upper left: how wide each
 * layer is, and how far towards the light, of the tube's width. */
static const struct
{
  double width, shift;
  guint32 colour;
} brass[] = {
  { 1.00, 0.00, 0x2a1603 }, { 0.90, 0.00, 0x6b410c }, { 0.74, 0.05, 0xa9731b },
  { 0.54, 0.09, 0xd8a437 }, { 0.34, 0.13, 0xf1cc66 }, { 0.16, 0.16, 0xfff3c4 },
};

/* Strokes the path as a tube. */
static void
stroke_tube (cairo_t *cr, double width)
{
  cairo_path_t *path = cairo_copy_path (cr);

  cairo_new_path (cr);
  for (guint i = 0; i < G_N_ELEMENTS (brass); i++)
    {
      cairo_save (cr);
      cairo_translate (cr, -brass[i].shift * width, -brass[i].shift * width);
      cairo_append_path (cr, path);
      cairo_restore (cr);
      cairo_set_line_width (cr, brass[i].width * width);
      rn_set_colour (cr, rn_hex (brass[i].colour));
      cairo_stroke (cr);
    }
  cairo_path_destroy (path);
}

/* The tube that widens along a turn about (x, y), from the left round below to the bell. */
static void
draw_throat (cairo_t *cr, double x, double y)
{
  const double from = 2.62, to = 0.92;

  for (guint i = 0; i < G_N_ELEMENTS (brass); i++)
    for (double t = 0.0; t <= 1.0; t += 1.0 / 256)
      {
        double angle = from + (to - from) * t, r = 97 + 6 * t, width = 13 + 50 * t * t;
        double shift = brass[i].shift * width;

        cairo_arc (cr, x + r * cos (angle) - shift, y + 0.96 * r * sin (angle) - shift,
                   brass[i].width * width / 2, 0, 2 * G_PI);
        rn_set_colour (cr, rn_hex (brass[i].colour));
        cairo_fill (cr);
      }
}

static void
ring (cairo_t *cr, double x, double y, double rx, double ry, double from, double to, double width)
{
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, rx, ry);
  cairo_new_sub_path (cr);
  cairo_arc (cr, 0, 0, 1, from, to);
  cairo_restore (cr);
  stroke_tube (cr, width);
}

typedef struct
{
  double x, y, radius;
} Bell;

/* The bell's inside: brass that mirrors the room in bands round its throat. */
static RnColour
shade_bell (double x, double y, gconstpointer data)
{
  const Bell *bell = data;
  double u = (x - bell->x) / bell->radius, v = (y - bell->y) / (bell->radius * 0.94),
         r = hypot (u, v);
  double turn = atan2 (v, u);
  double wave = sin (14 * sqrt (r) + turn + 1.5 * sin (3 * turn));
  double band = 0.5 + 0.28 * cos (2 * turn + 1.9) + 0.22 * cos (turn + 2.35) + 0.26 * wave;
  RnColour c = rn_mix (rn_hex (0x4a2a06), rn_hex (0xffe9a0), band);

  if (r >= 1.0)
    return (RnColour){ 0 };
  c = rn_mix (rn_hex (0x120802), c, rn_smoothstep (0.10, 0.55, r + 0.12 * v));
  if (r > 0.93)
    c = rn_mix (rn_hex (0xfff0bf), rn_hex (0x8a5a14), 0.5 + 0.5 * sin (turn + 0.8));
  c.a = 1.0 - rn_smoothstep (0.993, 1.0, r);
  return c;
}

static void
draw_coils (cairo_t *cr)
{
  ring (cr, 138, 132, 58, 55, 0, 2 * G_PI, 9);
  ring (cr, 138, 132, 77, 74, 0, 2 * G_PI, 11);
  ring (cr, 138, 132, 97, 93, 0, 2 * G_PI, 13);
  draw_throat (cr, 138, 132);
  /* The valves' slides: hairpins across the coil. */
  for (int i = 0; i < 3; i++)
    {
      double y = 92 + 24 * i;

      cairo_move_to (cr, 190, y);
      cairo_line_to (cr, 96, y);
      cairo_curve_to (cr, 82, y, 82, y + 12, 96, y + 12);
      cairo_line_to (cr, 190, y + 12);
      stroke_tube (cr, 7.5);
    }
  /* The lead pipe, to the mouthpiece. */
  cairo_move_to (cr, 66, 186);
  cairo_curve_to (cr, 30, 160, 16, 120, 26, 52);
  stroke_tube (cr, 8);
  cairo_move_to (cr, 26, 52);
  cairo_line_to (cr, 28, 32);
  stroke_tube (cr, 11);
}

static void
draw_valves (cairo_t *cr)
{
  for (int i = 0; i < 3; i++)
    {
      double x = 194, y = 92 + 24 * i;

      cairo_arc (cr, x, y + 6, 13, 0, 2 * G_PI);
      rn_fill_vertical (cr, y - 7, y + 19, rn_hex (0xfbe6a8), rn_hex (0x704509));
      cairo_arc (cr, x - 1, y + 5, 8.5, 0, 2 * G_PI);
      rn_fill_vertical (cr, y - 3, y + 14, rn_hex (0xb27b1e), rn_hex (0xf5d27a));
      cairo_arc (cr, x - 1, y + 5, 2.5, 0, 2 * G_PI);
      rn_set_colour (cr, rn_hex (0x3b2204));
      cairo_fill (cr);
    }
}

void
rn_draw_french_horn (RnSketch *sketch)
{
  const Bell bell = { 214, 216, 78 };
  g_autoptr (RnSketch) horn = rn_sketch_new ();
  g_autoptr (RnSketch) shadow = rn_sketch_new ();
  cairo_t *cr = rn_sketch_get_cairo (horn);

  rn_sketch_shade (sketch, shade_cloth, NULL);
  draw_coils (cr);
  draw_valves (cr);
  cairo_t *dark = rn_sketch_get_cairo (shadow);
  cairo_arc (dark, bell.x - 2, bell.y - 2, bell.radius + 5, 0, 2 * G_PI);
  cairo_set_source_rgba (dark, 0, 0, 0, 0.75);
  cairo_fill (dark);
  rn_sketch_blur (shadow, 6);
  rn_sketch_add_inside (horn, shadow, 1.0);
  rn_sketch_shade (horn, shade_bell, &bell);
  rn_sketch_blur (horn, 0.4);
  rn_sketch_add (sketch, horn, 1.0);
  rn_sketch_vignette (sketch, 0.4);
}
