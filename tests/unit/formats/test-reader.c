#include "engine/formats/reader.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("rn-reader-XXXXXX", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
}

static char *
make_file (Fixture *fixture, const char *name, const char *text)
{
  char *path = g_build_filename (fixture->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_chmod (path, 0700);

  return path;
}

static void
test_weights (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_getenv ("RN_DATA_DIR"), "weights", "resnet18.h5", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (RnParcel) parcel =
      rn_reader_read (g_getenv ("RN_READER"), RN_READER_WEIGHTS, path, 0, NULL, &error);
  RnWeightsInfo *info;

  g_test_summary ("The bundled weights come through the reader process as they are");

  g_assert_no_error (error);
  info = rn_weights_get_info (parcel->weights);
  g_assert_cmpint (info->n_classes, ==, 10);
  g_assert_cmpstr (info->labels[8], ==, "golf ball");
  g_assert_nonnull (rn_weights_find (parcel->weights, "conv1_conv", "kernel"));
}

/* Programs that stand in for a reader that was brought down or taken over. */
static const struct
{
  const char *name;
  const char *script;
  int code;
  const char *message;
} bad_readers[] = {
  { "crash", "kill -SEGV $$", RN_READER_ERROR_CRASHED, "brought the reader down" },
  { "hang", "exec sleep 100", RN_READER_ERROR_CRASHED, "more than 1 seconds" },
  { "silent", "exit 1", RN_READER_ERROR_CRASHED, "without a word" },
  { "refusal", "echo 'FILE: it is broken' >&2; exit 1", RN_READER_ERROR_FILE, "it is broken" },
};

static void
test_bad_readers (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = make_file (fixture, "some.h5", "some file");

  g_test_summary ("A reader that crashes, hangs or refuses becomes a message");

  for (guint i = 0; i < G_N_ELEMENTS (bad_readers); i++)
    {
      g_autofree char *script = g_strdup_printf ("#!/bin/sh\n%s\n", bad_readers[i].script);
      g_autofree char *program = make_file (fixture, bad_readers[i].name, script);
      g_autoptr (GError) error = NULL;

      g_assert_null (rn_reader_read (program, RN_READER_WEIGHTS, path, 1, NULL, &error));
      g_assert_error (error, RN_READER_ERROR, bad_readers[i].code);
      g_assert_nonnull (strstr (error->message, bad_readers[i].message));
      g_assert_null (strchr (error->message, '\n'));
    }
}

static void
test_damaged_parcel (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = make_file (fixture, "some.h5", "some file");
  g_autofree char *empty = make_file (fixture, "empty", "#!/bin/sh\nexit 0\n");
  g_autofree char *noise = make_file (fixture, "noise", "#!/bin/sh\nhead -c 5000 /dev/zero >&4\n");
  g_autoptr (GError) error = NULL;

  g_test_summary ("A reader that hands back nothing, or noise, is not believed");

  g_assert_null (rn_reader_read (empty, RN_READER_WEIGHTS, path, 0, NULL, &error));
  g_assert_error (error, RN_PARCEL_ERROR, RN_PARCEL_ERROR_DAMAGED);
  g_clear_error (&error);

  g_assert_null (rn_reader_read (noise, RN_READER_WEIGHTS, path, 0, NULL, &error));
  g_assert_error (error, RN_PARCEL_ERROR, RN_PARCEL_ERROR_DAMAGED);
}

static void
test_bad_files (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = make_file (fixture, "text.h5", "this is no HDF5 file");
  g_autofree char *fifo = g_build_filename (fixture->folder, "fifo", NULL);
  const char *const paths[] = { text, fixture->folder, "/nowhere/weights.h5", fifo };

  g_test_summary ("A foreign file, a folder, a missing file or a pipe gives one line with its name");

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (rn_reader_read (g_getenv ("RN_READER"), RN_READER_WEIGHTS, paths[i], 0, NULL,
                                     &error));
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, paths[i]));
      g_assert_null (strchr (error->message, '\n'));
    }
}

static void
test_huge_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = make_file (fixture, "huge.h5", "\211HDF\r\n\032\n");
  const RnReaderKind kinds[] = { RN_READER_WEIGHTS, RN_READER_MODEL, RN_READER_ARRAY };

  g_test_summary ("A file of 20 GiB, all hole, is refused with what would be right");

  if (truncate (path, (off_t) 20 << 30) != 0)
    {
      g_test_skip ("no such files are possible here");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (rn_reader_read (g_getenv ("RN_READER"), kinds[i], path, 0, NULL, &error));
      g_assert_error (error, RN_READER_ERROR, RN_READER_ERROR_FILE);
      g_assert_nonnull (strstr (error->message, "huge.h5: too large: files of up to 2 GiB"));
    }
}

static void
test_no_program (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = make_file (fixture, "some.h5", "some file");
  g_autoptr (GError) error = NULL;

  g_test_summary ("A missing reader program is told as such");

  g_assert_null (rn_reader_read ("/nowhere/reader", RN_READER_WEIGHTS, path, 0, NULL, &error));
  g_assert_error (error, RN_READER_ERROR, RN_READER_ERROR_PROGRAM);
}

