#include "data/samples/brush.h"

#include <math.h>

void
rn_set_colour (cairo_t *cr, RnColour c)
{
  cairo_set_source_rgba (cr, c.r, c.g, c.b, c.a);
}

static void
add_stop (cairo_pattern_t *p, double at, RnColour c)
{
  cairo_pattern_add_color_stop_rgba (p, at, c.r, c.g, c.b, c.a);
}

/* Fills the path with a gradient down from y = `top` to y = `bottom`. */
void
rn_fill_vertical (cairo_t *cr, double top, double bottom, RnColour from, RnColour to)
{
  cairo_pattern_t *p = cairo_pattern_create_linear (0, top, 0, bottom);

  add_stop (p, 0.0, from);
  add_stop (p, 1.0, to);
  cairo_set_source (cr, p);
  cairo_fill (cr);
  cairo_pattern_destroy (p);
}

/* Fills the path with a gradient to the right, as light falls on an upright cylinder. */
void
rn_fill_across (cairo_t *cr, double left, double right, RnColour from, RnColour middle, RnColour to)
{
  cairo_pattern_t *p = cairo_pattern_create_linear (left, 0, right, 0);

  add_stop (p, 0.0, from);
  add_stop (p, 0.35, middle);
  add_stop (p, 1.0, to);
  cairo_set_source (cr, p);
  cairo_fill (cr);
  cairo_pattern_destroy (p);
}

/* A box with round corners, as a path. */
void
rn_round_box (cairo_t *cr, double x, double y, double width, double height, double radius)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

/* Blades that stand between y = `top` and y = `bottom`, far ones first and smaller; the tallest
 * are `height` long. */
void
rn_draw_grass (cairo_t *cr,
               guint32 seed,
               double top,
               double bottom,
               double height,
               int n,
               RnColour dark,
               RnColour light)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  for (int i = 0; i < n; i++)
    {
      double near = (i + 1.0) / n, y = top + (bottom - top) * near;
      double x = g_rand_double_range (rand, -10, RN_SKETCH_SIZE + 10);
      double h = height * (0.35 + 0.65 * near) * g_rand_double_range (rand, 0.5, 1.0);
      double lean = g_rand_double_range (rand, -0.6, 0.6) * h;
      double w = 0.12 * height * (0.4 + 0.6 * near) * g_rand_double_range (rand, 0.6, 1.2);

      cairo_move_to (cr, x - w, y);
      cairo_curve_to (cr, x - w, y - h * 0.5, x + lean * 0.4, y - h * 0.8, x + lean, y - h);
      cairo_curve_to (cr, x + lean * 0.5 + w, y - h * 0.7, x + w, y - h * 0.4, x + w, y);
      cairo_close_path (cr);
      rn_set_colour (cr, rn_mix (dark, light, g_rand_double (rand)));
      cairo_fill (cr);
    }
}

/* A bush or the crown of a tree: dabs within an ellipse, lighter towards its upper left. */
void
rn_draw_foliage (cairo_t *cr,
                 guint32 seed,
                 double x,
                 double y,
                 double rx,
                 double ry,
                 int n,
                 RnColour dark,
                 RnColour light)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  for (int i = 0; i < n; i++)
    {
      double turn = g_rand_double_range (rand, 0, 2 * G_PI), r = sqrt (g_rand_double (rand));
      double u = r * cos (turn), v = r * sin (turn);
      double lit = 0.45 - 0.3 * u - 0.45 * v + g_rand_double_range (rand, -0.35, 0.35);
      double lean = g_rand_double_range (rand, 0, G_PI);
      /* One after another: C leaves open which argument of a call is worked out first. */
      double breadth = g_rand_double_range (rand, 0.8, 2.0);
      double length = g_rand_double_range (rand, 1.2, 3.2);

      cairo_save (cr);
      cairo_translate (cr, x + u * rx, y + v * ry);
      cairo_rotate (cr, lean);
      cairo_scale (cr, length, breadth);
      cairo_arc (cr, 0, 0, 1, 0, 2 * G_PI);
      cairo_restore (cr);
      rn_set_colour (cr, rn_mix (dark, light, lit));
      cairo_fill (cr);
    }
}
