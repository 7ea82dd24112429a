/* A set of pictures, fetched from a server on loopback and unpacked. */
#include <glib/gstdio.h>
#include <string.h>

#include "engine/training/data-set.h"
#include "tests/remove-tree.h"
#include "tests/unit/download/test-server.h"
#include "tests/unit/training/cifar10-maker.h"
#include "ui/download/download.h"

#define N_RECORDS 100

typedef struct
{
  TestServer *server;
  char *base;
  char *directory;
  char *md5;
  char *archive;
  char *folder;
  RnSource source;

  GMainLoop *loop;
  GCancellable *cancellable;
  guint64 cancel_at; /* bytes */
  char *result;
  GError *error;
} Fixture;

/* Serves what is given, whose checksum is known. */
static void
serve (Fixture *fixture, GBytes *archive)
{
  g_clear_pointer (&fixture->server, test_server_free);
  g_free (fixture->base);
  g_free (fixture->md5);
  fixture->server = test_server_new (archive);
  fixture->base = test_server_get_base (fixture->server);
  fixture->md5 = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, archive);
  fixture->source.md5 = fixture->md5;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) archive = cifar10_make (NULL, N_RECORDS);

  fixture->directory = g_dir_make_tmp ("rn-pictures-XXXXXX", NULL);
  fixture->source = (RnSource) { .kind = RN_SOURCE_PICTURES,
                                 .id = (char *) "cifar10",
                                 .title = (char *) "Test",
                                 .url = (char *) "http://127.0.0.1:1/nobody-listens-here",
                                 .path = (char *) "archive.tar.gz" };
  serve (fixture, archive);
  fixture->archive = rn_source_get_file (&fixture->source, fixture->directory);
  fixture->folder = rn_source_get_place (&fixture->source, fixture->directory);
  fixture->loop = g_main_loop_new (NULL, FALSE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  test_remove_tree (fixture->directory);
  test_server_free (fixture->server);
  g_clear_error (&fixture->error);
  g_clear_object (&fixture->cancellable);
  g_main_loop_unref (fixture->loop);
  g_free (fixture->result);
  g_free (fixture->base);
  g_free (fixture->directory);
  g_free (fixture->md5);
  g_free (fixture->archive);
  g_free (fixture->folder);
}

static void
on_progress (guint64 done, guint64 total, double rate, gpointer data)
{
  Fixture *fixture = data;

  if (fixture->cancel_at > 0 && done >= fixture->cancel_at)
    g_cancellable_cancel (fixture->cancellable);
}

static void
on_done (GObject *object, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  fixture->result = rn_download_finish (result, &fixture->error);
  g_main_loop_quit (fixture->loop);
}

