#include "data/samples/scenes.h"

#include <stdlib.h>

/* How far the pictures kept in data/samples may be from what the scenes draw now: other versions
 * of cairo smooth edges a little differently. Steps of 255. */
#define MEAN_TOLERANCE 0.5
#define PIXEL_TOLERANCE 24
#define MAX_FRACTION_BEYOND 0.01

typedef struct
{
  double mean;       /* of the differences of all parts of all pixels */
  double far_beyond; /* the fraction of those above PIXEL_TOLERANCE */
} Difference;

/* Both are RN_SKETCH_SIZE each way, with 4 bytes a pixel of which 3 are colour. */
static Difference
get_difference (cairo_surface_t *a, cairo_surface_t *b)
{
  const double n = 3.0 * RN_SKETCH_SIZE * RN_SKETCH_SIZE;
  Difference result = { 0.0, 0.0 };

  for (int y = 0; y < RN_SKETCH_SIZE; y++)
    {
      const guchar *row_a =
          cairo_image_surface_get_data (a) + (gint64) y * cairo_image_surface_get_stride (a);
      const guchar *row_b =
          cairo_image_surface_get_data (b) + (gint64) y * cairo_image_surface_get_stride (b);

      for (int x = 0; x < RN_SKETCH_SIZE; x++)
        for (int shift = 0; shift < 24; shift += 8)
          {
            guint32 p = ((const guint32 *)(gconstpointer)row_a)[x] >> shift & 255;
            guint32 q = ((const guint32 *)(gconstpointer)row_b)[x] >> shift & 255;
            int d = abs ((int)p - (int)q);

            result.mean += d / n;
            result.far_beyond += (d > PIXEL_TOLERANCE) / n;
          }
    }
  return result;
}

static void
test_kept_pictures (void)
{
  g_test_summary ("Every picture kept in data/samples is what its scene draws");

  for (const RnScene *scene = rn_scenes; scene->name != NULL; scene++)
    {
      g_autofree char *file = g_strconcat (scene->name, ".png", NULL);
      g_autofree char *path = g_build_filename (g_getenv ("RN_DATA_DIR"), "samples", file, NULL);
      cairo_surface_t *kept = cairo_image_surface_create_from_png (path);
      cairo_surface_t *drawn = rn_scene_render (scene);
      Difference difference;

      g_test_message ("%s", path);
      g_assert_cmpstr (cairo_status_to_string (cairo_surface_status (kept)), ==,
                       cairo_status_to_string (CAIRO_STATUS_SUCCESS));
      g_assert_cmpint (cairo_image_surface_get_width (kept), ==, RN_SKETCH_SIZE);
      g_assert_cmpint (cairo_image_surface_get_height (kept), ==, RN_SKETCH_SIZE);
      difference = get_difference (kept, drawn);
      g_test_message ("mean difference %g, beyond tolerance %g", difference.mean,
                      difference.far_beyond);
      g_assert_cmpfloat (difference.mean, <=, MEAN_TOLERANCE);
      g_assert_cmpfloat (difference.far_beyond, <=, MAX_FRACTION_BEYOND);
      cairo_surface_destroy (kept);
      cairo_surface_destroy (drawn);
    }
}

static void
test_repeats (void)
{
  g_test_summary ("A scene drawn twice is the same to the last bit");

  for (const RnScene *scene = rn_scenes; scene->name != NULL; scene++)
    {
      cairo_surface_t *first = rn_scene_render (scene);
      cairo_surface_t *second = rn_scene_render (scene);

      g_test_message ("%s", scene->name);
      g_assert_cmpfloat (get_difference (first, second).mean, ==, 0.0);
      cairo_surface_destroy (first);
      cairo_surface_destroy (second);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/samples/kept-pictures", test_kept_pictures);
  g_test_add_func ("/samples/repeats", test_repeats);
  return g_test_run ();
}
