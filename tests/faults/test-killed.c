/* Windows whose readers end themselves at once: whatever a window still made of a stranger's file,
 * it would have made itself, and that is wrong. */
#include "tests/remove-tree.h"
#include "tests/window/fixture.h"

#include <string.h>

#include "app/common/data-dir.h"
#include "engine/formats/keras-json-writer.h"
#include "tests/window/window-test.h"
#include "ui/compare/compare-window.h"
#include "ui/learn/learn-actions.h"
#include "ui/learn/learn-window.h"
#include "ui/teach/teach-actions.h"

typedef struct
{
  Fixture window; /* first: what waits knows of the fixture alone */
  char *folder;
  GFile *picture, *weights, *model;
  char *pictures; /* a folder with a folder a class */
} Scene;

static void
make_reader (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents_full (path, "#!/bin/sh\nkill -KILL $$\n", -1,
                                           G_FILE_SET_CONTENTS_NONE, 0700, NULL));
}

/* Returns: (transfer full): a copy of one of the program's own files, which is nothing special */
static GFile *
copy_data (const char *from_folder, const char *from, const char *to_folder, const char *to)
{
  g_autoptr (GFile) source =
      g_file_new_build_filename (rn_data_dir_get (), from_folder, from, NULL);
  GFile *copy = g_file_new_build_filename (to_folder, to, NULL);
  g_autoptr (GError) error = NULL;

  g_file_copy (source, copy, G_FILE_COPY_NONE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);

  return copy;
}

static void
make_class (Scene *scene, const char *name, const char *sample)
{
  g_autofree char *folder = g_build_filename (scene->pictures, name, NULL);
  g_autoptr (GFile) copy = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  copy = copy_data ("samples", sample, folder, sample);
}

static void
set_up (Scene *scene, gconstpointer unused)
{
  g_autoptr (RnModel) model = rn_catalog_build ("resnet20", &RN_VARIANT_DEFAULT, NULL);
  g_autofree char *reader = NULL;

  scene->folder = g_dir_make_tmp ("rn-killed-XXXXXX", NULL);
  g_assert_nonnull (scene->folder);
  make_reader (scene->folder, "resnet-reader");
  make_reader (scene->folder, "resnet-picture-reader");
  scene->picture = copy_data ("samples", "tench.png", scene->folder, "stranger.png");
  scene->weights = copy_data ("weights", "resnet18.h5", scene->folder, "stranger.h5");
  scene->model = g_file_new_build_filename (scene->folder, "stranger.json", NULL);
  g_assert_true (rn_model_write_keras_json (model, g_file_peek_path (scene->model), NULL));
  scene->pictures = g_build_filename (scene->folder, "pictures", NULL);
  make_class (scene, "a", "tench.png");
  make_class (scene, "b", "church.png");

  reader = g_build_filename (scene->folder, "resnet-reader", NULL);
  fixture_set_up_with (&scene->window, rn_data_dir_get (), reader, "resnet18");
}

static void
tear_down (Scene *scene, gconstpointer unused)
{
  fixture_tear_down (&scene->window, NULL);
  test_remove_tree (scene->folder);
  g_object_unref (scene->picture);
  g_object_unref (scene->weights);
  g_object_unref (scene->model);
  g_free (scene->pictures);
  g_free (scene->folder);
}

/* A line of a message that names the file. */
static void
check_message (const char *message, const char *name)
{
  g_assert_nonnull (message);
  g_test_message ("%s", message);
  g_assert_nonnull (strstr (message, name));
}

static gboolean
has_message (Fixture *fixture)
{
  return rn_window_get_message (fixture->window) != NULL
         && !rn_document_get_busy (fixture->document);
}

static gboolean
has_model (Fixture *fixture)
{
  return rn_document_get_network (fixture->document) != NULL;
}