static void
fetch (Fixture *fixture, Behaviour behaviour)
{
  RnDownloadOptions options = { .mirror = fixture->base,
                                .directory = fixture->directory,
                                .timeout = 1,
                                .max_retries = 2,
                                .progress = on_progress,
                                .progress_data = fixture };

  g_clear_pointer (&fixture->result, g_free);
  g_clear_error (&fixture->error);
  g_clear_object (&fixture->cancellable);
  fixture->cancellable = g_cancellable_new ();
  test_server_behave (fixture->server, behaviour);
  rn_download_async (&fixture->source, &options, fixture->cancellable, on_done, fixture);
  g_main_loop_run (fixture->loop);
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

/* The folder is all that there is. */
static void
assert_fetched (Fixture *fixture)
{
  g_autoptr (RnDataSet) training = NULL;
  g_autoptr (RnDataSet) validation = NULL;

  g_assert_no_error (fixture->error);
  g_assert_cmpstr (fixture->result, ==, fixture->folder);
  g_assert_true (rn_source_is_fetched (&fixture->source, fixture->directory));
  g_assert_cmpint (count (fixture->directory), ==, 1);
  g_assert_true (
      rn_data_set_open_cifar10 (fixture->folder, &training, &validation, &fixture->error));
  g_assert_no_error (fixture->error);
  g_assert_cmpint (training->n_pictures, ==, (gint64) 5 * N_RECORDS);
}

static void
assert_refused (Fixture *fixture, GQuark domain, int code)
{
  g_assert_error (fixture->error, domain, code);
  g_test_message ("%s", fixture->error->message);
  g_assert_null (strchr (fixture->error->message, '\n'));
  g_assert_null (fixture->result);
  g_assert_false (rn_source_is_fetched (&fixture->source, fixture->directory));
  g_assert_cmpint (count (fixture->directory), ==, 0);
}

static void
test_well (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("An archive comes, becomes a folder, goes, and is not fetched twice");

  fetch (fixture, BEHAVE_WELL);
  assert_fetched (fixture);
  fetch (fixture, BEHAVE_NOT_FOUND);
  assert_fetched (fixture);
  g_assert_cmpint (test_server_get_n_requests (fixture->server), ==, 0);
}

static void
test_cut (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A broken connection is resumed, and the whole unpacked");

  fetch (fixture, BEHAVE_CUT_ONCE);
  assert_fetched (fixture);
  g_assert_cmpint (test_server_get_n_requests (fixture->server), ==, 2);
}

static void
test_checksum (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("Content of another checksum is not unpacked");

  fetch (fixture, BEHAVE_OTHER_CONTENT);
  assert_refused (fixture, RN_DOWNLOAD_ERROR, RN_DOWNLOAD_ERROR_CHECKSUM);
}

static void
test_bad_archives (Fixture *fixture, gconstpointer data)
{
  static const Cifar10Member members[] = {
    { "../../evil.bin", CIFAR10_FILE, 3073, NULL },
    { CIFAR10_FOLDER "more.bin", CIFAR10_FILE, 3073, NULL },
    { CIFAR10_FOLDER "test_batch.bin", CIFAR10_FILE, 30733073, NULL },
    { CIFAR10_FOLDER "test_batch.bin", CIFAR10_SYMLINK, 0, "/etc/passwd" },
  };

  g_test_summary ("An archive that holds what it should not leaves nothing, whatever its checksum");

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      g_autoptr (GBytes) archive = cifar10_make (&members[i], N_RECORDS);

      serve (fixture, archive);
      fetch (fixture, BEHAVE_WELL);
      assert_refused (fixture, RN_DATA_SET_ERROR, RN_DATA_SET_ERROR_FORMAT);
    }
}

static void
test_truncated (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) whole = cifar10_make (NULL, N_RECORDS);
  g_autoptr (GBytes) archive = g_bytes_new_from_bytes (whole, 0, g_bytes_get_size (whole) / 2);

  g_test_summary ("An archive that was published cut off leaves nothing");

  serve (fixture, archive);
  fetch (fixture, BEHAVE_WELL);
  assert_refused (fixture, RN_DATA_SET_ERROR, RN_DATA_SET_ERROR_FORMAT);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("Cancelled, it keeps what came of the archive, and goes on from there");

  fixture->cancel_at = 1;
  fetch (fixture, BEHAVE_SLOWLY);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (fixture->folder, G_FILE_TEST_EXISTS));
  g_assert_cmpint (count (fixture->directory), ==, 1);

  fixture->cancel_at = 0;
  fetch (fixture, BEHAVE_WELL);
  assert_fetched (fixture);
  g_assert_cmpint (test_server_get_last_start (fixture->server), >, 0);
}

typedef struct
{
  const char *name;
  void (*func) (Fixture *fixture, gconstpointer data);
} Case;

static const Case cases[] = {
  { "well", test_well },
  { "cut", test_cut },
  { "checksum", test_checksum },
  { "bad-archives", test_bad_archives },
  { "truncated", test_truncated },
  { "cancel", test_cancel },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  /* A proxy of whoever runs the tests must not come between them and loopback. */
  g_setenv ("no_proxy", "127.0.0.1", TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/download/pictures/%s", cases[i].name);

      g_test_add (path, Fixture, NULL, set_up, cases[i].func, tear_down);
    }

  return g_test_run ();
}
