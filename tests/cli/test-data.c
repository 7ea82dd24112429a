/* Pictures to learn from: listed, fetched from a server on loopback, and learned from. */
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "command.h"
#include "tests/remove-tree.h"
#include "tests/unit/download/test-server.h"
#include "tests/unit/training/cifar10-maker.h"

#define N_RECORDS 4

/* A data folder whose list names one set of pictures, served on loopback, and an empty home. */
typedef struct
{
  char *folder;
  char *data_dir;
  char *list;
  char *home;
  TestServer *server;
} Place;

static void
write_list (Place *place, GBytes *archive)
{
  g_autofree char *base = test_server_get_base (place->server);
  g_autofree char *md5 = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, archive);
  g_autofree char *text = g_strdup_printf (
      "[{\"id\": \"cifar10\", \"kind\": \"pictures\", \"title\": \"Small\", "
      "\"url\": \"%ssmall.tar.gz\", \"path\": \"small.tar.gz\", \"md5\": \"%s\", "
      "\"license\": \"none\"}]",
      base, md5);

  g_assert_true (g_file_set_contents (place->list, text, -1, NULL));
}

static void
set_up (Place *place, gconstpointer data)
{
  g_autoptr (GBytes) archive = cifar10_make (NULL, N_RECORDS);
  g_autofree char *weights = NULL;

  place->folder = g_dir_make_tmp ("data-XXXXXX", NULL);
  place->data_dir = g_build_filename (place->folder, "data", NULL);
  place->home = g_build_filename (place->folder, "home", NULL);
  weights = g_build_filename (place->data_dir, "weights", NULL);
  place->list = g_build_filename (weights, "sources.json", NULL);
  place->server = test_server_new (archive);
  g_assert_cmpint (g_mkdir_with_parents (weights, 0700), ==, 0);
  write_list (place, archive);
}

static void
tear_down (Place *place, gconstpointer data)
{
  test_remove_tree (place->folder);
  test_server_free (place->server);
  g_free (place->folder);
  g_free (place->data_dir);
  g_free (place->list);
  g_free (place->home);
}

static void
on_done (GObject *process, GAsyncResult *result, gpointer data)
{
  CommandResult *answer = data;

  g_assert_true (g_subprocess_communicate_utf8_finish (G_SUBPROCESS (process), result, &answer->out,
                                                       &answer->err, NULL));
  answer->status = g_subprocess_get_exit_status (G_SUBPROCESS (process));
}

