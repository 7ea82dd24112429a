/* Kernels and features, drawn. */
#include <glib/gi18n.h>
#include <math.h>

#include "ui/draw/color-map.h"
#include "ui/draw/feature-map.h"
#include "ui/draw/surface-file.h"
#include "ui/learn/learn-figures.h"

/* In units of the font's size. */
#define LABEL 6.2
#define HEADER 1.9
#define GAP 0.25
#define MAX_TILE 4.2

/* Of a picture in a file, in pixels: both networks side by side. */
#define FILE_SIDE 560
#define FILE_GAP 28
#define FILE_FONT 15

#define PICTURE_SIZE 32

typedef struct
{
  cairo_t *cr;
  PangoLayout *text;
  const RnChartStyle *style;
  double width, y;
} Pen;

/* Between two kernels, which are made of squares themselves. */
#define KERNEL_GAP 0.5

/* How large a tile is where @n stand side by side. */
static double
get_tile (double width, double font, int n, double gap)
{
  double room = width - LABEL * font;

  return floor (CLAMP (room / n - gap * font, 1, MAX_TILE * font));
}

static double
get_kernel (double width, double font)
{
  return MIN (get_tile (width, font, RN_LEARN_MAX_KERNELS, KERNEL_GAP), 2 * font);
}

/* In pixels: a heading, the kernels, and a row for each place. */
double
rn_learn_maps_get_height (double width, double font)
{
  return HEADER * font + get_kernel (width, font) + GAP * font +
         RN_LEARN_N_PLACES * (get_tile (width, font, RN_LEARN_MAX_MAPS, GAP) + GAP * font);
}

static void
set_color (const Pen *pen, RnColor color)
{
  cairo_set_source_rgba (pen->cr, color.red, color.green, color.blue, color.alpha);
}

static void
draw_text (const Pen *pen, const char *text, double x, double y, double width, gboolean bold)
{
  PangoFontDescription *font = pango_font_description_from_string (bold ? "Sans Bold" : "Sans");
  int height;

  pango_font_description_set_absolute_size (font, 0.9 * pen->style->font_size * PANGO_SCALE);
  pango_layout_set_font_description (pen->text, font);
  pango_font_description_free (font);
  pango_layout_set_width (pen->text, (int)(width * PANGO_SCALE));
  pango_layout_set_ellipsize (pen->text, PANGO_ELLIPSIZE_END);
  pango_layout_set_text (pen->text, text, -1);
  pango_layout_get_pixel_size (pen->text, NULL, &height);
  cairo_move_to (pen->cr, round (x), round (y - height / 2.0));
  pango_cairo_show_layout (pen->cr, pen->text);
}

/* Pixels as squares. */
static void
draw_surface (const Pen *pen, cairo_surface_t *surface, double x, double y, double zoom)
{
  cairo_surface_mark_dirty (surface);
  cairo_save (pen->cr);
  cairo_translate (pen->cr, round (x), round (y));
  cairo_scale (pen->cr, zoom, zoom);
  cairo_set_source_surface (pen->cr, surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (pen->cr), CAIRO_FILTER_NEAREST);
  cairo_paint (pen->cr);
  cairo_restore (pen->cr);
}

static cairo_surface_t *
new_surface (int size, guint32 **pixels, int *stride)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, size, size);

  *pixels = (guint32 *)(void *)cairo_image_surface_get_data (surface);
  *stride = cairo_image_surface_get_stride (surface) / (int)sizeof **pixels;

  return surface;
}

static void
draw_map (const Pen *pen, const RnLearnMaps *maps, int channel, double x, double tile)
{
  const guint32 *table = rn_color_map_get_table (RN_COLOR_MAP_VIRIDIS);
  const guint8 *values = maps->values + (gsize)channel * maps->size * maps->size;
  guint32 *pixels;
  int stride;
  cairo_surface_t *surface = new_surface (maps->size, &pixels, &stride);

  for (int i = 0; i < maps->size * maps->size; i++)
    pixels[i / maps->size * stride + i % maps->size] =
        isnan (maps->low) ? RN_COLOR_NOT_FINITE : table[values[i]];
  draw_surface (pen, surface, x, pen->y, tile / maps->size);
  cairo_surface_destroy (surface);
}

static guint32
to_pixel (const float rgb[3], float largest)
{
  guint32 pixel = 0;

  for (int c = 0; c < 3; c++)
    {
      float share = largest > 0 ? 0.5f + 0.5f * rgb[c] / largest : 0.5f;

      pixel = pixel << 8 | (guint32)(CLAMP (share, 0, 1) * 255 + 0.5f);
    }

  return pixel;
}

/* Grey is nothing; a colour is what the kernel looks for. */
static void
draw_kernel (const Pen *pen, const float *kernel, double x, double tile)
{
  float largest = 0;
  guint32 *pixels;
  int stride;
  cairo_surface_t *surface = new_surface (3, &pixels, &stride);

  for (int i = 0; i < 27; i++)
    largest = MAX (largest, fabsf (kernel[i]));
  for (int i = 0; i < 9; i++, kernel += 3)
    pixels[i / 3 * stride + i % 3] = to_pixel (kernel, largest);
  draw_surface (pen, surface, x, pen->y, tile / 3);
  cairo_surface_destroy (surface);
}