static gpointer
cancel_soon (gpointer cancellable)
{
  g_usleep (100000);
  g_cancellable_cancel (cancellable);

  return NULL;
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = make_file (fixture, "some.h5", "some file");
  g_autofree char *program = make_file (fixture, "hang", "#!/bin/sh\nexec sleep 100\n");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("cancel", cancel_soon, cancellable);

  g_test_summary ("Cancelling ends the reader");

  g_assert_null (rn_reader_read (program, RN_READER_WEIGHTS, path, 0, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
}

#define LARGE_ROWS 4096
#define LARGE_COLUMNS 2048

/* Weights of 32 MiB of zeros, whose reading takes some milliseconds. */
static char *
make_large (Fixture *fixture)
{
  static const char header[] = "{\"fc.weight\":{\"dtype\":\"F32\",\"shape\":[4096,2048],"
                               "\"data_offsets\":[0,33554432]}}";
  const guint64 length = GUINT64_TO_LE (sizeof header - 1);
  g_autoptr (GByteArray) head = g_byte_array_new ();
  char *path = g_build_filename (fixture->folder, "large.safetensors", NULL);

  g_byte_array_append (head, (const guint8 *) &length, sizeof length);
  g_byte_array_append (head, (const guint8 *) header, sizeof header - 1);
  g_assert_true (g_file_set_contents (path, (const char *) head->data, head->len, NULL));
  g_assert_cmpint (truncate (path, head->len + sizeof (float) * LARGE_ROWS * LARGE_COLUMNS), ==, 0);

  return path;
}

typedef struct
{
  const char *path;
  gboolean cut; /* else deleted */
  gulong delay_us;
} Change;

static gpointer
change_later (gpointer data)
{
  const Change *change = data;

  g_usleep (change->delay_us);
  g_assert_cmpint (change->cut ? truncate (change->path, 100) : g_unlink (change->path), ==, 0);

  return NULL;
}

static void
test_cut_meanwhile (Fixture *fixture, gconstpointer data)
{
  int n_read = 0, n_refused = 0, n_crashed = 0;

  g_test_summary ("A file cut off or deleted while it is read is read whole or is one line");

  for (int i = 0; i < 40; i++)
    {
      g_autofree char *path = make_large (fixture);
      Change change = { path, i % 4 != 0, g_test_rand_int_range (0, 60000) };
      GThread *thread = g_thread_new ("change", change_later, &change);
      g_autoptr (GError) error = NULL;
      g_autoptr (RnParcel) parcel =
          rn_reader_read (g_getenv ("RN_READER"), RN_READER_WEIGHTS, path, 0, NULL, &error);

      g_thread_join (thread);
      g_assert_true ((parcel == NULL) == (error != NULL));
      if (error == NULL)
        {
          n_read++;
          continue;
        }
      g_assert_nonnull (strstr (error->message, "large.safetensors"));
      g_assert_null (strchr (error->message, '\n'));
      if (g_error_matches (error, RN_READER_ERROR, RN_READER_ERROR_CRASHED))
        n_crashed++;
      else
        n_refused++;
    }
  g_test_message ("%d read, %d refused, %d brought the reader down", n_read, n_refused, n_crashed);
}

/* What is shown of an open file is a copy that nobody can change. */
static void
test_changed_afterwards (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = make_large (fixture);
  g_autofree char *noise = g_strnfill (1 << 20, 'x');
  g_autoptr (GError) error = NULL;
  g_autoptr (RnParcel) parcel =
      rn_reader_read (g_getenv ("RN_READER"), RN_READER_WEIGHTS, path, 0, NULL, &error);
  const RnTensor *tensor;
  int fd;

  g_test_summary ("Open weights stay what they were when their file is overwritten, cut and deleted");

  g_assert_no_error (error);
  tensor = rn_weights_find (parcel->weights, "fc", "kernel");
  g_assert_nonnull (tensor);
  fd = g_open (path, O_WRONLY, 0);
  g_assert_cmpint (write (fd, noise, 1 << 20), ==, 1 << 20);
  close (fd);
  g_assert_cmpint (truncate (path, 100), ==, 0);
  g_assert_cmpint (g_unlink (path), ==, 0);
  for (gint64 i = 0; i < rn_tensor_get_n_elements (tensor); i++)
    if (rn_tensor_f32 (tensor)[i] != 0)
      g_error ("value %" G_GINT64_FORMAT " has changed", i);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/reader/weights", Fixture, NULL, set_up, test_weights, tear_down);
  g_test_add ("/reader/bad-readers", Fixture, NULL, set_up, test_bad_readers, tear_down);
  g_test_add ("/reader/damaged-parcel", Fixture, NULL, set_up, test_damaged_parcel, tear_down);
  g_test_add ("/reader/bad-files", Fixture, NULL, set_up, test_bad_files, tear_down);
  g_test_add ("/reader/huge-file", Fixture, NULL, set_up, test_huge_file, tear_down);
  g_test_add ("/reader/no-program", Fixture, NULL, set_up, test_no_program, tear_down);
  g_test_add ("/reader/cancel", Fixture, NULL, set_up, test_cancel, tear_down);
  g_test_add ("/reader/cut-meanwhile", Fixture, NULL, set_up, test_cut_meanwhile, tear_down);
  g_test_add ("/reader/changed-afterwards", Fixture, NULL, set_up, test_changed_afterwards,
              tear_down);

  return g_test_run ();
}
