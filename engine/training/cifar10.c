/* CIFAR-10 in its binary form (Krizhevsky 2009, cs.toronto.edu/~kriz/cifar.html): a record is a
 * byte for the class and 3072 for the picture, all red, all green, all blue, row by row. Five
 * files of 10,000 records to train by and one to test. */
#include <string.h>
#include <unistd.h>

#include "engine/tensor/file-bytes.h"
#include "engine/tensor/memory.h"
#include "engine/training/data-set.h"

#define SIZE 32
#define PLANE (SIZE * SIZE)
#define RECORD (1 + 3 * PLANE)
#define MAX_FILES 5
#define MAX_RECORDS 100000 /* of a file; ten times what there should be */

static const char *const class_names[] = { "airplane", "automobile", "bird",  "cat",  "deer", "dog",
                                           "frog",     "horse",      "ship", "truck", NULL };

typedef struct
{
  int n_files;
  guint8 *files[MAX_FILES];
  int first[MAX_FILES + 1]; /* picture of each file, and one beyond */
} Records;

static void
records_free (gpointer data)
{
  Records *self = data;

  for (int i = 0; i < self->n_files; i++)
    rn_memory_free (self->files[i]);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Records, records_free)

static const guint8 *
get_record (const Records *self, int index)
{
  int f = 0;

  while (index >= self->first[f + 1])
    f++;

  return self->files[f] + (gsize) (index - self->first[f]) * RECORD;
}

static void
read_picture (const RnDataSet *set, int index, guint8 *rgb)
{
  const guint8 *planes = get_record (set->data, index) + 1;

  for (int i = 0; i < PLANE; i++)
    for (int c = 0; c < 3; c++)
      rgb[3 * i + c] = planes[c * PLANE + i];
}

/* Reads a file whose size has been found to be right. */
static guint8 *
read_file (int fd, gsize size, const char *path, GError **error)
{
  guint8 *bytes = rn_memory_alloc (size, error);

  if (bytes != NULL && !rn_file_read (fd, 0, bytes, size, path, error))
    g_clear_pointer (&bytes, rn_memory_free);

  return bytes;
}

static gboolean
check_size (gsize size, const char *path, GError **error)
{
  if (size > 0 && size % RECORD == 0 && size / RECORD <= MAX_RECORDS)
    return TRUE;

  g_set_error (error, RN_DATA_SET_ERROR, RN_DATA_SET_ERROR_FORMAT,
               "%s: %" G_GSIZE_FORMAT " bytes are no whole number of CIFAR-10 records of %d; "
               "the file is cut off or another, 30730000 bytes would be right",
               path, size, RECORD);

  return FALSE;
}

/* Reads a file and checks its size and every class in it. */
static gboolean
add_file (Records *self, const char *path, GError **error)
{
  gsize size;
  int fd = rn_file_open (path, &size, error);
  guint8 *bytes;

  if (fd < 0)
    return FALSE;
  bytes = check_size (size, path, error) ? read_file (fd, size, path, error) : NULL;
  close (fd);
  if (bytes == NULL)
    return FALSE;
  self->files[self->n_files] = bytes;
  self->first[self->n_files + 1] = self->first[self->n_files] + (int) (size / RECORD);
  self->n_files++;
  for (gsize i = 0; i < size; i += RECORD)
    if (bytes[i] > 9)
      {
        g_set_error (error, RN_DATA_SET_ERROR, RN_DATA_SET_ERROR_FORMAT,
                     "%s: record %" G_GSIZE_FORMAT " is of class %d; 0 to 9 would be right", path,
                     i / RECORD, bytes[i]);
        return FALSE;
      }

  return TRUE;
}

static RnDataSet *
new_set (const char *name, Records *records)
{
  static const RnDataSetFuncs funcs = { read_picture, records_free };
  int n = records->first[records->n_files];
  RnDataSet *set =
      rn_data_set_new (name, n, SIZE, SIZE, class_names, class_names, &funcs, records);

  for (int i = 0; i < n; i++)
    set->class_of[i] = *get_record (records, i);

  return set;
}

/**
 * rn_data_set_open_cifar10:
 * @directory: with data_batch_1.bin to data_batch_5.bin (at least the first) and test_batch.bin
 * @training: (out) (transfer full): where to put the pictures to learn from
 * @validation: (out) (transfer full): where to put those to test by
 * @error: set to a %G_IO_ERROR, or %RN_DATA_SET_ERROR_FORMAT where a file is cut off or another's
 *
 * Returns: whether both were read; the files may change or go afterwards
 */
gboolean
rn_data_set_open_cifar10 (const char *directory,
                          RnDataSet **training,
                          RnDataSet **validation,
                          GError **error)
{
  g_autoptr (Records) records = g_new0 (Records, 1);
  g_autoptr (Records) test = g_new0 (Records, 1);
  g_autofree char *test_path = g_build_filename (directory, "test_batch.bin", NULL);

  for (int i = 1; i <= MAX_FILES; i++)
    {
      g_autofree char *name = g_strdup_printf ("data_batch_%d.bin", i);
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if (i > 1 && !g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      if (!add_file (records, path, error))
        return FALSE;
    }
  if (!add_file (test, test_path, error))
    return FALSE;
  *training = new_set ("CIFAR-10", g_steal_pointer (&records));
  *validation = new_set ("CIFAR-10 (test)", g_steal_pointer (&test));

  return TRUE;
}
