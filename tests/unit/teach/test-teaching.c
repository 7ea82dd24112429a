#include "ui/teach/teaching.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "tests/patience.h"
#include "tests/remove-tree.h"
#include "tests/unit/teach/views.h"

#define N_VIEWS 5
#define N_ALL_VIEWS 10 /* of both classes */
#define PATIENCE_S test_patience_s (120)

typedef struct
{
  char *folder;
  RnTeaching *teaching;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer unused)
{
  fixture->folder = g_dir_make_tmp ("teach-XXXXXX", NULL);
  g_assert_nonnull (fixture->folder);
  fixture->teaching = rn_teaching_new (g_getenv ("RN_DATA_DIR"), g_getenv ("RN_READER"));
}

static void
tear_down (Fixture *fixture, gconstpointer unused)
{
  g_object_run_dispose (G_OBJECT (fixture->teaching));
  g_object_unref (fixture->teaching);
  test_remove_tree (fixture->folder);
  g_free (fixture->folder);
}

static gboolean
set_flag (gpointer flag)
{
  *(gboolean *)flag = TRUE;

  return G_SOURCE_REMOVE;
}

/* Until everything has been looked at and learnt from. */
static void
settle (RnTeaching *teaching)
{
  gboolean late = FALSE;
  guint timeout = g_timeout_add_seconds (PATIENCE_S, set_flag, &late);

  while (rn_teaching_is_busy (teaching) && !late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (late);
  g_source_remove (timeout);
}

static RnTeachBox *
get_box (Fixture *fixture, guint i)
{
  g_autoptr (RnTeachBox) box = g_list_model_get_item (rn_teaching_get_boxes (fixture->teaching), i);

  return box;
}

static RnTeachPicture *
get_picture (RnTeachBox *box, guint i)
{
  g_autoptr (RnTeachPicture) picture = g_list_model_get_item (rn_teach_box_get_pictures (box), i);

  return picture;
}

static void
add_views (Fixture *fixture, RnTeachBox *box, const char *sample, int first, int n)
{
  for (int i = first; i < first + n; i++)
    {
      g_autoptr (GFile) file = teach_views_make (fixture->folder, sample, i);

      rn_teaching_add_file (fixture->teaching, box, file);
    }
}

/* Golf balls and churches. */
static void
teach_two (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (
      rn_teaching_rename_box (fixture->teaching, get_box (fixture, 0), " ball ", &error));
  g_assert_true (
      rn_teaching_rename_box (fixture->teaching, get_box (fixture, 1), "church", &error));
  g_assert_no_error (error);
  add_views (fixture, get_box (fixture, 0), "golf-ball", 0, N_VIEWS);
  add_views (fixture, get_box (fixture, 1), "church", 0, N_VIEWS);
  settle (fixture->teaching);
  g_assert_null (rn_teaching_get_message (fixture->teaching));
}

static void
test_learns (Fixture *fixture, gconstpointer unused)
{
  RnTeaching *teaching = fixture->teaching;
  g_autoptr (GFile) file = teach_views_make (fixture->folder, "golf-ball", 7);
  int n_right, n_folds;

  g_test_summary ("Pictures in two boxes become a classifier that tells them apart, each judged by "
                  "one that has not seen it, and names another picture");

  g_assert_false (rn_teaching_is_unsaved (teaching));
  teach_two (fixture);
  g_assert_cmpint (rn_teaching_get_n_classes (teaching), ==, 2);
  g_assert_cmpstr (rn_teaching_get_label (teaching, 0), ==, "ball");
  g_assert_cmpint (rn_teaching_get_n_judged (teaching, &n_right, &n_folds), ==, N_ALL_VIEWS);
  g_assert_cmpint (n_right, ==, N_ALL_VIEWS);
  g_assert_cmpint (n_folds, ==, N_ALL_VIEWS);
  g_assert_cmpint (rn_teaching_get_confusion (teaching, 0, 0), ==, N_VIEWS);
  g_assert_cmpint (rn_teaching_get_confusion (teaching, 0, 1), ==, 0);
  g_assert_true (rn_teaching_is_unsaved (teaching));
  g_test_message ("classifier and leave-one-out: %.1f ms", rn_teaching_get_train_ms (teaching));

  g_assert_true (isnan (rn_teaching_get_probability (teaching, 0)));
  rn_teaching_set_test_file (teaching, file);
  settle (teaching);
  g_assert_cmpstr (rn_teach_picture_get_name (rn_teaching_get_test (teaching)), ==,
                   "golf-ball-7.png");
  g_assert_cmpfloat (rn_teaching_get_probability (teaching, 0), >, 0.8);
}

static void
test_wrong (Fixture *fixture, gconstpointer unused)
{
  RnTeaching *teaching = fixture->teaching;
  RnTeachPicture *stray;
  double probability;

  g_test_summary ("A picture in the wrong box is marked with what it is taken for, and no longer "
                  "once it is taken out");

  teach_two (fixture);
  add_views (fixture, get_box (fixture, 0), "church", 8, 1);
  settle (teaching);
  stray = get_picture (get_box (fixture, 0), N_VIEWS);
  g_assert_cmpstr (rn_teach_picture_get_taken_for (stray, &probability), ==, "church");
  g_assert_cmpfloat (probability, >, 0.5);
  g_assert_cmpint (rn_teaching_get_confusion (teaching, 0, 1), ==, 1);
  rn_teaching_remove_picture (teaching, get_box (fixture, 0), stray);
  settle (teaching);
  g_assert_cmpint (rn_teaching_get_confusion (teaching, 0, 1), ==, 0);
  g_assert_cmpint (rn_teaching_get_n_judged (teaching, NULL, NULL), ==, N_ALL_VIEWS);
}

static void
test_boxes (Fixture *fixture, gconstpointer unused)
{
  RnTeaching *teaching = fixture->teaching;
  g_autofree char *one = NULL;
  g_autofree char *three = NULL;
  g_autoptr (GError) error = NULL;
  RnTeachBox *third;

  g_test_summary (
      "One class is said to be one; an empty box is left out and said so; names differ; "
      "a box goes with its pictures");

  add_views (fixture, get_box (fixture, 0), "golf-ball", 0, 2);
  settle (teaching);
  one = rn_teaching_describe (teaching);
  g_assert_nonnull (strstr (one, "One class only"));
  g_assert_cmpint (rn_teaching_get_n_classes (teaching), ==, 0);
  add_views (fixture, get_box (fixture, 1), "church", 0, 2);
  third = rn_teaching_add_box (teaching);
  settle (teaching);
  three = rn_teaching_describe (teaching);
  g_assert_nonnull (strstr (three, "1 box is empty and left out"));
  g_assert_cmpint (rn_teaching_get_n_classes (teaching), ==, 2);
  g_assert_false (rn_teaching_rename_box (teaching, third, "class 1", &error));
  g_assert_nonnull (strstr (error->message, "class 1"));
  g_clear_error (&error);
  g_assert_false (rn_teaching_rename_box (teaching, third, "  ", &error));
  g_assert_cmpstr (rn_teach_box_get_name (third), ==, "class 3");
  rn_teaching_remove_box (teaching, get_box (fixture, 1));
  settle (teaching);
  g_assert_cmpint (rn_teaching_get_n_classes (teaching), ==, 0);
}

static void
test_bad (Fixture *fixture, gconstpointer unused)
{
  RnTeaching *teaching = fixture->teaching;
  g_autofree char *subfolder = g_build_filename (fixture->folder, "pictures", NULL);
  g_autofree char *path = g_build_filename (subfolder, "broken.png", NULL);
  g_autofree char *empty_path = g_build_filename (fixture->folder, "nothing", NULL);
  g_autofree char *good = g_build_filename (subfolder, "good.png", NULL);
  g_autoptr (GFile) folder = g_file_new_for_path (subfolder);
  g_autoptr (GFile) empty = g_file_new_for_path (empty_path);
  g_autoptr (GFile) view = teach_views_make (fixture->folder, "church", 1);

  g_test_summary ("A folder's pictures come one by one; one that cannot be read is named, an empty "
                  "folder too, and nothing else is lost");

  g_assert_cmpint (g_mkdir (subfolder, 0777), ==, 0);
  g_assert_cmpint (g_mkdir (empty_path, 0777), ==, 0);
  g_assert_true (g_file_set_contents (path, "no picture", -1, NULL));
  g_assert_cmpint (g_rename (g_file_peek_path (view), good), ==, 0);
  rn_teaching_add_file (teaching, get_box (fixture, 0), folder);
  rn_teaching_add_file (teaching, get_box (fixture, 0), empty);
  settle (teaching);
  g_assert_cmpint (rn_teach_box_get_n (get_box (fixture, 0)), ==, 1);
  g_assert_nonnull (strstr (rn_teaching_get_message (teaching), "broken.png"));
  g_assert_nonnull (strstr (rn_teaching_get_message (teaching), "nothing"));
}

/* What `resnet predict` says of a picture: each class's probability by its label. */
static double
predict (const char *model, const char *weights, GFile *picture, const char *label)
{
  g_autofree char *program = g_test_build_filename (G_TEST_BUILT, "..", "app", "resnet", NULL);
  const char *argv[] = { program,   "predict", g_file_peek_path (picture),           "--json",
                         "--model", model,     weights != NULL ? "--weights" : NULL, weights,
                         NULL };
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonArray *top;
  int status;

  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err,
                               &status, NULL));
  g_assert_cmpstr (err, ==, "");
  g_assert_cmpint (status, ==, 0);
  root = json_from_string (out, NULL);
  top = json_object_get_array_member (json_array_get_object_element (json_node_get_array (root), 0),
                                      "top");
  for (guint i = 0; i < json_array_get_length (top); i++)
    {
      JsonObject *entry = json_array_get_object_element (top, i);

      if (g_str_equal (json_object_get_string_member (entry, "label"), label))
        return json_object_get_double_member (entry, "probability");
    }
  g_assert_not_reached ();
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  char **message = data;

  *message = rn_teaching_save_finish (RN_TEACHING (source), result, &error)
                 ? g_strdup ("")
                 : g_strdup (error->message);
}

