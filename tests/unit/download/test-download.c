#include "tests/unit/download/download-fixture.h"

#include <glib/gstdio.h>
#include <sys/statvfs.h>

#define SIZE 300000

/* What every disk has free, in bytes. */
static guint64 free_bytes = G_GUINT64_CONSTANT (1) << 40;

/* In place of the C library's: a disk can be full without being filled. */
int
fstatvfs (int fd, struct statvfs *stats)
{
  *stats = (struct statvfs) { .f_frsize = 1, .f_bavail = free_bytes };

  return 0;
}

typedef struct
{
  DownloadFixture download;
  char *file;
  char *part;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  guint8 *content = g_malloc (SIZE);
  g_autoptr (GBytes) bytes = NULL;

  for (int i = 0; i < SIZE; i++)
    content[i] = g_test_rand_int_range (0, 256);
  bytes = g_bytes_new_take (content, SIZE);
  download_fixture_set_up (&fixture->download, "sub/weights.h5");
  download_fixture_serve (&fixture->download, bytes);
  fixture->file = g_build_filename (fixture->download.directory, "sub", "weights.h5", NULL);
  fixture->part = g_strconcat (fixture->file, ".part", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  download_fixture_tear_down (&fixture->download);
  g_free (fixture->file);
  g_free (fixture->part);
}

static void
fetch (Fixture *fixture, Behaviour behaviour)
{
  download_fixture_fetch (&fixture->download, behaviour);
}

static void
assert_fetched (Fixture *fixture)
{
  g_autofree char *md5 = NULL;

  g_assert_no_error (fixture->download.error);
  g_assert_cmpstr (fixture->download.result, ==, fixture->file);
  md5 = rn_download_md5_of (fixture->file, NULL, NULL);
  g_assert_cmpstr (md5, ==, fixture->download.md5);
  g_assert_false (g_file_test (fixture->part, G_FILE_TEST_EXISTS));
}

static void
assert_refused (Fixture *fixture, RnDownloadError code)
{
  g_assert_error (fixture->download.error, RN_DOWNLOAD_ERROR, (int) code);
  g_assert_null (strchr (fixture->download.error->message, '\n'));
  g_assert_null (fixture->download.result);
  g_assert_false (g_file_test (fixture->file, G_FILE_TEST_EXISTS));
}

static void
test_well (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A file comes whole, is named once it is right, and is not fetched twice");

  fetch (fixture, BEHAVE_WELL);
  assert_fetched (fixture);
  g_assert_cmpuint (fixture->download.last_done, ==, SIZE);

  fetch (fixture, BEHAVE_NOT_FOUND);
  assert_fetched (fixture);
  g_assert_cmpint (test_server_get_n_requests (fixture->download.server), ==, 0);
}

static void
test_slow (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A slow server is waited for, and progress is told");

  fetch (fixture, BEHAVE_SLOWLY);
  assert_fetched (fixture);
  g_assert_cmpint (fixture->download.n_reports, >=, 3);
}

static void
test_cut (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A broken connection is resumed where it broke");

  fetch (fixture, BEHAVE_CUT_ONCE);
  assert_fetched (fixture);
  g_assert_cmpint (test_server_get_n_requests (fixture->download.server), ==, 2);
  g_assert_cmpint (test_server_get_last_start (fixture->download.server), ==, SIZE / 2);
}

static void
test_no_range (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A server that cannot resume, or resumes elsewhere, is asked from the start");

  fetch (fixture, BEHAVE_NO_RANGE_CUT);
  assert_fetched (fixture);
  g_unlink (fixture->file);

  fetch (fixture, BEHAVE_WRONG_RANGE);
  assert_fetched (fixture);
  g_assert_cmpint (test_server_get_last_start (fixture->download.server), ==, -1);
}

static void
test_unsatisfiable (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_path_get_dirname (fixture->part);

  g_test_summary ("What an earlier try left is thrown away where it cannot be gone on with");

  g_mkdir_with_parents (folder, 0700);
  g_assert_true (g_file_set_contents (fixture->part, "left over", -1, NULL));
  fetch (fixture, BEHAVE_UNSATISFIABLE);
  assert_fetched (fixture);
}

static void
test_cut_always (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A connection that never brings anything is given up with a word on it");

  fetch (fixture, BEHAVE_CUT_ALWAYS);
  g_assert_nonnull (fixture->download.error);
  g_assert_null (fixture->download.result);
  g_assert_false (g_file_test (fixture->file, G_FILE_TEST_EXISTS));
  g_assert_cmpint (test_server_get_n_requests (fixture->download.server), ==, 2);
}

static void
test_wrong_length (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A server that promises more than it sends gives no file");

  fetch (fixture, BEHAVE_SHORT);
  g_assert_nonnull (fixture->download.error);
  g_assert_false (g_file_test (fixture->file, G_FILE_TEST_EXISTS));
}

static void
test_checksum (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("Other content is thrown away, not kept under the name nor resumed");

  fetch (fixture, BEHAVE_OTHER_CONTENT);
  assert_refused (fixture, RN_DOWNLOAD_ERROR_CHECKSUM);
  g_assert_nonnull (strstr (fixture->download.error->message, fixture->download.md5));
  g_assert_false (g_file_test (fixture->part, G_FILE_TEST_EXISTS));
}

static void
test_not_found (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A 404 is told at once, with the address");

  fetch (fixture, BEHAVE_NOT_FOUND);
  assert_refused (fixture, RN_DOWNLOAD_ERROR_SERVER);
  g_assert_nonnull (strstr (fixture->download.error->message, "404"));
  g_assert_nonnull (strstr (fixture->download.error->message, fixture->download.base));
  g_assert_cmpint (test_server_get_n_requests (fixture->download.server), ==, 1);
}

static void
test_redirect (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A redirection is followed");

  fetch (fixture, BEHAVE_REDIRECT);
  assert_fetched (fixture);
}

static void
test_stall (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A server that falls silent counts as broken after the timeout");

  fetch (fixture, BEHAVE_STALL);
  g_assert_nonnull (fixture->download.error);
  g_assert_false (g_file_test (fixture->file, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (fixture->part, G_FILE_TEST_EXISTS));
}

static void
test_huge (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("An offer larger than any weights is refused before it is taken");

  fetch (fixture, BEHAVE_HUGE);
  assert_refused (fixture, RN_DOWNLOAD_ERROR_SERVER);
}

static void
test_space (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("A disk without room is told before anything is taken; what came earlier stays");

  free_bytes = SIZE - 1;
  fetch (fixture, BEHAVE_WELL);
  assert_refused (fixture, RN_DOWNLOAD_ERROR_SPACE);
  g_assert_nonnull (strstr (fixture->download.error->message, fixture->file));
  g_assert_cmpuint (fixture->download.last_done, ==, 0);

  /* half is there already: the other half fits */
  free_bytes = SIZE;
  fetch (fixture, BEHAVE_STALL);
  g_assert_true (g_file_test (fixture->part, G_FILE_TEST_EXISTS));
  free_bytes = SIZE / 2;
  fetch (fixture, BEHAVE_WELL);
  assert_fetched (fixture);
  free_bytes = G_GUINT64_CONSTANT (1) << 40;
}

static void
test_proxy (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("The proxy that the environment names is asked, and not the publisher's server");

  fixture->download.source.url = (char *) "http://weights.invalid/weights.h5";
  g_setenv ("http_proxy", fixture->download.base, TRUE);
  fixture->download.from_publisher = TRUE;
  fetch (fixture, BEHAVE_WELL);
  g_unsetenv ("http_proxy");
  assert_fetched (fixture);
  g_assert_cmpint (test_server_get_n_requests (fixture->download.server), ==, 1);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("Cancelling keeps what came, and the next try goes on from there");

  fixture->download.cancel_at = SIZE / 4;
  fetch (fixture, BEHAVE_WAITING);
  g_assert_error (fixture->download.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (fixture->file, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (fixture->part, G_FILE_TEST_EXISTS));

  fixture->download.cancel_at = 0;
  fetch (fixture, BEHAVE_WELL);
  assert_fetched (fixture);
  g_assert_cmpint (test_server_get_last_start (fixture->download.server), >=, SIZE / 4);
}

static void
test_nobody (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("An address where nobody listens is named in the error");

  fixture->download.from_publisher = TRUE;
  fetch (fixture, BEHAVE_WELL);
  g_assert_nonnull (fixture->download.error);
  g_assert_nonnull (strstr (fixture->download.error->message, "127.0.0.1:1"));
}

static void
test_unwritable (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_path_get_dirname (fixture->file);

  g_test_summary ("A folder that cannot be made is named in the error");

  g_assert_true (g_file_set_contents (folder, "a file stands where the folder should", -1, NULL));
  fetch (fixture, BEHAVE_WELL);
  g_assert_nonnull (fixture->download.error);
  g_assert_nonnull (strstr (fixture->download.error->message, folder));
  g_unlink (folder);
}

typedef struct
{
  const char *name;
  void (*func) (Fixture *fixture, gconstpointer data);
} Case;

static const Case cases[] = {
  { "well", test_well },
  { "slow", test_slow },
  { "cut", test_cut },
  { "no-range", test_no_range },
  { "unsatisfiable", test_unsatisfiable },
  { "cut-always", test_cut_always },
  { "wrong-length", test_wrong_length },
  { "checksum", test_checksum },
  { "not-found", test_not_found },
  { "redirect", test_redirect },
  { "stall", test_stall },
  { "huge", test_huge },
  { "space", test_space },
  { "proxy", test_proxy },
  { "cancel", test_cancel },
  { "nobody", test_nobody },
  { "unwritable", test_unwritable },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  /* A proxy of whoever runs the tests must not come between them and loopback. */
  g_setenv ("no_proxy", "127.0.0.1", TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/download/%s", cases[i].name);

      g_test_add (path, Fixture, NULL, set_up, cases[i].func, tear_down);
    }

  return g_test_run ();
}
