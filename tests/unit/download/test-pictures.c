/* A set of pictures, fetched from a server on loopback and unpacked. */
#include <glib/gstdio.h>
#include <string.h>

#include "engine/training/data-set.h"
#include "tests/unit/download/download-fixture.h"
#include "tests/unit/training/cifar10-maker.h"

#define N_RECORDS 100

typedef struct
{
  DownloadFixture download;
  char *folder;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) archive = cifar10_make (NULL, N_RECORDS);

  download_fixture_set_up (&fixture->download, "archive.tar.gz");
  fixture->download.source.kind = RN_SOURCE_PICTURES;
  fixture->download.source.id = (char *) "cifar10";
  download_fixture_serve (&fixture->download, archive);
  fixture->folder =
      rn_source_get_place (&fixture->download.source, fixture->download.directory);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  download_fixture_tear_down (&fixture->download);
  g_free (fixture->folder);
}

static void
fetch (Fixture *fixture, Behaviour behaviour)
{
  download_fixture_fetch (&fixture->download, behaviour);
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

  g_assert_no_error (fixture->download.error);
  g_assert_cmpstr (fixture->download.result, ==, fixture->folder);
  g_assert_true (rn_source_is_fetched (&fixture->download.source, fixture->download.directory));
  g_assert_cmpint (count (fixture->download.directory), ==, 1);
  g_assert_true (
      rn_data_set_open_cifar10 (fixture->folder, &training, &validation, &fixture->download.error));
  g_assert_no_error (fixture->download.error);
  g_assert_cmpint (training->n_pictures, ==, (gint64) 5 * N_RECORDS);
}

static void
assert_refused (Fixture *fixture, GQuark domain, int code)
{
  g_assert_error (fixture->download.error, domain, code);
  g_test_message ("%s", fixture->download.error->message);
  g_assert_null (strchr (fixture->download.error->message, '\n'));
  g_assert_null (fixture->download.result);
  g_assert_false (rn_source_is_fetched (&fixture->download.source, fixture->download.directory));
  g_assert_cmpint (count (fixture->download.directory), ==, 0);
}

static void
test_well (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("An archive comes, becomes a folder, goes, and is not fetched twice");

  fetch (fixture, BEHAVE_WELL);
  assert_fetched (fixture);
  fetch (fixture, BEHAVE_NOT_FOUND);
  assert_fetched (fixture);
  g_assert_cmpint (test_server_get_n_requests (fixture->download.server), ==, 0);
}

static void
test_cut (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A broken connection is resumed, and the whole unpacked");

  fetch (fixture, BEHAVE_CUT_ONCE);
  assert_fetched (fixture);
  g_assert_cmpint (test_server_get_n_requests (fixture->download.server), ==, 2);
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

      download_fixture_serve (&fixture->download, archive);
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

  download_fixture_serve (&fixture->download, archive);
  fetch (fixture, BEHAVE_WELL);
  assert_refused (fixture, RN_DATA_SET_ERROR, RN_DATA_SET_ERROR_FORMAT);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("Cancelled, it keeps what came of the archive, and goes on from there");

  fixture->download.cancel_at = 1;
  fetch (fixture, BEHAVE_WAITING);
  g_assert_error (fixture->download.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (fixture->folder, G_FILE_TEST_EXISTS));
  g_assert_cmpint (count (fixture->download.directory), ==, 1);

  fixture->download.cancel_at = 0;
  fetch (fixture, BEHAVE_WELL);
  assert_fetched (fixture);
  g_assert_cmpint (test_server_get_last_start (fixture->download.server), >, 0);
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
