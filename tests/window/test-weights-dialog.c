/* The window of all weights, against a server on loopback. */
#include <glib/gstdio.h>

#include "engine/formats/keras-hdf5-writer.h"
#include "tests/remove-tree.h"
#include "tests/unit/download/test-server.h"
#include "tests/window/fixture.h"
#include "tests/window/window-test.h"

#define LABELS "{\"0\": [\"n0\", \"first_class\"], \"1\": [\"n1\", \"second_class\"]}"

/* A window over a data folder of its own, whose list of published weights names one file, served by
 * a server of the test's. */
typedef struct
{
  Fixture window;
  char *data_dir;
  char *fetched_dir;
  GBytes *content;
  TestServer *server;
} Scene;

/* Row 0 is bundled, row 1 published. */
enum
{
  ROW_BUNDLED,
  ROW_PUBLISHED,
  ROW_RECENT,
};

static GBytes *
make_weights (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "rn-dialog-weights.h5", NULL);
  RnVariant variant = RN_VARIANT_DEFAULT;
  g_autoptr (RnModel) model = NULL;
  g_autoptr (RnWeights) weights = NULL;
  g_autoptr (RnBinding) binding = NULL;
  g_autoptr (GError) error = NULL;
  char *data;
  gsize size;

  variant.classes = 2;
  model = rn_catalog_build ("resnet20", &variant, NULL);
  weights = rn_weights_new_random (model, 7, NULL);
  rn_weights_get_info (weights)->trained = TRUE;
  binding = rn_binding_new (model, weights, NULL);
  g_assert_true (rn_keras_hdf5_write (binding, NULL, path, &error));
  g_assert_true (g_file_get_contents (path, &data, &size, &error));
  g_remove (path);

  return g_bytes_new_take (data, size);
}

static void
write_sources (Scene *scene)
{
  g_autofree char *folder = g_build_filename (scene->data_dir, "weights", NULL);
  g_autofree char *path = g_build_filename (folder, "sources.json", NULL);
  g_autofree char *base = test_server_get_base (scene->server);
  g_autofree char *md5 = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, scene->content);
  g_autofree char *labels_md5 = g_compute_checksum_for_string (G_CHECKSUM_MD5, LABELS, -1);
  g_autofree char *text = g_strdup_printf (
      "[{\"id\": \"small\", \"title\": \"A small network\", \"model\": \"resnet20\", "
      "\"names\": \"keras2\", \"top\": true, \"epsilon\": 0.001, \"preprocess\": \"unit\", "
      "\"labels\": \"names\", \"url\": \"%ssmall.h5\", \"path\": \"test/small.h5\", "
      "\"md5\": \"%s\", \"license\": \"MIT\", \"size\": %" G_GSIZE_FORMAT "}, "
      "{\"id\": \"names\", \"title\": \"Names\", \"url\": \"%snames.json\", "
      "\"path\": \"test/names.json\", \"md5\": \"%s\", \"license\": \"MIT\"}]",
      base, md5, g_bytes_get_size (scene->content), base, labels_md5);
  g_autofree char *bundled = g_build_filename (g_getenv ("RN_DATA_DIR"), "weights", "resnet18.h5", NULL);
  g_autofree char *link = g_build_filename (folder, "resnet18.h5", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, &error));
  g_assert_cmpint (symlink (bundled, link), ==, 0);
}

static void
scene_set_up (Scene *scene, gconstpointer unused)
{
  g_autoptr (GBytes) labels = g_bytes_new_static (LABELS, strlen (LABELS));

  scene->data_dir = g_dir_make_tmp ("rn-dialog-XXXXXX", NULL);
  scene->fetched_dir = rn_source_get_default_directory ();
  test_remove_tree (scene->fetched_dir);
  gtk_recent_manager_purge_items (gtk_recent_manager_get_default (), NULL);
  scene->content = make_weights ();
  scene->server = test_server_new (scene->content);
  test_server_put (scene->server, "/names.json", labels);
  test_server_put (scene->server, "/test/names.json", labels);
  write_sources (scene);
  fixture_set_up_at (&scene->window, scene->data_dir, "resnet18");
}

static void
scene_tear_down (Scene *scene, gconstpointer unused)
{
  fixture_tear_down (&scene->window, NULL);
  test_server_free (scene->server);
  g_bytes_unref (scene->content);
  test_remove_tree (scene->data_dir);
  test_remove_tree (scene->fetched_dir);
  g_free (scene->data_dir);
  g_free (scene->fetched_dir);
}

static RnWeightsDialog *
open_dialog (Scene *scene)
{
  gtk_widget_activate_action (GTK_WIDGET (scene->window.window), "win.weights", NULL);

  return rn_weights_actions_get_dialog (rn_window_get_weights (scene->window.window));
}

