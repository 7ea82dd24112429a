#include "engine/training/cifar10-archive.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include "engine/training/data-set.h"
#include "tests/remove-tree.h"
#include "tests/unit/training/cifar10-maker.h"

#define N_RECORDS 20

/* A folder of the test's own with an archive in it; the pictures belong two folders below. */
typedef struct
{
  char *home;
  char *archive;
  char *directory;
} Place;

static void
set_up (Place *place, gconstpointer data)
{
  place->home = g_dir_make_tmp ("cifar10-XXXXXX", NULL);
  g_assert_nonnull (place->home);
  place->archive = g_build_filename (place->home, "archive.tar.gz", NULL);
  place->directory = g_build_filename (place->home, "pictures", "cifar10", NULL);
}

static void
tear_down (Place *place, gconstpointer data)
{
  test_remove_tree (place->home);
  g_free (place->home);
  g_free (place->archive);
  g_free (place->directory);
}

static void
write_archive (Place *place, GBytes *bytes, gsize n_bytes)
{
  g_assert_true (
      g_file_set_contents (place->archive, g_bytes_get_data (bytes, NULL), (gssize) n_bytes, NULL));
}

static int
count (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  int n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

/* Nothing but the archive and an empty folder for pictures, if any. */
static void
assert_nothing_left (Place *place)
{
  g_autofree char *pictures = g_path_get_dirname (place->directory);

  g_assert_false (rn_cifar10_is_unpacked (place->directory));
  g_assert_cmpint (count (pictures), ==, 0);
  g_rmdir (pictures);
  g_assert_cmpint (count (place->home), ==, 1);
}

static void
assert_refused (Place *place, GBytes *bytes, gsize n_bytes, const char *says)
{
  g_autoptr (GError) error = NULL;

  write_archive (place, bytes, n_bytes);
  g_test_message ("%d of %d bytes", (int) n_bytes, (int) g_bytes_get_size (bytes));
  g_assert_false (rn_cifar10_unpack (place->archive, place->directory, NULL, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, RN_DATA_SET_ERROR, RN_DATA_SET_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, place->archive));
  g_assert_nonnull (strstr (error->message, says));
  g_assert_null (strchr (error->message, '\n'));
  assert_nothing_left (place);
}

static void
assert_unpacks (Place *place)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RnDataSet) training = NULL;
  g_autoptr (RnDataSet) validation = NULL;
  g_autofree char *pictures = g_path_get_dirname (place->directory);

  g_assert_true (rn_cifar10_unpack (place->archive, place->directory, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (rn_cifar10_is_unpacked (place->directory));
  g_assert_cmpint (count (place->directory), ==, 8);
  g_assert_cmpint (count (pictures), ==, 1);
  g_assert_true (rn_data_set_open_cifar10 (place->directory, &training, &validation, &error));
  g_assert_no_error (error);
  g_assert_cmpint (training->n_pictures, ==, (gint64) 5 * N_RECORDS);
  g_assert_cmpint (validation->n_pictures, ==, N_RECORDS);
  g_assert_cmpint (training->class_of[N_RECORDS + 7], ==, 7);
}

static void
test_good (Place *place, gconstpointer data)
{
  g_autoptr (GBytes) bytes = cifar10_make (NULL, N_RECORDS);
  g_autofree char *part = g_strconcat (place->directory, ".part", NULL);
  g_autofree char *left = g_build_filename (part, "test_batch.bin", NULL);
  g_autofree char *lost = g_build_filename (place->directory, "data_batch_3.bin", NULL);

  g_test_summary ("All files come, whatever was left by a try that was killed or by deleting some");

  write_archive (place, bytes, g_bytes_get_size (bytes));
  g_assert_cmpint (g_mkdir_with_parents (part, 0700), ==, 0);
  g_assert_true (g_file_set_contents (left, "left", -1, NULL));
  assert_unpacks (place);

  g_assert_cmpint (g_unlink (lost), ==, 0);
  g_assert_false (rn_cifar10_is_unpacked (place->directory));
  assert_unpacks (place);
}

static void
test_members (Place *place, gconstpointer data)
{
  static const struct
  {
    Cifar10Member member;
    const char *says;
  } cases[] = {
    { { "../evil.bin", CIFAR10_FILE, 100, NULL }, "“../evil.bin” does not belong" },
    { { "/tmp/evil.bin", CIFAR10_FILE, 100, NULL }, "evil.bin” does not belong" },
    { { CIFAR10_FOLDER "../data_batch_1.bin", CIFAR10_FILE, 3073, NULL }, "does not belong" },
    { { CIFAR10_FOLDER "more.bin", CIFAR10_FILE, 3073, NULL }, "more.bin” does not belong" },
    { { CIFAR10_FOLDER "a\nb\033[31m", CIFAR10_FILE, 10, NULL }, "a b [31m” does not belong" },
    { { "data_batch_1.bin", CIFAR10_FILE, 3073, NULL }, "does not belong" },
    { { CIFAR10_FOLDER "sub/", CIFAR10_DIRECTORY, 0, NULL }, "does not belong" },
    { { CIFAR10_FOLDER "data_batch_2.bin", CIFAR10_SYMLINK, 0, "/etc/passwd" }, "is a link" },
    { { CIFAR10_FOLDER "data_batch_2.bin", CIFAR10_HARDLINK, 0, "/etc/passwd" }, "is a link" },
    { { CIFAR10_FOLDER "readme.html", CIFAR10_PIPE, 0, NULL }, "no file" },
    { { CIFAR10_FOLDER "test_batch.bin", CIFAR10_DIRECTORY, 0, NULL }, "does not belong" },
    { { CIFAR10_FOLDER "test_batch.bin", CIFAR10_FILE, 30730000 + 3073, NULL }, "30733073 bytes" },
    { { CIFAR10_FOLDER "test_batch.bin", CIFAR10_FILE, 3072, NULL }, "3072 bytes" },
    { { CIFAR10_FOLDER "readme.html", CIFAR10_FILE, 100000, NULL }, "100000 bytes" },
    { { CIFAR10_FOLDER "test_batch.bin", CIFAR10_FILE, 0, NULL }, "not all" },
  };

  g_test_summary ("A member that leads elsewhere, is none of CIFAR-10's, a link or too large ends it");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = cifar10_make (&cases[i].member, N_RECORDS);

      assert_refused (place, bytes, g_bytes_get_size (bytes), cases[i].says);
    }
}

