#include "ui/draw/vector-picture.h"

#include <math.h>

enum
{
  SIZE = 8
};

static int
count_bar (const guint32 *pixels, int x)
{
  const guint32 *table = rn_color_map_get_table (RN_COLOR_MAP_VIRIDIS);
  int n = 0;

  for (int y = 0; y < SIZE; y++)
    n += pixels[y * SIZE + x] != table[0];

  return n;
}

static void
test_bars (void)
{
  const float values[4] = { 0, 1, 0.5, 4 };
  guint32 pixels[SIZE * SIZE];

  g_test_summary ("Each number of a short vector is a bar as high as it is large");
  rn_vector_picture_paint (values, 4, SIZE, pixels);
  g_assert_cmpint (count_bar (pixels, 0), ==, 0);
  g_assert_cmpint (count_bar (pixels, 2), ==, 2);
  g_assert_cmpint (count_bar (pixels, 3), ==, 2);
  g_assert_cmpint (count_bar (pixels, 5), ==, 1);
  g_assert_cmpint (count_bar (pixels, 7), ==, SIZE);
}

static void
test_long (void)
{
  g_autofree float *values = g_new0 (float, 2048);
  float *third = values + 768, *fifth = values + 1280; /* 256 a column */
  guint32 pixels[SIZE * SIZE];

  g_test_summary ("A column of a long vector shows the largest of its numbers, and none that is not");
  third[17] = 2;
  fifth[0] = NAN;
  fifth[1] = 1;
  rn_vector_picture_paint (values, 2048, SIZE, pixels);
  for (int x = 0; x < SIZE; x++)
    g_assert_cmpint (count_bar (pixels, x), ==, x == 3 ? SIZE : x == 5 ? SIZE / 2 : 0);
}

static void
test_equal (void)
{
  const float zeros[3] = { 0, 0, 0 };
  guint32 pixels[SIZE * SIZE];

  g_test_summary ("A vector of zeros is empty");
  rn_vector_picture_paint (zeros, 3, SIZE, pixels);
  for (int x = 0; x < SIZE; x++)
    g_assert_cmpint (count_bar (pixels, x), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/vector-picture/bars", test_bars);
  g_test_add_func ("/vector-picture/long", test_long);
  g_test_add_func ("/vector-picture/equal", test_equal);

  return g_test_run ();
}
