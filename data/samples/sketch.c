#include "data/samples/sketch.h"

#include <math.h>

/* Surface pixels for one of the picture, each way. */
#define OVERSAMPLING 2
#define SURFACE_SIZE (RN_SKETCH_SIZE * OVERSAMPLING)

struct _RnSketch
{
  cairo_surface_t *surface; /* ARGB32, premultiplied */
  cairo_t *cr;
};

/* A new picture, transparent all over. */
RnSketch *
rn_sketch_new (void)
{
  RnSketch *self = g_new0 (RnSketch, 1);

  self->surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, SURFACE_SIZE, SURFACE_SIZE);
  self->cr = cairo_create (self->surface);
  cairo_scale (self->cr, OVERSAMPLING, OVERSAMPLING);
  cairo_set_line_cap (self->cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (self->cr, CAIRO_LINE_JOIN_ROUND);
  return self;
}

void
rn_sketch_free (RnSketch *self)
{
  cairo_destroy (self->cr);
  cairo_surface_destroy (self->surface);
  g_free (self);
}

/* Returns: (transfer none): the context that draws on it */
cairo_t *
rn_sketch_get_cairo (RnSketch *self)
{
  return self->cr;
}

static guint32 *
get_row (RnSketch *self, int y)
{
  guchar *data = cairo_image_surface_get_data (self->surface);
  return (guint32 *)(gpointer)(data + (gsize)y * cairo_image_surface_get_stride (self->surface));
}

static inline double
get_part (guint32 pixel, int shift)
{
  return (pixel >> shift & 255) / 255.0;
}

static inline guint32
quantise (double value)
{
  return (guint32)(CLAMP (value, 0.0, 1.0) * 255.0 + 0.5);
}

static inline guint32
pack (double a, double r, double g, double b)
{
  return quantise (a) << 24 | quantise (r) << 16 | quantise (g) << 8 | quantise (b);
}

/* Lays the shader's colours over the whole picture. */
void
rn_sketch_shade (RnSketch *self, RnShader shader, gconstpointer data)
{
  cairo_surface_flush (self->surface);
  for (int y = 0; y < SURFACE_SIZE; y++)
    {
      guint32 *row = get_row (self, y);

      for (int x = 0; x < SURFACE_SIZE; x++)
        {
          RnColour c = shader ((x + 0.5) / OVERSAMPLING, (y + 0.5) / OVERSAMPLING, data);
          double a = CLAMP (c.a, 0.0, 1.0), keep = 1.0 - a;

          if (a == 0.0)
            continue;
          row[x] = pack (a + keep * get_part (row[x], 24),
                         a * CLAMP (c.r, 0.0, 1.0) + keep * get_part (row[x], 16),
                         a * CLAMP (c.g, 0.0, 1.0) + keep * get_part (row[x], 8),
                         a * CLAMP (c.b, 0.0, 1.0) + keep * get_part (row[x], 0));
        }
    }
  cairo_surface_mark_dirty (self->surface);
}

/* Replaces n pixels, `step` apart, by their running means over 2 r + 1; edges are repeated. */
static void
blur_line (guint32 *line, gsize step, int n, int r, guint32 *scratch)
{
  guint sum[4] = { 0 };
  guint width = 2 * (guint)r + 1;

  for (int i = 0; i < n; i++)
    scratch[i] = line[i * step];
  for (int i = -r; i <= r; i++)
    for (int c = 0; c < 4; c++)
      sum[c] += scratch[CLAMP (i, 0, n - 1)] >> 8 * c & 255;
  for (int i = 0; i < n; i++)
    {
      guint32 pixel = 0, out = scratch[MAX (i - r, 0)], in = scratch[MIN (i + r + 1, n - 1)];

      for (int c = 0; c < 4; c++)
        {
          pixel |= (sum[c] + width / 2) / width << 8 * c;
          sum[c] += (in >> 8 * c & 255) - (out >> 8 * c & 255);
        }
      line[i * step] = pixel;
    }
}