static void
test_twice (Place *place, gconstpointer data)
{
  const Cifar10Member member = { CIFAR10_FOLDER "test_batch.bin", CIFAR10_FILE, 3073, NULL };
  const Cifar10Member members[] = { member, member };
  g_autoptr (GBytes) bytes = cifar10_make_with (members, 2);
  g_autoptr (GBytes) empty = cifar10_make_with (members, 0);

  g_test_summary ("A member that comes twice, and an archive of none, are refused");

  assert_refused (place, bytes, g_bytes_get_size (bytes), "is there twice");
  assert_refused (place, empty, g_bytes_get_size (empty), "");
}

static void
test_damaged (Place *place, gconstpointer data)
{
  g_autoptr (GBytes) bytes = cifar10_make (NULL, N_RECORDS);
  g_autoptr (GBytes) text = g_bytes_new_static ("no archive", 10);
  gsize size = g_bytes_get_size (bytes);

  g_test_summary ("An archive that is cut off anywhere, or something else, leaves nothing behind");

  for (int i = 0; i < 16; i++)
    assert_refused (place, bytes, size * (gsize) i / 16, "");
  assert_refused (place, text, 10, "");
}

static void
test_full_disk (Place *place, gconstpointer data)
{
  g_autoptr (GBytes) bytes = cifar10_make (NULL, N_RECORDS);
  struct rlimit before, limit;
  g_autoptr (GError) error = NULL;
  gboolean done;

  g_test_summary ("A disk that fills up on the way is said with the file's name, and leaves nothing "
                  "behind; with room it goes well");

  write_archive (place, bytes, g_bytes_get_size (bytes));
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  limit = before;
  limit.rlim_cur = 4096; /* of a file of 20 * 3073 bytes */
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  done = rn_cifar10_unpack (place->archive, place->directory, NULL, &error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_false (done);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, ".bin"));
  g_assert_null (strchr (error->message, '\n'));
  assert_nothing_left (place);
  assert_unpacks (place);
}

static void
test_files (Place *place, gconstpointer data)
{
  g_autoptr (GBytes) bytes = cifar10_make (NULL, N_RECORDS);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *pictures = g_path_get_dirname (place->directory);
  int fd;

  g_test_summary ("Cancelled, without an archive, while another unpacks it, without a place: an error");

  g_assert_false (rn_cifar10_unpack (place->archive, place->directory, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  write_archive (place, bytes, g_bytes_get_size (bytes));
  g_cancellable_cancel (cancellable);
  g_assert_false (rn_cifar10_unpack (place->archive, place->directory, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_nothing_left (place);
  g_clear_error (&error);

  fd = g_open (place->archive, O_RDONLY, 0);
  g_assert_cmpint (flock (fd, LOCK_EX), ==, 0);
  g_assert_false (rn_cifar10_unpack (place->archive, place->directory, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  close (fd);
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (pictures, "a file", -1, NULL));
  g_assert_false (rn_cifar10_unpack (place->archive, place->directory, NULL, &error));
  g_assert_nonnull (strstr (error->message, place->directory));
}

#define ADD(path, func) \
  g_test_add ("/training/cifar10-archive/" path, Place, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGXFSZ, SIG_IGN);

  ADD ("good", test_good);
  ADD ("members", test_members);
  ADD ("twice", test_twice);
  ADD ("damaged", test_damaged);
  ADD ("full-disk", test_full_disk);
  ADD ("files", test_files);

  return g_test_run ();
}
