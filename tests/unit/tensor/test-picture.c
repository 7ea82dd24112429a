#include <math.h>
#include <string.h>

#include "engine/tensor/memory.h"
#include "engine/tensor/picture.h"

/* tests/golden/make_pictures.py makes the same. */
static RnPicture *
make_picture (int width, int height)
{
  RnPicture *picture = rn_picture_new (width, height, NULL);

  for (guint32 y = 0; y < (guint32) height; y++)
    for (guint32 x = 0; x < (guint32) width; x++)
      for (guint32 c = 0; c < 3; c++)
        {
          guint32 value = x * 2654435761u + y * 2246822519u + c * 3266489917u;
          guint32 noise = (value ^ (value >> 15)) & 127;
          guint32 ramp = (x * 128 / width + y * 128 / height * (c == 1)) / 2;

          picture->rgb[(y * width + x) * 3 + c] = (guint8) (noise + ramp);
        }

  return picture;
}

static void
test_pillow (void)
{
  static const int cases[][3] = { { 97, 61, 28 },   { 53, 120, 28 }, { 20, 20, 28 },
                                  { 300, 299, 28 }, { 640, 37, 14 }, { 29, 31, 28 } };
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "golden", "pillow-crops.bin", NULL);
  g_autofree char *golden = NULL;
  g_autoptr (GError) error = NULL;
  gsize length, used = 0;

  g_test_summary ("Scaling and cropping agree with Pillow and torchvision's rule to the byte");

  g_file_get_contents (path, &golden, &length, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      int side = cases[i][2];
      gsize n = (gsize) side * side * 3;
      g_autoptr (RnPicture) picture = make_picture (cases[i][0], cases[i][1]);
      g_autoptr (RnPicture) crop = rn_picture_crop_to (picture, side, side, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (used + n, <=, length);
      g_assert_cmpmem (crop->rgb, n, golden + used, n);
      used += n;
    }
  g_assert_cmpuint (used, ==, length);
}

static void
test_same_size (void)
{
  g_autoptr (RnPicture) picture = make_picture (32, 32);
  g_autoptr (RnPicture) crop = rn_picture_crop_to (picture, 32, 32, NULL);

  g_test_summary ("A picture of the input's size is taken as it is");

  g_assert_true (crop == picture);
}

static void
test_extreme (void)
{
  static const int cases[][2] = { { 1, 1 }, { 1, 20000 }, { 20000, 1 }, { 3, 2 } };

  g_test_summary ("A uniform picture stays uniform, however narrow it is");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RnPicture) picture = rn_picture_new (cases[i][0], cases[i][1], NULL);
      g_autoptr (RnPicture) crop = NULL;

      memset (picture->rgb, 200, (size_t) picture->width * picture->height * 3);
      crop = rn_picture_crop_to (picture, 64, 48, &error);
      g_assert_no_error (error);
      g_assert_cmpint (crop->width, ==, 64);
      g_assert_cmpint (crop->height, ==, 48);
      for (int k = 0; k < 64 * 48 * 3; k++)
        g_assert_cmpint (crop->rgb[k], ==, 200);
    }
}

static void
test_bounds (void)
{
  static const int cases[][2] = { { 0, 5 }, { 5, -1 }, { 100000, 100000 }, { G_MAXINT, G_MAXINT } };

  g_test_summary ("Pictures without pixels or with too many are an error");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (rn_picture_new (cases[i][0], cases[i][1], &error));
      g_assert_error (error, RN_MEMORY_ERROR, RN_MEMORY_ERROR_LIMIT);
    }
}

static void
test_preprocess (void)
{
  static const guint8 pixel[3] = { 10, 100, 250 };
  static const double expected[4][3] = {
    { 250 - 103.939, 100 - 116.779, 10 - 123.68 },
    { (10 / 255.0 - 0.485) / 0.229, (100 / 255.0 - 0.456) / 0.224, (250 / 255.0 - 0.406) / 0.225 },
    { 10 / 255.0, 100 / 255.0, 250 / 255.0 },
    { 10, 100, 250 },
  };
  g_autoptr (RnPicture) picture = rn_picture_new (2, 2, NULL);

  g_test_summary ("Each way of pre-processing gives its formula's numbers, found by its name");

  for (int i = 0; i < 4; i++)
    memcpy (picture->rgb + (gint64) i * 3, pixel, 3);

  for (int i = 0; i < 4; i++)
    {
      RnPreprocess preprocess;
      g_autoptr (GError) error = NULL;
      g_autoptr (RnTensor) input = NULL;

      g_assert_true (rn_preprocess_from_name (rn_preprocess_get_name (i), &preprocess, &error));
      g_assert_no_error (error);
      g_assert_cmpint (preprocess, ==, i);
      input = rn_picture_to_input (picture, 2, 2, 3, preprocess, &error);
      g_assert_no_error (error);
      g_assert_cmpint (input->rank, ==, 4);
      for (int k = 0; k < 12; k++)
        g_assert_cmpfloat (fabs (rn_tensor_f32 (input)[k] - expected[i][k % 3]), <, 1e-5);
    }
}

static void
test_channels (void)
{
  g_autoptr (RnPicture) picture = make_picture (2, 2);
  g_autoptr (GError) error = NULL;
  g_autoptr (RnTensor) gray = NULL;
  RnPreprocess preprocess;

  g_test_summary ("One channel is grey; other numbers and unknown names are an error");

  gray = rn_picture_to_input (picture, 2, 2, 1, RN_PREPROCESS_RAW, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (fabs (rn_tensor_f32 (gray)[0] -
                           (0.299 * picture->rgb[0] + 0.587 * picture->rgb[1] +
                            0.114 * picture->rgb[2])),
                     <, 1e-3);

  g_assert_null (rn_picture_to_input (picture, 2, 2, 4, RN_PREPROCESS_RAW, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (rn_picture_to_input (picture, 2, 2, 1, RN_PREPROCESS_CAFFE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (rn_preprocess_from_name ("imagenet", &preprocess, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/picture/pillow", test_pillow);
  g_test_add_func ("/picture/same-size", test_same_size);
  g_test_add_func ("/picture/extreme", test_extreme);
  g_test_add_func ("/picture/bounds", test_bounds);
  g_test_add_func ("/picture/preprocess", test_preprocess);
  g_test_add_func ("/picture/channels", test_channels);

  return g_test_run ();
}
