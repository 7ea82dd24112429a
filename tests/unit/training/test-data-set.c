#include "engine/training/data-set.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "engine/training/augmentation.h"

#define SIZE 3072 /* 32 x 32 pixels of three bytes */
#define N_CLASSES 10

static void
read_floats (RnDataSet *set, int index, float *values)
{
  g_autoptr (RnPicture) picture = rn_data_set_get_picture (set, index, NULL);

  for (int i = 0; i < SIZE; i++)
    values[i] = picture->rgb[i] / 127.5f - 1;
}

static void
score (const float *weights, const float *x, double *z)
{
  double largest = -INFINITY, sum = 0;

  for (int c = 0; c < N_CLASSES; c++)
    {
      z[c] = weights[c * (SIZE + 1) + SIZE];
      for (int i = 0; i < SIZE; i++)
        z[c] += weights[c * (SIZE + 1) + i] * x[i];
      largest = MAX (largest, z[c]);
    }
  for (int c = 0; c < N_CLASSES; c++)
    sum += z[c] = exp (z[c] - largest);
  for (int c = 0; c < N_CLASSES; c++)
    z[c] /= sum;
}

static void
test_part (void)
{
  g_autoptr (RnDataSet) whole = rn_data_set_new_shapes (1, 100);
  g_autoptr (RnDataSet) part = rn_data_set_new_part (whole, 30, 7);
  g_autoptr (RnDataSet) same = rn_data_set_new_part (whole, 30, 7);
  g_autoptr (RnDataSet) all = rn_data_set_new_part (whole, 100, 7);
  gsize size = (gsize) whole->height * whole->width * 3;
  gboolean taken[100] = { FALSE };

  g_test_summary ("A part of a set has so many of its pictures, none twice, with their classes, and "
                  "the same ones for the same seed");

  g_assert_true (all == whole);
  g_assert_cmpint (part->n_pictures, ==, 30);
  g_assert_cmpint (part->n_classes, ==, whole->n_classes);
  for (int i = 0; i < 30; i++)
    {
      g_autoptr (RnPicture) picture = rn_data_set_get_picture (part, i, NULL);
      g_autoptr (RnPicture) again = rn_data_set_get_picture (same, i, NULL);
      int found = -1;

      for (int j = 0; j < 100 && found < 0; j++)
        {
          g_autoptr (RnPicture) other = rn_data_set_get_picture (whole, j, NULL);

          if (memcmp (other->rgb, picture->rgb, size) == 0)
            found = j;
        }
      g_assert_cmpmem (picture->rgb, size, again->rgb, size);
      g_assert_cmpint (found, >=, 0);
      g_assert_false (taken[found]);
      taken[found] = TRUE;
      g_assert_cmpint (part->class_of[i], ==, whole->class_of[found]);
    }
}

/* The share that softmax regression on pixels gets right of pictures that it has not seen. */
static void
test_linear (void)
{
  enum { TRAIN = 1500, TEST = 500, EPOCHS = 4 };
  g_autoptr (RnDataSet) training = rn_data_set_new_shapes (1, TRAIN);
  g_autoptr (RnDataSet) test = rn_data_set_new_shapes (2, TEST);
  g_autofree float *weights = g_new0 (float, N_CLASSES * (SIZE + 1));
  float x[SIZE];
  double z[N_CLASSES];
  int n_right = 0;

  g_test_summary ("A linear classifier gets less than 60 % of the shapes right");

  for (int k = 0; k < TRAIN * EPOCHS; k++)
    {
      int index = k % TRAIN;
      float rate = 1e-3 * (1 - k / (double) (TRAIN * EPOCHS));

      read_floats (training, index, x);
      score (weights, x, z);
      z[training->class_of[index]] -= 1;
      for (int c = 0; c < N_CLASSES; c++)
        {
          for (int i = 0; i < SIZE; i++)
            weights[c * (SIZE + 1) + i] -= rate * z[c] * x[i];
          weights[c * (SIZE + 1) + SIZE] -= rate * z[c];
        }
    }
  for (int index = 0; index < TEST; index++)
    {
      int best = 0;

      read_floats (test, index, x);
      score (weights, x, z);
      for (int c = 1; c < N_CLASSES; c++)
        best = z[c] > z[best] ? c : best;
      n_right += best == test->class_of[index];
    }
  g_test_message ("%d of %d right", n_right, TEST);
  g_assert_cmpint (n_right, <, 0.6 * TEST);
}

