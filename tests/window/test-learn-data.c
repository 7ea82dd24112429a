/* CIFAR-10 in the learn view: offered, fetched from a server on loopback, learned from. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "engine/training/data-set.h"
#include "tests/remove-tree.h"
#include "tests/unit/download/test-server.h"
#include "tests/unit/training/cifar10-maker.h"
#include "tests/window/fixture.h"
#include "tests/window/window-test.h"
#include "ui/learn/learn-actions.h"
#include "ui/learn/learn-window.h"

#define SETUP "nets=plain8,resnet8-paper; data=cifar10; pictures=100; epochs=1; batch=16; rate=0.05"

/* A window over a data folder of its own, whose list names one set of pictures. */
typedef struct
{
  Fixture window;
  char *data_dir;
  char *pictures; /* the folder that fetched ones are kept in */
  GBytes *archive;
  TestServer *server;
} Scene;

static void
write_sources (Scene *scene)
{
  g_autofree char *folder = g_build_filename (scene->data_dir, "weights", NULL);
  g_autofree char *path = g_build_filename (folder, "sources.json", NULL);
  g_autofree char *base = test_server_get_base (scene->server);
  g_autofree char *md5 = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, scene->archive);
  g_autofree char *bundled =
      g_build_filename (g_getenv ("RN_DATA_DIR"), "weights", "resnet18.h5", NULL);
  g_autofree char *link = g_build_filename (folder, "resnet18.h5", NULL);
  g_autofree char *text = g_strdup_printf (
      "[{\"id\": \"cifar10\", \"kind\": \"pictures\", \"title\": \"CIFAR-10\", \"url\": "
      "\"%ssmall.tar.gz\", \"path\": \"small.tar.gz\", \"md5\": \"%s\", \"license\": "
      "\"not stated\", \"size\": %" G_GSIZE_FORMAT "}]",
      base, md5, g_bytes_get_size (scene->archive));

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (symlink (bundled, link), ==, 0);
}

static void
scene_set_up (Scene *scene, gconstpointer unused)
{
  scene->data_dir = g_dir_make_tmp ("rn-learn-data-XXXXXX", NULL);
  scene->pictures = rn_data_set_get_fetched_folder (NULL);
  test_remove_tree (scene->pictures);
  scene->archive = cifar10_make (NULL, 40);
  scene->server = test_server_new (scene->archive);
  write_sources (scene);
  fixture_set_up_at (&scene->window, scene->data_dir, "resnet18");
}

static void
scene_tear_down (Scene *scene, gconstpointer unused)
{
  fixture_tear_down (&scene->window, NULL);
  test_server_free (scene->server);
  g_bytes_unref (scene->archive);
  test_remove_tree (scene->data_dir);
  test_remove_tree (scene->pictures);
  g_free (scene->data_dir);
  g_free (scene->pictures);
}

static RnLearning *
get_learning (Fixture *fixture)
{
  return rn_learn_actions_get_learning (GTK_APPLICATION_WINDOW (fixture->window));
}

static RnLearnWindow *
get_view (Fixture *fixture)
{
  return RN_LEARN_WINDOW (rn_learn_actions_get_window (GTK_APPLICATION_WINDOW (fixture->window)));
}

static RnDataFetch *
get_fetch (Fixture *fixture)
{
  return rn_learn_form_get_fetch (rn_learn_window_get_form (get_view (fixture)));
}

static gboolean
is_offered (Fixture *fixture)
{
  return gtk_widget_get_visible (GTK_WIDGET (get_fetch (fixture)));
}

static gboolean
is_here (Fixture *fixture)
{
  return !is_offered (fixture);
}

/* Whether some of it has come: without a byte there would be nothing to resume. */
static gboolean
comes (Fixture *fixture)
{
  const char *text = rn_data_fetch_get_text (get_fetch (fixture));

  return strstr (text, "a second") != NULL && !g_str_has_prefix (text, "0 bytes");
}

static gboolean
has_stopped (Fixture *fixture)
{
  return !g_str_equal (rn_data_fetch_get_verb (get_fetch (fixture)), "_Cancel");
}

static gboolean
is_over (Fixture *fixture)
{
  return !rn_learning_is_active (get_learning (fixture));
}

static void
open_with (Fixture *fixture, const char *text)
{
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.learn-with", "s", text));
}

