#include "ui/pictures/picture-loader.h"

#include <glib/gstdio.h>
#include <string.h>
#include <time.h>

/* tests/golden/make_picture_files.py says what is in the files. */
static const guint8 green[3] = { 0, 255, 0 }, red[3] = { 255, 0, 0 }, blue[3] = { 0, 0, 255 };

static char *
golden_path (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "golden", "pictures", name, NULL);
}

static void
assert_pixel (const RnPicture *picture, int x, int y, const guint8 *rgb, int tolerance)
{
  for (int c = 0; c < 3; c++)
    {
      int value = picture->rgb[(y * picture->width + x) * 3 + c];

      g_assert_cmpint (value, >=, rgb[c] - tolerance);
      g_assert_cmpint (value, <=, rgb[c] + tolerance);
    }
}

static void
test_formats (void)
{
  static const char *const names[] = { "plain.png", "palette.png", "plain.webp", "plain.jpg" };

  g_test_summary ("PNG, with a palette too, WebP and JPEG give the same picture");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = golden_path (names[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (RnPicture) picture = rn_picture_load (path, &error);
      int tolerance = g_str_has_suffix (names[i], ".jpg") ? 4 : 0;

      if (error != NULL && strstr (error->message, "install webp-pixbuf-loader") != NULL)
        continue;
      g_assert_no_error (error);
      g_assert_cmpint (picture->width, ==, 16);
      g_assert_cmpint (picture->height, ==, 8);
      assert_pixel (picture, 0, 0, green, tolerance);
      assert_pixel (picture, 7, 7, red, tolerance);
      assert_pixel (picture, 15, 0, blue, tolerance);
      assert_pixel (picture, 8, 4, blue, tolerance);
    }
}

static void
test_orientation (void)
{
  g_test_summary ("All eight EXIF orientations come out upright");

  for (int i = 1; i <= 8; i++)
    {
      g_autofree char *name = g_strdup_printf ("turned-%d.jpg", i);
      g_autofree char *path = golden_path (name);
      g_autoptr (GError) error = NULL;
      g_autoptr (RnPicture) picture = rn_picture_load (path, &error);

      g_assert_no_error (error);
      g_assert_cmpint (picture->width, ==, 16);
      g_assert_cmpint (picture->height, ==, 8);
      assert_pixel (picture, 1, 1, green, 4);
      assert_pixel (picture, 1, 6, red, 4);
      assert_pixel (picture, 14, 1, blue, 4);
      assert_pixel (picture, 14, 6, blue, 4);
    }
}

static void
test_alpha (void)
{
  static const guint8 pale_green[3] = { 127, 255, 127 }, white[3] = { 255, 255, 255 };
  g_autofree char *path = golden_path ("alpha.png");
  g_autoptr (GError) error = NULL;
  g_autoptr (RnPicture) picture = rn_picture_load (path, &error);

  g_test_summary ("What is transparent lies over white");

  g_assert_no_error (error);
  assert_pixel (picture, 0, 0, pale_green, 0);
  assert_pixel (picture, 12, 3, white, 0);
}

static void
test_gray (void)
{
  static const guint8 luma[3] = { 150, 150, 150 };
  g_autofree char *path = golden_path ("gray.png");
  g_autoptr (GError) error = NULL;
  g_autoptr (RnPicture) picture = rn_picture_load (path, &error);

  g_test_summary ("A grey picture has three equal channels");

  g_assert_no_error (error);
  assert_pixel (picture, 0, 0, luma, 1);
}

static void
test_limits (void)
{
  static const char *const names[] = { "claims.png", "bomb.png" };

  g_test_summary ("More than 100 million pixels are refused at the header");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = golden_path (names[i]);
      g_autoptr (GError) error = NULL;
      /* The processor's time: a busy machine is not a slow refusal. */
      clock_t start = clock ();

      g_assert_null (rn_picture_load (path, &error));
      g_assert_error (error, RN_PICTURE_LOADER_ERROR, RN_PICTURE_LOADER_ERROR_LIMIT);
      g_test_message ("%s: %.1f s", names[i], (double)(clock () - start) / CLOCKS_PER_SEC);
#ifndef RN_SANITIZED
      g_assert_cmpint (clock () - start, <, CLOCKS_PER_SEC);
#endif
    }
}

static void
test_damaged (void)
{
  static const char *const names[] = { "plain.png", "plain.jpg", "plain.webp" };

  g_test_summary ("Pictures cut off anywhere are an error of one line");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = golden_path (names[i]);
      g_autofree char *content = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (path, &content, &length, NULL));
      for (gsize keep = 0; keep < length; keep += 1 + length / 40)
        {
          g_autoptr (GBytes) bytes = g_bytes_new (content, keep);
          g_autoptr (GError) error = NULL;
          g_autoptr (RnPicture) picture = rn_picture_load_bytes (bytes, "cut", &error);

          g_assert_null (picture);
          g_assert_nonnull (error);
          g_assert_true (g_str_has_prefix (error->message, "cut: "));
          g_assert_null (strchr (error->message, '\n'));
        }
    }
}

static void
test_foreign (void)
{
  g_autofree char *folder = golden_path ("");
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "golden", "README.md", NULL);
  const char *paths[] = { script, folder, "/no/such/picture.png", "/dev/null" };
  const char *messages[] = { "not a picture this program can read (PNG, JPEG, WebP)", "folder",
                             "cannot be read", "device" };

  g_test_summary ("What is no picture is an error that names the file and what would be right");

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (rn_picture_load (paths[i], &error));
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, messages[i]));
      g_assert_true (g_str_has_prefix (error->message, "/"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/picture-loader/formats", test_formats);
  g_test_add_func ("/picture-loader/orientation", test_orientation);
  g_test_add_func ("/picture-loader/alpha", test_alpha);
  g_test_add_func ("/picture-loader/gray", test_gray);
  g_test_add_func ("/picture-loader/limits", test_limits);
  g_test_add_func ("/picture-loader/damaged", test_damaged);
  g_test_add_func ("/picture-loader/foreign", test_foreign);

  return g_test_run ();
}