static void
test_shapes (void)
{
  g_autoptr (RnDataSet) a = rn_data_set_new_shapes (1, 100);
  g_autoptr (RnDataSet) b = rn_data_set_new_shapes (1, 100);
  g_autoptr (RnDataSet) other = rn_data_set_new_shapes (2, 100);

  g_test_summary ("Shapes: ten classes, as many of each, the same picture for the same seed");

  g_assert_cmpint (a->n_classes, ==, N_CLASSES);
  for (int i = 0; i < 20; i++)
    {
      g_autoptr (RnPicture) x = rn_data_set_get_picture (a, i, NULL);
      g_autoptr (RnPicture) y = rn_data_set_get_picture (b, i, NULL);
      g_autoptr (RnPicture) z = rn_data_set_get_picture (other, i, NULL);

      g_assert_cmpint (a->class_of[i], ==, i % N_CLASSES);
      g_assert_cmpmem (x->rgb, SIZE, y->rgb, SIZE);
      g_assert_cmpint (memcmp (x->rgb, z->rgb, SIZE), !=, 0);
    }
}

static void
write_file (const char *dir, const char *name, int n_records, int class, int extra)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  gsize size = n_records * 3073 + extra;
  g_autofree char *bytes = g_malloc0 (size + 1);
  char *record = bytes;

  for (int i = 0; i < n_records; i++, record += 3073)
    {
      record[0] = (char) class;
      record[1] = 10;         /* red, pixel 0 */
      record[1 + 1024] = 20;  /* green */
      record[1 + 2048] = 30;  /* blue */
      record[1 + 1023] = 40;  /* red, the last pixel */
    }
  g_assert_true (g_file_set_contents (path, bytes, size, NULL));
}

static void
test_cifar10 (void)
{
  static const struct
  {
    int n_records, class, extra;
    gboolean right;
  } cases[] = { { 3, 9, 0, TRUE }, { 3, 10, 0, FALSE }, { 3, 1, -1, FALSE }, { 3, 1, 7, FALSE },
                { 0, 0, 0, FALSE } };
  g_autofree char *dir = g_dir_make_tmp ("cifar-XXXXXX", NULL);
  const char *const names[] = { "data_batch_1.bin", "data_batch_2.bin", "test_batch.bin" };

  g_test_summary ("CIFAR-10's binary form is read, and what is cut off or another's is refused");

  write_file (dir, "data_batch_2.bin", 2, 4, 0);
  write_file (dir, "test_batch.bin", 1, 5, 0);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RnDataSet) training = NULL;
      g_autoptr (RnDataSet) validation = NULL;
      g_autoptr (RnPicture) picture = NULL;
      g_autoptr (GError) error = NULL;

      write_file (dir, "data_batch_1.bin", cases[i].n_records, cases[i].class, cases[i].extra);
      g_assert_cmpint (rn_data_set_open_cifar10 (dir, &training, &validation, &error), ==,
                       cases[i].right);
      if (!cases[i].right)
        {
          g_assert_error (error, RN_DATA_SET_ERROR, RN_DATA_SET_ERROR_FORMAT);
          continue;
        }
      g_assert_cmpint (training->n_pictures, ==, 5);
      g_assert_cmpint (training->class_of[2], ==, 9);
      g_assert_cmpint (training->class_of[3], ==, 4);
      g_assert_cmpstr (training->labels[9], ==, "truck");
      g_assert_cmpint (validation->class_of[0], ==, 5);
      /* A file that is cut off later changes nothing. */
      write_file (dir, "data_batch_2.bin", 0, 4, 0);
      picture = rn_data_set_get_picture (training, 4, NULL);
      g_assert_cmpint (picture->rgb[0], ==, 10);
      g_assert_cmpint (picture->rgb[1], ==, 20);
      g_assert_cmpint (picture->rgb[2], ==, 30);
      g_assert_cmpint (picture->rgb[SIZE - 3], ==, 40);
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (dir, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (dir);
}