static void
draw_picture (const Pen *pen, const guint8 *rgb, double x, double y, double size)
{
  guint32 *pixels;
  int stride;
  cairo_surface_t *surface = new_surface (PICTURE_SIZE, &pixels, &stride);

  for (int i = 0; i < PICTURE_SIZE * PICTURE_SIZE; i++, rgb += 3)
    pixels[i / PICTURE_SIZE * stride + i % PICTURE_SIZE] =
        (guint32)rgb[0] << 16 | (guint32)rgb[1] << 8 | rgb[2];
  draw_surface (pen, surface, x, y, size / PICTURE_SIZE);
  cairo_surface_destroy (surface);
}

/* The picture, what it is, and what the network takes it for. */
static void
draw_header (const Pen *pen, RnLearning *learning, int run, const RnLearnShot *shot, gboolean dark)
{
  double font = pen->style->font_size, size = 1.6 * font;
  const char *const *labels = rn_learning_get_labels (learning);
  g_autofree char *title = rn_learn_get_title (learning, run);
  g_autofree char *text = NULL;

  if (shot == NULL || shot->rgb == NULL || labels == NULL)
    text = g_strdup (title);
  else if (shot->guess < 0)
    text = g_strdup_printf (_ ("%s: what it says is no number"), title);
  else if (shot->class == shot->guess)
    text = g_strdup_printf (_ ("%s: “%s”, rightly (%.0f %%)"), title, labels[shot->guess],
                            100 * shot->probability);
  else
    text = g_strdup_printf (_ ("%s: takes “%s” for “%s” (%.0f %%)"), title, labels[shot->class],
                            labels[shot->guess], 100 * shot->probability);
  set_color (pen, rn_learn_get_color (run, dark));
  cairo_rectangle (pen->cr, 0, 0.2 * font, 0.3 * font, size - 0.2 * font);
  cairo_fill (pen->cr);
  if (shot != NULL && shot->rgb != NULL)
    draw_picture (pen, shot->rgb, 0.6 * font, 0.1 * font, size);
  set_color (pen, pen->style->text);
  draw_text (pen, text, 2.6 * font, 0.9 * font, pen->width - 2.6 * font, TRUE);
}

static void
draw_kernels (const Pen *pen, const RnLearnShot *shot)
{
  double font = pen->style->font_size, tile = get_kernel (pen->width, font);

  set_color (pen, pen->style->text);
  draw_text (pen, _ ("first kernels"), 0, pen->y + tile / 2, (LABEL - 0.3) * font, FALSE);
  for (int k = 0; k < shot->n_kernels; k++)
    draw_kernel (pen, shot->kernels + (gint64) 27 * k,
                 LABEL * font + k * (tile + KERNEL_GAP * font), tile);
}

static const char *
get_place_name (int place)
{
  static const char *const names[RN_LEARN_N_PLACES] = { N_ ("stem"), N_ ("stage 1"), N_ ("stage 2"),
                                                        N_ ("stage 3") };

  return _ (names[place]);
}

/**
 * rn_learn_maps_draw:
 *
 * Draws the first kernels of a network and some features of the picture, as they were at the shot
 * that is shown, from the origin.
 */
void
rn_learn_maps_draw (
    RnLearning *learning, int run, const RnChartStyle *style, cairo_t *cr, double width)
{
  const RnLearnShot *shot = rn_learning_get_shown_shot (learning, run);
  g_autoptr (PangoLayout) text = pango_cairo_create_layout (cr);
  double font = style->font_size, tile = get_tile (width, font, RN_LEARN_MAX_MAPS, GAP);
  gboolean dark = style->text.red + style->text.green + style->text.blue > 1.5;
  Pen pen = { cr, text, style, width, HEADER * font };

  draw_header (&pen, learning, run, shot, dark);
  if (shot == NULL)
    return;
  draw_kernels (&pen, shot);
  pen.y += get_kernel (width, font) + GAP * font;
  for (int p = 0; p < RN_LEARN_N_PLACES; p++)
    {
      set_color (&pen, style->text);
      draw_text (&pen, get_place_name (p), 0, pen.y + tile / 2, (LABEL - 0.3) * font, FALSE);
      for (int c = 0; c < shot->places[p].n; c++)
        draw_map (&pen, &shot->places[p], c, LABEL * font + c * (tile + GAP * font), tile);
      pen.y += tile + GAP * font;
    }
}

static void
draw_file (cairo_t *cr, gpointer data)
{
  const RnChartStyle style = { .text = { 0.13, 0.13, 0.13, 1 },
                               .dim = { 0.5, 0.5, 0.5, 1 },
                               .font_size = FILE_FONT,
                               .marked = -1 };

  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      rn_learn_maps_draw (data, r, &style, cr, FILE_SIDE);
      cairo_translate (cr, FILE_SIDE + FILE_GAP, 0);
    }
}

/* Writes both networks' kernels and features side by side, dark on white. */
gboolean
rn_learn_maps_write_png (RnLearning *learning, const char *path, GError **error)
{
  return rn_surface_file_write (path, RN_LEARN_N_RUNS * FILE_SIDE + FILE_GAP,
                                (int)ceil (rn_learn_maps_get_height (FILE_SIDE, FILE_FONT)),
                                draw_file, learning, error);
}