static void
test_opens (Scene *scene, gconstpointer unused)
{
  GFile *const files[] = { scene->picture, scene->weights, scene->model };
  Fixture *fixture = &scene->window;
  g_auto (GValue) value = G_VALUE_INIT;
  g_autofree char *content = NULL;
  gsize size;

  g_test_summary ("A picture, weights, a model whose reader is killed, a picture from another "
                  "program: a message each, and all stays as it was");

  fixture_wait (fixture, has_model, "the bundled weights");
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *name = g_file_get_basename (files[i]);

      g_assert_true (fixture_drop_file (fixture, files[i]));
      fixture_wait (fixture, has_message, name);
      check_message (rn_window_get_message (fixture->window), name);
      g_assert_null (strchr (rn_window_get_message (fixture->window), '\n'));
      gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.dismiss-message", NULL);
      rn_window_test_settle (100);
    }
  g_assert_true (g_file_load_contents (scene->picture, NULL, &content, &size, NULL, NULL));
  g_value_init (&value, G_TYPE_BYTES);
  g_value_take_boxed (&value, g_bytes_new (content, size));
  g_assert_true (fixture_drop (fixture, &value));
  fixture_wait (fixture, has_message, "a message");
  check_message (rn_window_get_message (fixture->window), "dropped picture");
  g_assert_null (rn_document_get_picture (fixture->document));
  g_assert_cmpstr (rn_document_get_model_id (fixture->document), ==, "resnet18");
}

static RnCompareWindow *
find_comparison (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (RN_IS_COMPARE_WINDOW (l->data))
      return l->data;

  return NULL;
}

static gboolean
has_compared (Fixture *fixture)
{
  return !rn_compare_window_is_busy (find_comparison ());
}

static void
test_compares (Scene *scene, gconstpointer unused)
{
  Fixture *fixture = &scene->window;
  RnCompareWindow *comparison;

  g_test_summary ("Likewise where two models are compared");

  fixture_wait (fixture, has_model, "the bundled weights");
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "compare", NULL);
  comparison = find_comparison ();
  g_assert_nonnull (comparison);
  rn_compare_window_choose_file (comparison, 1, scene->model);
  fixture_wait (fixture, has_compared, "the comparison");
  g_assert_null (rn_compare_window_get_result (comparison));
  check_message (rn_compare_window_get_message (comparison), "stranger.json");
}

static RnTeaching *
get_teaching (Fixture *fixture)
{
  return rn_teach_actions_get_teaching (GTK_APPLICATION_WINDOW (fixture->window));
}

static gboolean
is_settled (Fixture *fixture)
{
  return !rn_teaching_is_busy (get_teaching (fixture));
}

static void
test_teaches (Scene *scene, gconstpointer unused)
{
  Fixture *fixture = &scene->window;
  RnTeaching *teaching = get_teaching (fixture);
  g_autoptr (RnTeachBox) box = g_list_model_get_item (rn_teaching_get_boxes (teaching), 0);

  g_test_summary ("Likewise where classes are taught, in a box and where a picture is asked about");

  rn_teaching_add_file (teaching, box, scene->picture);
  fixture_wait (fixture, is_settled, "the picture");
  check_message (rn_teaching_get_message (teaching), "stranger.png");
  g_assert_cmpint (g_list_model_get_n_items (rn_teach_box_get_pictures (box)), ==, 0);

  rn_teaching_set_test_file (teaching, scene->picture);
  fixture_wait (fixture, is_settled, "the picture");
  check_message (rn_teaching_get_message (teaching), "stranger.png");
  g_assert_null (rn_teaching_get_test (teaching));
}

static RnLearning *
get_learning (Fixture *fixture)
{
  return rn_learn_actions_get_learning (GTK_APPLICATION_WINDOW (fixture->window));
}

static gboolean
is_over (Fixture *fixture)
{
  return !rn_learning_is_active (get_learning (fixture));
}

static void
test_learns (Scene *scene, gconstpointer unused)
{
  Fixture *fixture = &scene->window;
  g_autofree char *setup = g_strdup_printf (
      "nets=plain8,resnet8-paper; epochs=1; batch=2; data=%s; run", scene->pictures);

  g_test_summary ("Likewise where networks learn: each picture is passed over, and that is said");

  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.learn-with", "s", setup));
  fixture_wait (fixture, is_over, "the end");
  g_assert_cmpint (rn_learning_get_state (get_learning (fixture)), ==, RN_LEARN_FAILED);
  check_message (rn_learning_get_warning (get_learning (fixture)), "tench.png");
}

int
main (int argc, char **argv)
{
  if (!rn_window_test_init (&argc, &argv))
    return 0;

#define ADD(path, function) g_test_add ("/killed/" path, Scene, NULL, set_up, function, tear_down)
  ADD ("opens", test_opens);
  ADD ("compares", test_compares);
  ADD ("teaches", test_teaches);
  ADD ("learns", test_learns);

  return g_test_run ();
}