/* Blurs by about a Gaussian of standard deviation `radius`: three box blurs, one after another. */
void
rn_sketch_blur (RnSketch *self, double radius)
{
  g_autofree guint32 *scratch = g_new (guint32, SURFACE_SIZE);
  gsize stride = cairo_image_surface_get_stride (self->surface) / sizeof (guint32);
  /* The variance of a box of width w is (w^2 - 1) / 12; three of them add up. */
  double sigma = radius * OVERSAMPLING;
  int r = (int)floor ((sqrt (4.0 * sigma * sigma + 1.0) - 1.0) / 2.0 + 0.5);

  cairo_surface_flush (self->surface);
  for (int pass = 0; pass < 3 && r > 0; pass++)
    for (int i = 0; i < SURFACE_SIZE; i++)
      {
        blur_line (get_row (self, i), 1, SURFACE_SIZE, r, scratch);
        blur_line (get_row (self, 0) + i, stride, SURFACE_SIZE, r, scratch);
      }
  cairo_surface_mark_dirty (self->surface);
}

static void
add (RnSketch *self, RnSketch *layer, cairo_operator_t operator, double opacity)
{
  cairo_save (self->cr);
  cairo_identity_matrix (self->cr);
  cairo_set_operator (self->cr, operator);
  cairo_set_source_surface (self->cr, layer->surface, 0, 0);
  cairo_paint_with_alpha (self->cr, opacity);
  cairo_restore (self->cr);
}

/* Lays another picture over this one. */
void
rn_sketch_add (RnSketch *self, RnSketch *layer, double opacity)
{
  add (self, layer, CAIRO_OPERATOR_OVER, opacity);
}

/* The same, only where this one is opaque already: shadows and reflections on a thing. */
void
rn_sketch_add_inside (RnSketch *self, RnSketch *layer, double opacity)
{
  add (self, layer, CAIRO_OPERATOR_ATOP, opacity);
}

/* Lays the shadow that `thing` casts, (dx, dy) away and soft over about `radius`, over this
 * picture; the thing itself is to be added after it. */
void
rn_sketch_cast_shadow (
    RnSketch *self, RnSketch *thing, double dx, double dy, double radius, double opacity)
{
  g_autoptr (RnSketch) shadow = rn_sketch_new ();

  cairo_set_source_rgb (shadow->cr, 0, 0, 0);
  cairo_identity_matrix (shadow->cr);
  cairo_mask_surface (shadow->cr, thing->surface, dx * OVERSAMPLING, dy * OVERSAMPLING);
  rn_sketch_blur (shadow, radius);
  rn_sketch_add (self, shadow, opacity);
}

/* Darkens towards the corners, as lenses do, by `amount` there. */
void
rn_sketch_vignette (RnSketch *self, double amount)
{
  const double middle = RN_SKETCH_SIZE / 2.0;
  cairo_pattern_t *p =
      cairo_pattern_create_radial (middle, middle, middle * 0.6, middle, middle, middle * G_SQRT2);

  cairo_pattern_add_color_stop_rgba (p, 0.0, 0, 0, 0, 0);
  cairo_pattern_add_color_stop_rgba (p, 1.0, 0, 0, 0, amount);
  cairo_set_source (self->cr, p);
  cairo_paint (self->cr);
  cairo_pattern_destroy (p);
}

/* The picture at its final size, over white.
 *
 * Returns: (transfer full): an RGB24 image surface, RN_SKETCH_SIZE each way */
cairo_surface_t *
rn_sketch_finish (RnSketch *self)
{
  cairo_surface_t *result =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, RN_SKETCH_SIZE, RN_SKETCH_SIZE);
  guchar *data = cairo_image_surface_get_data (result);
  int stride = cairo_image_surface_get_stride (result);

  cairo_surface_flush (self->surface);
  for (int y = 0; y < RN_SKETCH_SIZE; y++)
    for (int x = 0; x < RN_SKETCH_SIZE; x++)
      {
        double sum[3] = { 0.0 };

        for (int i = 0; i < OVERSAMPLING * OVERSAMPLING; i++)
          {
            guint32 p = get_row (self, y * OVERSAMPLING +
                                           i / OVERSAMPLING)[x * OVERSAMPLING + i % OVERSAMPLING];
            for (int c = 0; c < 3; c++)
              sum[c] += get_part (p, 8 * c) + 1.0 - get_part (p, 24);
          }
        for (int c = 0; c < 3; c++)
          sum[c] /= OVERSAMPLING * OVERSAMPLING;
        ((guint32 *)(gpointer)(data + (gsize)y * stride))[x] = pack (1.0, sum[2], sum[1], sum[0]);
      }
  cairo_surface_mark_dirty (result);
  return result;
}