/* Runs `resnet` in that place, and the server beside it. */
static CommandResult *
run_here (Place *place, const char *line)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autofree char *full = g_strconcat (g_getenv ("RN_RESNET"), " ", line, NULL);
  g_auto (GStrv) words = g_strsplit (full, " ", -1);
  g_autoptr (GSubprocess) process = NULL;
  CommandResult *answer = g_new0 (CommandResult, 1);

  g_subprocess_launcher_setenv (launcher, "RN_DATA_DIR", place->data_dir, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", place->home, TRUE);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) words, NULL);
  g_assert_nonnull (process);
  g_subprocess_communicate_utf8_async (process, NULL, NULL, on_done, answer);
  while (answer->out == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_test_message ("resnet %s: %d %s%s", line, answer->status, answer->out, answer->err);

  return answer;
}

static void
test_fetch (Place *place, gconstpointer data)
{
  static const char train[] = "train plain8 --data cifar10 --batch 4 --epochs 1 --json";
  g_autofree char *folder =
      g_build_filename (place->home, "resnet-explorer", "pictures", "cifar10", NULL);
  g_autofree char *train_folder =
      g_strdup_printf ("train plain8 --data cifar10:%s --batch 4 --epochs 1 --json", folder);
  g_autoptr (CommandResult) before = run_here (place, "data list");
  g_autoptr (CommandResult) absent = run_here (place, train);
  g_autoptr (CommandResult) fetched = run_here (place, "data fetch cifar10");
  g_autoptr (CommandResult) after = run_here (place, "data list");
  g_autoptr (CommandResult) trained = run_here (place, train);
  g_autoptr (CommandResult) as_folder = run_here (place, train_folder);
  g_autoptr (JsonNode) line = json_from_string (trained->out, NULL);

  g_test_summary ("CIFAR-10 is missed in a line that says how to fetch it, fetched, learned from");

  g_assert_nonnull (strstr (before->out, "not fetched"));
  g_assert_cmpint (absent->status, ==, 1);
  g_assert_nonnull (strstr (absent->err, "`resnet data fetch cifar10` does it"));
  g_assert_true (strchr (absent->err, '\n') == absent->err + strlen (absent->err) - 1);
  g_assert_cmpint (fetched->status, ==, 0);
  g_assert_cmpstr (g_strchomp (fetched->out), ==, folder);
  g_assert_cmpstr (fetched->err, ==, "");
  g_assert_null (strstr (after->out, "not fetched"));
  g_assert_cmpint (trained->status, ==, 0);
  g_assert_cmpfloat (
      json_object_get_double_member (json_node_get_object (line), "val_error"), <=, 1);
  g_assert_cmpint (as_folder->status, ==, 0);
}

static void
test_bad (Place *place, gconstpointer data)
{
  static const Cifar10Member evil = { "../evil.bin", CIFAR10_FILE, 3073, NULL };
  g_autoptr (GBytes) archive = cifar10_make (&evil, N_RECORDS);
  g_autofree char *pictures = g_build_filename (place->home, "resnet-explorer", "pictures", NULL);
  g_autoptr (GDir) dir = NULL;
  g_autoptr (CommandResult) wrong = NULL;
  g_autoptr (CommandResult) bad = NULL;

  g_test_summary ("Another checksum, and an archive that leads elsewhere, get a line and no file");

  test_server_behave (place->server, BEHAVE_OTHER_CONTENT);
  wrong = run_here (place, "data fetch cifar10");
  g_assert_cmpint (wrong->status, ==, 1);
  g_assert_nonnull (strstr (wrong->err, "MD5"));

  test_server_free (place->server);
  place->server = test_server_new (archive);
  write_list (place, archive);
  bad = run_here (place, "data fetch cifar10");
  g_assert_cmpint (bad->status, ==, 1);
  g_assert_nonnull (strstr (bad->err, "“../evil.bin” does not belong to CIFAR-10"));
  dir = g_dir_open (pictures, 0, NULL);
  g_assert_nonnull (dir);
  g_assert_null (g_dir_read_name (dir));
}

static const BadCase bad_cases[] = {
  { "data", 2, "fetch ID" },
  { "data fetch", 2, "fetch ID" },
  { "data fetch mnist", 1, "cifar10" },
  { "data fetch resnet50-keras2", 1, "`resnet weights fetch resnet50-keras2`" },
  { "weights fetch cifar10", 1, "`resnet data fetch cifar10`" },
  { "data fetch --mirror http://127.0.0.1:1 cifar10", 1, "127.0.0.1:1/cifar-10-binary.tar.gz" },
};

static void
test_words (void)
{
  g_autoptr (CommandResult) weights = command_run ("weights list");
  g_autoptr (CommandResult) pictures = command_run ("data list");

  g_test_summary ("Weights are not listed among pictures, nor pictures among weights");

  g_assert_null (strstr (weights->out, "cifar10"));
  g_assert_nonnull (strstr (pictures->out, "cifar10 "));
  g_assert_null (strstr (pictures->out, "resnet50"));
  command_check_bad (bad_cases, G_N_ELEMENTS (bad_cases));
}

int
main (int argc, char **argv)
{
  g_autofree char *data_home = g_dir_make_tmp ("rn-cli-data-XXXXXX", NULL);
  int failed;

  g_setenv ("XDG_DATA_HOME", data_home, TRUE);
  g_setenv ("no_proxy", "127.0.0.1", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/cli/data/fetch", Place, NULL, set_up, test_fetch, tear_down);
  g_test_add ("/cli/data/bad", Place, NULL, set_up, test_bad, tear_down);
  g_test_add_func ("/cli/data/words", test_words);

  failed = g_test_run ();
  test_remove_tree (data_home);

  return failed;
}