static RnWeightsState
get_state (RnWeightsDialog *dialog)
{
  return rn_weights_item_get_state (
      rn_weights_row_get_item (rn_weights_dialog_get_row (dialog, ROW_PUBLISHED)));
}

static gboolean
is_not_fetching (gpointer dialog)
{
  return get_state (dialog) != RN_WEIGHTS_FETCHING;
}

static gboolean
has_some (gpointer dialog)
{
  RnWeightsItem *item = rn_weights_row_get_item (rn_weights_dialog_get_row (dialog, ROW_PUBLISHED));

  return rn_weights_item_get_fraction (item) > 0.2;
}

static void
shoot (RnWeightsDialog *dialog, const char *name)
{
  rn_window_test_settle (300);
  rn_window_test_shoot (GTK_WIDGET (dialog), name);
}

static void
test_fetch (Scene *scene, gconstpointer unused)
{
  RnWeightsDialog *dialog;
  RnWeightsRow *row;
  RnNetwork *network;

  g_test_summary ("Nothing is fetched before it is asked for; what was fetched is used at once, "
                  "its classes named");

  fixture_open_sample (&scene->window, "parachute.png");
  dialog = open_dialog (scene);
  row = rn_weights_dialog_get_row (dialog, ROW_PUBLISHED);
  g_assert_null (rn_weights_row_get_verb (rn_weights_dialog_get_row (dialog, ROW_BUNDLED)));
  g_assert_cmpstr (rn_weights_row_get_verb (row), ==, "_Fetch");
  shoot (dialog, "weights-dialog");
  g_assert_cmpint (test_server_get_n_requests (scene->server), ==, 0);

  test_server_behave (scene->server, BEHAVE_WAITING);
  rn_weights_row_act (row);
  g_assert_cmpstr (rn_weights_row_get_verb (row), ==, "_Cancel");
  rn_window_test_wait (has_some, dialog);
  g_test_message ("%s", rn_weights_row_get_status (row));
  g_assert_nonnull (strstr (rn_weights_row_get_status (row), "a second"));
  rn_window_test_shoot (GTK_WIDGET (dialog), "weights-dialog-fetching");
  test_server_behave (scene->server, BEHAVE_WELL);
  rn_window_test_wait (is_not_fetching, dialog);
  g_assert_cmpstr (rn_weights_row_get_verb (row), ==, "_Use");

  rn_weights_row_act (row);
  while (g_strcmp0 (rn_document_get_model_id (scene->window.document), "resnet20") != 0)
    g_main_context_iteration (NULL, TRUE);
  fixture_wait_run (&scene->window);
  network = rn_document_get_network (scene->window.document);
  g_assert_cmpstr (rn_network_get_weights (network)->name, ==, "A small network");
  g_assert_cmpstr (rn_network_get_weights (network)->labels[1], ==, "second class");
  g_assert_cmpint (rn_network_get_preprocess (network), ==, RN_PREPROCESS_UNIT);
  g_assert_null (rn_weights_row_get_verb (row));
  g_assert_null (rn_window_get_message (scene->window.window));
  shoot (dialog, "weights-dialog-used");
}

static void
test_cancel (Scene *scene, gconstpointer unused)
{
  RnWeightsDialog *dialog;
  RnWeightsRow *row;

  g_test_summary ("A fetch that is cancelled keeps what has come, and goes on from there");

  fixture_open_sample (&scene->window, "parachute.png");
  dialog = open_dialog (scene);
  row = rn_weights_dialog_get_row (dialog, ROW_PUBLISHED);
  test_server_behave (scene->server, BEHAVE_WAITING);
  rn_weights_row_act (row);
  rn_window_test_wait (has_some, dialog);
  rn_weights_row_act (row);
  rn_window_test_wait (is_not_fetching, dialog);
  g_assert_cmpint (get_state (dialog), ==, RN_WEIGHTS_PARTIAL);
  g_assert_cmpstr (rn_weights_row_get_verb (row), ==, "_Resume");
  g_assert_null (rn_weights_item_get_error (rn_weights_row_get_item (row)));
  shoot (dialog, "weights-dialog-partial");

  test_server_behave (scene->server, BEHAVE_WELL);
  rn_weights_row_act (row);
  rn_window_test_wait (is_not_fetching, dialog);
  g_assert_cmpint (get_state (dialog), ==, RN_WEIGHTS_READY);
  g_assert_cmpint (test_server_get_last_start (scene->server), >, 0);
}