static void
test_pictures (void)
{
  const char *const two[] = { "a", "b", NULL }, *const one[] = { "a", NULL };
  const guint16 class_of[] = { 0, 1 }, same[] = { 0, 0 };
  g_autoptr (GPtrArray) pictures =
      g_ptr_array_new_with_free_func ((GDestroyNotify) rn_picture_unref);
  g_autoptr (RnDataSet) set = NULL;
  g_autoptr (RnPicture) picture = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Pictures of any size come to one; one class, or an empty one, is refused");

  g_ptr_array_add (pictures, rn_picture_new (8, 8, NULL));
  g_ptr_array_add (pictures, rn_picture_new (20, 30, NULL));
  memset (((RnPicture *) pictures->pdata[0])->rgb, 77, (gsize) 8 * 8 * 3);
  memset (((RnPicture *) pictures->pdata[1])->rgb, 99, (gsize) 20 * 30 * 3);
  set = rn_data_set_new_pictures ("two", pictures, class_of, two, 8, 8, &error);
  g_assert_no_error (error);
  g_assert_cmpint (set->n_pictures, ==, 2);
  picture = rn_data_set_get_picture (set, 1, NULL);
  g_assert_cmpint (picture->width, ==, 8);
  g_assert_cmpint (picture->rgb[5], ==, 99);
  g_assert_null (rn_data_set_new_pictures ("one", pictures, same, one, 8, 8, &error));
  g_assert_error (error, RN_DATA_SET_ERROR, RN_DATA_SET_ERROR_CLASSES);
  g_clear_error (&error);
  g_assert_null (rn_data_set_new_pictures ("empty", pictures, same, two, 8, 8, &error));
  g_assert_error (error, RN_DATA_SET_ERROR, RN_DATA_SET_ERROR_CLASSES);
}

static void
test_augmentation (void)
{
  guint8 rgb[4 * 4 * 3], seen[4 * 4 * 3];
  RnAugmentation none = { 0 }, flip = { 0, TRUE, 0 }, all = { 2, TRUE, 0.5 };
  int n_flipped = 0;
  RnRandom random;

  g_test_summary ("Views: none is the picture, flips are every other one, the seed decides");

  for (int i = 0; i < 48; i++)
    rgb[i] = i * 5;
  rn_random_init (&random, 1, 1);
  rn_augmentation_apply (&none, &random, rgb, 4, 4, seen);
  g_assert_cmpmem (rgb, 48, seen, 48);
  for (int i = 0; i < 200; i++)
    {
      rn_augmentation_apply (&flip, &random, rgb, 4, 4, seen);
      n_flipped += seen[0] == rgb[9];
      g_assert_true (seen[0] == rgb[9] || seen[0] == rgb[0]);
    }
  g_assert_cmpint (n_flipped, >, 60);
  g_assert_cmpint (n_flipped, <, 140);
  for (int i = 0; i < 20; i++)
    {
      guint8 again[48];
      RnRandom copy = random;

      rn_augmentation_apply (&all, &random, rgb, 4, 4, seen);
      rn_augmentation_apply (&all, &copy, rgb, 4, 4, again);
      g_assert_cmpmem (seen, 48, again, 48);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/training/data-set/linear", test_linear);
  g_test_add_func ("/training/data-set/part", test_part);
  g_test_add_func ("/training/data-set/shapes", test_shapes);
  g_test_add_func ("/training/data-set/cifar10", test_cifar10);
  g_test_add_func ("/training/data-set/pictures", test_pictures);
  g_test_add_func ("/training/data-set/augmentation", test_augmentation);

  return g_test_run ();
}