static void
start (Fixture *fixture)
{
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (get_view (fixture)), "learn.toggle", NULL));
  fixture_wait (fixture, is_over, "the end of a run");
}

static void
shoot (Fixture *fixture, const char *name)
{
  rn_window_test_settle (300);
  rn_window_test_shoot (GTK_WIDGET (get_view (fixture)), name);
}

static void
test_fetch (Scene *scene, gconstpointer unused)
{
  Fixture *fixture = &scene->window;

  g_test_summary ("CIFAR-10 is offered where it is not here, and fetched when that is asked for");

  open_with (fixture, SETUP);
  g_assert_true (is_offered (fixture));
  g_assert_cmpstr (rn_data_fetch_get_verb (get_fetch (fixture)), ==, "_Fetch");
  start (fixture);
  g_assert_nonnull (strstr (rn_learn_window_get_message (get_view (fixture)), "not here yet"));
  g_assert_cmpint (test_server_get_n_requests (scene->server), ==, 0);
  shoot (fixture, "learn-data-absent");

  test_server_behave (scene->server, BEHAVE_WAITING);
  rn_data_fetch_act (get_fetch (fixture));
  g_assert_cmpstr (rn_data_fetch_get_verb (get_fetch (fixture)), ==, "_Cancel");
  fixture_wait (fixture, comes, "progress");
  rn_window_test_shoot (GTK_WIDGET (get_view (fixture)), "learn-data-fetching");
  rn_data_fetch_act (get_fetch (fixture));
  fixture_wait (fixture, has_stopped, "the end of a fetch");
  g_assert_cmpstr (rn_data_fetch_get_verb (get_fetch (fixture)), ==, "_Resume");
  g_assert_true (is_offered (fixture));

  test_server_behave (scene->server, BEHAVE_WELL);
  rn_data_fetch_act (get_fetch (fixture));
  fixture_wait (fixture, is_here, "CIFAR-10");
  start (fixture);
  g_assert_false (isnan (rn_learning_get_val_error (get_learning (fixture), 0)));
  g_assert_false (isnan (rn_learning_get_val_error (get_learning (fixture), 1)));
  shoot (fixture, "learn-data-fetched");
}

static void
test_wrong (Scene *scene, gconstpointer unused)
{
  Fixture *fixture = &scene->window;

  g_test_summary ("What goes wrong is said there, and it can be tried again; a folder does as well");

  open_with (fixture, SETUP);
  test_server_behave (scene->server, BEHAVE_OTHER_CONTENT);
  rn_data_fetch_act (get_fetch (fixture));
  fixture_wait (fixture, has_stopped, "the end of a fetch");
  g_assert_nonnull (strstr (rn_data_fetch_get_text (get_fetch (fixture)), "MD5"));
  g_assert_cmpstr (rn_data_fetch_get_verb (get_fetch (fixture)), ==, "_Fetch");
  shoot (fixture, "learn-data-wrong");

  open_with (fixture, "data=shapes");
  g_assert_false (is_offered (fixture));
  open_with (fixture, "data=cifar10:/nowhere");
  g_assert_false (is_offered (fixture));
  open_with (fixture, "data=cifar10");
  g_assert_true (is_offered (fixture));
  gtk_window_destroy (GTK_WINDOW (get_view (fixture)));
  test_server_behave (scene->server, BEHAVE_WELL);
  open_with (fixture, "data=cifar10");
  rn_data_fetch_act (get_fetch (fixture));
  fixture_wait (fixture, is_here, "CIFAR-10");
  gtk_window_destroy (GTK_WINDOW (get_view (fixture)));
  open_with (fixture, "data=cifar10");
  g_assert_false (is_offered (fixture));
}

#define ADD(path, func)                                                                            \
  g_test_add ("/learn-data/" path, Scene, NULL, scene_set_up, func, scene_tear_down)

int
main (int argc, char *argv[])
{
  g_autofree char *home = g_dir_make_tmp ("rn-learn-home-XXXXXX", NULL);
  int failed;

  /* What the tests fetch is not the user's; before GLib asks for the folder. */
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_setenv ("no_proxy", "127.0.0.1", TRUE);
  if (!rn_window_test_init (&argc, &argv))
    return 0;

  ADD ("fetch", test_fetch);
  ADD ("wrong", test_wrong);

  failed = g_test_run ();
  test_remove_tree (home);

  return failed;
}