static void
test_errors (Scene *scene, gconstpointer unused)
{
  static const struct
  {
    Behaviour behaviour;
    const char *message;
    RnWeightsState state;
  } cases[] = {
    { BEHAVE_NOT_FOUND, "404", RN_WEIGHTS_ABSENT },
    { BEHAVE_OTHER_CONTENT, "MD5", RN_WEIGHTS_ABSENT },
    { BEHAVE_HUGE, "", RN_WEIGHTS_ABSENT },
  };
  RnWeightsDialog *dialog;
  RnWeightsRow *row;

  g_test_summary ("What goes wrong is said in the row, and can be tried again; a mirror is asked "
                  "instead where one is set");

  fixture_open_sample (&scene->window, "parachute.png");
  dialog = open_dialog (scene);
  row = rn_weights_dialog_get_row (dialog, ROW_PUBLISHED);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      test_server_behave (scene->server, cases[i].behaviour);
      rn_weights_row_act (row);
      rn_window_test_wait (is_not_fetching, dialog);
      g_test_message ("%s", rn_weights_row_get_status (row));
      g_assert_cmpint (get_state (dialog), ==, cases[i].state);
      g_assert_cmpstr (rn_weights_row_get_status (row), !=, "");
      g_assert_nonnull (strstr (rn_weights_row_get_status (row), cases[i].message));
      if (i == 1)
        shoot (dialog, "weights-dialog-error");
    }

  test_server_behave (scene->server, BEHAVE_WELL);
  g_object_set (rn_weights_actions_get_store (rn_window_get_weights (scene->window.window)),
                "mirror", "http://127.0.0.1:1/", NULL);
  rn_weights_row_act (row);
  rn_window_test_wait (is_not_fetching, dialog);
  g_assert_nonnull (strstr (rn_weights_row_get_status (row), "127.0.0.1:1/test/"));
  g_object_set (rn_weights_actions_get_store (rn_window_get_weights (scene->window.window)),
                "mirror", "", NULL);
  rn_weights_row_act (row);
  rn_window_test_wait (is_not_fetching, dialog);
  g_assert_cmpint (get_state (dialog), ==, RN_WEIGHTS_READY);
  g_assert_cmpstr (rn_weights_row_get_status (row), ==, "");
}

static gboolean
has_recent (gpointer data)
{
  Scene *scene = data;
  RnWeightsStore *store = rn_weights_actions_get_store (rn_window_get_weights (scene->window.window));

  return g_menu_model_get_n_items (rn_weights_store_get_recent (store)) > 0;
}

static void
test_recent (Scene *scene, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (scene->data_dir, "mine.h5", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  RnWeightsDialog *dialog;
  RnWeightsRow *row;

  g_test_summary ("A file that was opened is remembered, and opened again from menu and list");

  g_file_set_contents (path, g_bytes_get_data (scene->content, NULL),
                       g_bytes_get_size (scene->content), &error);
  g_assert_no_error (error);
  fixture_open_sample (&scene->window, "parachute.png");
  g_assert_true (fixture_drop_file (&scene->window, file));
  while (g_strcmp0 (rn_document_get_model_id (scene->window.document), "resnet20") != 0)
    g_main_context_iteration (NULL, TRUE);
  fixture_wait_run (&scene->window);
  rn_window_test_wait (has_recent, scene);

  gtk_widget_activate_action (GTK_WIDGET (scene->window.window), "win.model", "s", "resnet18");
  fixture_wait_run (&scene->window);
  dialog = open_dialog (scene);
  row = rn_weights_dialog_get_row (dialog, ROW_RECENT);
  g_assert_cmpstr (rn_weights_item_get_title (rn_weights_row_get_item (row)), ==, "mine.h5");
  g_assert_cmpstr (rn_weights_row_get_verb (row), ==, "_Open");
  gtk_widget_activate_action (GTK_WIDGET (scene->window.window), "win.open-recent", "s", path);
  while (g_strcmp0 (rn_document_get_model_id (scene->window.document), "resnet20") != 0)
    g_main_context_iteration (NULL, TRUE);
  fixture_wait_run (&scene->window);
  shoot (dialog, "weights-dialog-recent");
}

#define ADD(path, func)                                                                            \
  g_test_add ("/weights-dialog/" path, Scene, NULL, scene_set_up, func, scene_tear_down)

int
main (int argc, char *argv[])
{
  g_autofree char *home = g_dir_make_tmp ("rn-dialog-home-XXXXXX", NULL);
  int failed;

  /* What the tests fetch and remember is not the user's; before GLib asks for the folder. */
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  if (!rn_window_test_init (&argc, &argv))
    return 0;

  ADD ("fetch", test_fetch);
  ADD ("cancel", test_cancel);
  ADD ("errors", test_errors);
  ADD ("recent", test_recent);

  failed = g_test_run ();
  test_remove_tree (home);

  return failed;
}
