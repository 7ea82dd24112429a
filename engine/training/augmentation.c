#include "engine/training/augmentation.h"

#include <math.h>
#include <string.h>

/* The pixel between four, or black beyond the border. */
static void
read_between (const guint8 *rgb, int height, int width, double y, double x, guint8 *output)
{
  int y0 = CLAMP ((int) floor (y), 0, height - 1), x0 = CLAMP ((int) floor (x), 0, width - 1);
  int y1 = MIN (y0 + 1, height - 1), x1 = MIN (x0 + 1, width - 1);
  double v = CLAMP (y - y0, 0, 1), u = CLAMP (x - x0, 0, 1);

  for (int c = 0; c < 3; c++)
    {
      double above = (1 - u) * rgb[(y0 * width + x0) * 3 + c] + u * rgb[(y0 * width + x1) * 3 + c];
      double below = (1 - u) * rgb[(y1 * width + x0) * 3 + c] + u * rgb[(y1 * width + x1) * 3 + c];

      output[c] = (guint8) lrint ((1 - v) * above + v * below);
    }
}

/* A part of the picture, of the same proportions, enlarged to the whole (bilinear). */
static void
crop (double share, RnRandom *random, const guint8 *rgb, int height, int width, guint8 *output)
{
  double scale = 1 - share * rn_random_uniform (random);
  double top = (1 - scale) * height * rn_random_uniform (random);
  double left = (1 - scale) * width * rn_random_uniform (random);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      read_between (rgb, height, width, top + (y + 0.5) * scale - 0.5,
                    left + (x + 0.5) * scale - 0.5, output + 3 * ((gint64) y * width + x));
}

static void
shift_and_flip (const guint8 *rgb, int height, int width, int down, int right, gboolean flip,
                guint8 *output)
{
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        int from_y = y - down, from_x = (flip ? width - 1 - x : x) - right;
        guint8 *pixel = output + 3 * ((gint64) y * width + x);

        if (from_y >= 0 && from_y < height && from_x >= 0 && from_x < width)
          memcpy (pixel, rgb + 3 * ((gint64) from_y * width + from_x), 3);
        else
          memset (pixel, 0, 3);
      }
}

/**
 * rn_augmentation_apply:
 * @random: what chooses; the same sequence gives the same view
 * @rgb: [height, width, 3]
 * @output: likewise, another one
 */
void
rn_augmentation_apply (const RnAugmentation *self,
                       RnRandom *random,
                       const guint8 *rgb,
                       int height,
                       int width,
                       guint8 *output)
{
  int down = (int) (rn_random_uniform (random) * (2 * self->shift + 1)) - self->shift;
  int right = (int) (rn_random_uniform (random) * (2 * self->shift + 1)) - self->shift;
  gboolean flip = rn_random_uniform (random) < 0.5 && self->flip;
  g_autofree guint8 *cropped = NULL;

  if (self->crop > 0)
    {
      cropped = g_malloc ((gsize) height * width * 3);
      crop (self->crop, random, rgb, height, width, cropped);
      rgb = cropped;
    }
  shift_and_flip (rgb, height, width, down, right, flip, output);
}