/* Returns: (transfer full): what went wrong, or nothing */
static char *
save (RnTeaching *teaching, const char *path)
{
  char *message = NULL;

  rn_teaching_save_async (teaching, path, on_saved, &message);
  while (message == NULL)
    g_main_context_iteration (NULL, TRUE);

  return message;
}

static void
test_saves (Fixture *fixture, gconstpointer base)
{
  RnTeaching *teaching = fixture->teaching;
  g_autofree char *path = g_build_filename (fixture->folder, "mine.h5", NULL);
  g_autofree char *before = save (teaching, path);
  g_autofree char *after = NULL;
  g_autofree char *nowhere = NULL;
  g_autoptr (GFile) file = teach_views_make (fixture->folder, "golf-ball", 6);

  g_test_summary ("What is saved says the same in “resnet predict”, as a model and as weights");

  g_assert_nonnull (strstr (before, "nothing to save"));
  rn_teaching_set_base (teaching, base);
  teach_two (fixture);
  rn_teaching_set_test_file (teaching, file);
  settle (teaching);
  nowhere = save (teaching, "/no/where/mine.h5");
  g_assert_nonnull (strstr (nowhere, "/no/where/mine.h5"));
  g_assert_true (rn_teaching_is_unsaved (teaching));
  after = save (teaching, path);
  g_assert_cmpstr (after, ==, "");
  g_assert_false (rn_teaching_is_unsaved (teaching));
  for (int c = 0; c < 2; c++)
    {
      double expected = rn_teaching_get_probability (teaching, c);
      const char *label = rn_teaching_get_label (teaching, c);

      g_assert_cmpfloat_with_epsilon (predict (base, path, file, label), expected, 1e-5);
      g_assert_cmpfloat_with_epsilon (predict (path, NULL, file, label), expected, 1e-5);
    }
}

static void
test_base (Fixture *fixture, gconstpointer unused)
{
  RnTeaching *teaching = fixture->teaching;

  g_test_summary ("Another network looks at all pictures, whose files may be gone by then; going back "
                  "costs nothing");

  teach_two (fixture);
  test_remove_tree (fixture->folder);
  g_assert_cmpint (g_mkdir (fixture->folder, 0700), ==, 0);
  rn_teaching_set_base (teaching, "resnet50");
  g_assert_cmpint (rn_teaching_get_n_waiting (teaching), ==, N_ALL_VIEWS);
  settle (teaching);
  g_assert_cmpint (rn_teaching_get_n_judged (teaching, NULL, NULL), ==, N_ALL_VIEWS);
  g_assert_cmpstr (rn_teaching_get_base (teaching), ==, "resnet50");
  rn_teaching_set_base (teaching, "resnet18");
  g_assert_cmpint (rn_teaching_get_n_waiting (teaching), ==, 0);
  settle (teaching);
  g_assert_cmpint (rn_teaching_get_n_judged (teaching, NULL, NULL), ==, N_ALL_VIEWS);
}

static void
test_tunes (Fixture *fixture, gconstpointer unused)
{
  RnTeaching *teaching = fixture->teaching;
  g_autofree char *path = g_build_filename (fixture->folder, "tuned.h5", NULL);
  g_autofree char *saved = NULL;
  g_autoptr (GFile) file = teach_views_make (fixture->folder, "golf-ball", 6);

  g_test_summary ("The last stage trains too: a cancel leaves all as it was, an end says what came "
                  "of it, and what is saved then says the same");

  teach_two (fixture);
  rn_teaching_tune (teaching);
  g_assert_cmpfloat (rn_teaching_get_tuning_share (teaching), ==, 0);
  rn_teaching_stop_tuning (teaching);
  g_assert_true (isnan (rn_teaching_get_tuning_share (teaching)));
  g_assert_false (rn_teaching_is_tuned (teaching));
  rn_teaching_tune (teaching);
  settle (teaching);
  g_test_message ("%s", rn_teaching_get_message (teaching));
  g_assert_nonnull (strstr (rn_teaching_get_message (teaching), "held out"));
  g_assert_cmpint (rn_teaching_get_n_judged (teaching, NULL, NULL), ==, N_ALL_VIEWS);
  rn_teaching_set_test_file (teaching, file);
  settle (teaching);
  saved = save (teaching, path);
  g_assert_cmpstr (saved, ==, "");
  g_assert_cmpfloat_with_epsilon (predict (path, NULL, file, "ball"),
                                  rn_teaching_get_probability (teaching, 0), 1e-4);
}

static void
test_tunes_too_few (Fixture *fixture, gconstpointer unused)
{
  RnTeaching *teaching = fixture->teaching;

  g_test_summary ("The last stage does not train where a box has one picture, and that is said");

  add_views (fixture, get_box (fixture, 0), "golf-ball", 0, 2);
  add_views (fixture, get_box (fixture, 1), "church", 0, 1);
  settle (teaching);
  rn_teaching_tune (teaching);
  settle (teaching);
  g_assert_nonnull (strstr (rn_teaching_get_message (teaching), "“class 2” has one picture"));
  g_assert_false (rn_teaching_is_tuned (teaching));
}

#define ADD(path, data, func)                                                                      \
  g_test_add ("/teach/teaching/" path, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("learns", NULL, test_learns);
  ADD ("wrong", NULL, test_wrong);
  ADD ("boxes", NULL, test_boxes);
  ADD ("bad", NULL, test_bad);
  ADD ("base", NULL, test_base);
  ADD ("saves-resnet18", "resnet18", test_saves);
  ADD ("saves-resnet50", "resnet50", test_saves);
  ADD ("tunes", NULL, test_tunes);
  ADD ("tunes-too-few", NULL, test_tunes_too_few);

  return g_test_run ();
}
