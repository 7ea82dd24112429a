#include <glib/gstdio.h>

#include "app/common/data-dir.h"
#include "engine/formats/keras-hdf5-writer.h"
#include "tests/window/fixture.h"
#include "tests/window/window-test.h"
#include "ui/lessons/lesson-store.h"
#include "ui/learn/learn-actions.h"
#include "ui/learn/learn-window.h"
#include "ui/tutor/tutor.h"

/* Networks learn but for a moment: what comes out is not what a lesson expects, and its questions
 * are answered by what comes out. */
/* A lesson of one figure. */
#define OWN_LESSON                                                                                 \
  "<lesson id='mine' language='en' title='Mine' models='resnet18'>"                                \
  "<about>x</about><step id='s'><text>{parameters()} in all</text></step></lesson>"
#define BRIEF "pictures=32; epochs=1; batch=16"

static gboolean
is_idle (Fixture *fixture)
{
  return !rn_tutor_get_busy (rn_window_get_tutor (fixture->window));
}

typedef struct
{
  Fixture *fixture;
  int channel;
} Channel;

static gboolean
shows_channel (gpointer data)
{
  const Channel *channel = data;
  RnInspector *inspector = rn_window_get_inspector (channel->fixture->window);

  return rn_gallery_get_selected (rn_gallery_pane_get_gallery (
             rn_inspector_get_gallery (inspector)))
         == channel->channel;
}

static RnLearning *
get_learning (Fixture *fixture)
{
  return rn_learn_actions_get_learning (GTK_APPLICATION_WINDOW (fixture->window));
}

static RnLearnWindow *
get_view (Fixture *fixture)
{
  return (RnLearnWindow *) rn_learn_actions_get_window (GTK_APPLICATION_WINDOW (fixture->window));
}

static gboolean
has_learnt (Fixture *fixture)
{
  return rn_learning_get_state (get_learning (fixture)) == RN_LEARN_DONE;
}

static void
wait_tutor (Fixture *fixture)
{
  fixture_wait (fixture, is_idle, "the tutor");
}

/* Answers through the widgets, wrong or right, and lets it be checked. */
static void
answer (Fixture *fixture, const RnStep *step, const char *model, RnLab *lab, gboolean right)
{
  RnTutor *tutor = rn_window_get_tutor (fixture->window);
  const RnTask *task = step->task;
  const RnQuantities quantities = { lab, model, -1, 0, 0, step->learn, FALSE };
  g_auto (RnAnswer) given = RN_ANSWER_INIT;
  g_autoptr (GError) error = NULL;

  rn_task_solve (task, &quantities, right, &given, &error);
  g_assert_no_error (error);
  rn_task_view_fill (rn_tutor_get_task (tutor), &given);
  while (task->kind == RN_TASK_RUN && right && !has_learnt (fixture))
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (tutor), "tutor.check", NULL));
  wait_tutor (fixture);
  g_assert_cmpint (rn_tutor_get_passed (tutor), ==, right);
  g_assert_cmpuint (strlen (rn_tutor_get_verdict (tutor)), >, right ? 4 : 12);
}

/* The card's buttons can be pressed, wherever it stands. */
static void
assert_buttons (Fixture *fixture, const RnStep *step)
{
  GtkWidget *tutor = GTK_WIDGET (rn_window_get_tutor (fixture->window));

  g_assert_true (gtk_widget_get_sensitive (rn_window_test_find_button (tutor, "tutor.next")));
  g_assert_true (gtk_widget_get_sensitive (rn_window_test_find_button (tutor, "tutor.close")));
  g_assert_cmpint (gtk_widget_get_sensitive (rn_window_test_find_button (tutor, "tutor.check")), ==,
                   step->task != NULL);
}

/* The card stands beside the networks that a step is about, and these are set up there. */
static void
assert_learns (Fixture *fixture, const RnStep *step)
{
  g_auto (RnLearnSetup) setup = { 0 };

  rn_learn_setup_init (&setup);
  g_assert_true (rn_learn_setup_parse (&setup, step->learn, NULL));
  g_assert_true (rn_learn_setup_is_alike (&setup, rn_learning_get_setup (get_learning (fixture))));
  g_assert_nonnull (get_view (fixture));
  g_assert_true (rn_learn_window_get_side (get_view (fixture)) ==
                 GTK_WIDGET (rn_window_get_tutor (fixture->window)));
}

/* What a step is about is in sight. */
static void
assert_focus (Fixture *fixture, const RnStep *step)
{
  RnModel *model = rn_document_get_model (fixture->document);
  RnSelection selection = rn_document_get_selection (fixture->document);
  RnCanvas *canvas = rn_canvas_pane_get_canvas (rn_window_get_canvas_pane (fixture->window));

  if (step->layer != NULL)
    g_assert_cmpstr (rn_model_get_layer (model, selection.layer)->name, ==, step->layer);
  else if (step->block != NULL)
    g_assert_cmpstr (
        rn_model_get_layer (model, rn_model_get_structure (model)->blocks[selection.block].add)
            ->name,
        ==, step->block);
  g_assert_cmpstr (rn_window_get_right (fixture->window), ==,
                   g_strcmp0 (step->view, "experiments") == 0 ? "experiments" : "inspector");
  if (g_strcmp0 (step->view, "keras2") == 0)
    g_assert_cmpint (rn_canvas_get_look (canvas), ==, RN_LOOK_KERAS2);
  if (g_strcmp0 (step->view, "blocks") == 0 || g_strcmp0 (step->view, "overview") == 0)
    g_assert_cmpint (rn_canvas_get_look (canvas), ==, RN_LOOK_BLOCKS);
  if (step->channel >= 0)
    {
      const Channel channel = { fixture, step->channel };

      rn_window_test_wait (shows_channel, (gpointer) &channel);
    }
}

static void
play_step (Fixture *fixture, const RnLesson *lesson, const RnStep *step, RnLab *lab)
{
  RnTutor *tutor = rn_window_get_tutor (fixture->window);
  const char *model = rn_lesson_get_model (lesson, step);
  g_autoptr (GError) error = NULL;

  /* What the student's networks will have learnt. */
  if (step->learn != NULL)
    rn_lesson_runs_learn (rn_lab_get_runs (lab), step->learn, &error);
  g_assert_no_error (error);
  wait_tutor (fixture);
  g_test_message ("%s %s %s", lesson->language, lesson->id, step->id);
  g_assert_cmpuint (strlen (rn_tutor_get_text (tutor)), >, 20);
  g_assert_cmpstr (rn_document_get_model_id (fixture->document), ==, model);
  if (step->learn != NULL)
    assert_learns (fixture, step);
  else
    assert_focus (fixture, step);
  assert_buttons (fixture, step);
  if (step->task == NULL)
    return;

  answer (fixture, step, model, lab, FALSE);
  for (int stage = 0; stage < 3; stage++)
    {
      gtk_widget_activate_action (GTK_WIDGET (tutor), "tutor.help", NULL);
      wait_tutor (fixture);
      g_assert_cmpuint (strlen (rn_tutor_get_help (tutor)), >, 0);
    }
  answer (fixture, step, model, lab, TRUE);
}

/* One window and one laboratory for all lessons: loading networks anew for each takes long. */
typedef struct
{
  Fixture fixture;
  RnLab *lab;
} Stage;

static Stage *
get_stage (void)
{
  static Stage *stage = NULL;

  if (stage == NULL)
    {
      stage = g_new0 (Stage, 1);
      fixture_set_up (&stage->fixture, "resnet50");
      fixture_open_sample (&stage->fixture, "golf-ball.png");
      stage->lab = rn_lab_new (rn_data_dir_get ());
      rn_lab_set_picture (stage->lab, rn_document_get_picture (stage->fixture.document));
      /* Who wants to read the lessons wants to see what comes out. */
      if (g_getenv ("RN_ALL_SCREENSHOTS") == NULL)
        {
          rn_lesson_runs_set_brief (rn_lab_get_runs (stage->lab), BRIEF);
          rn_tutor_set_brief (rn_window_get_tutor (stage->fixture.window), BRIEF);
        }
    }

  return stage;
}

/* What one language's networks have learnt is not the next one's. */
static void
forget_runs (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  rn_learning_apply (get_learning (fixture), "nets=plain8,plain8; " BRIEF "; run", &error);
  g_assert_no_error (error);
  fixture_wait (fixture, has_learnt, "networks that learn");
}

/* Of the window that the card stands in. */
static void
shoot (Fixture *fixture, const RnStep *step, const char *name)
{
  if (step->learn == NULL)
    {
      fixture_screenshot (fixture, name);
      return;
    }
  rn_window_test_settle (400);
  rn_window_test_shoot (GTK_WIDGET (get_view (fixture)), name);
}

static void
test_play (gconstpointer data)
{
  RnLesson *lesson = (RnLesson *) data;
  Fixture *fixture = &get_stage ()->fixture;
  RnTutor *tutor = rn_window_get_tutor (fixture->window);

  g_test_summary ("A lesson can be played to its end, answering wrong and right at each check");

  forget_runs (fixture);
  rn_tutor_open_lesson (tutor, lesson);
  for (guint i = 0; i < lesson->steps->len; i++)
    {
      g_autofree char *name =
          g_strdup_printf ("lesson-%s-%s-%u", lesson->language, lesson->id, i + 1);

      g_assert_cmpint (rn_tutor_get_step (tutor), ==, i);
      /* All of them with the variable set, to be read; else a sample. */
      if (g_getenv ("RN_ALL_SCREENSHOTS") != NULL)
        {
          wait_tutor (fixture);
          shoot (fixture, rn_lesson_get_step (lesson, i), name);
        }
      play_step (fixture, lesson, rn_lesson_get_step (lesson, i), get_stage ()->lab);
      if (i == 1)
        shoot (fixture, rn_lesson_get_step (lesson, i), name);
      gtk_widget_activate_action (GTK_WIDGET (tutor), "tutor.next", NULL);
    }
  g_assert_null (rn_tutor_get_lesson (tutor));
}

static void
add_lessons (void)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *lessons = rn_lesson_store_load (rn_data_dir_get (), NULL, &error);

  g_assert_no_error (error);
  for (guint l = 0; l < lessons->len; l++)
    {
      RnLesson *lesson = g_ptr_array_index (lessons, l);
      g_autofree char *path =
          g_strdup_printf ("/tutor/play/%s/%s", lesson->language, lesson->id);

      g_test_add_data_func_full (path, rn_lesson_ref (lesson), test_play,
                                 (GDestroyNotify) rn_lesson_unref);
    }
  g_ptr_array_unref (lessons);
}

static void
test_whole (Fixture *fixture, gconstpointer unused)
{
  const char *const edits[] = { "cut-shortcut:conv3_block2_add", NULL };
  RnTutor *tutor = rn_window_get_tutor (fixture->window);

  g_test_summary ("A lesson begins with the network whole; that can be undone");

  fixture_open_sample (fixture, "golf-ball.png");
  g_assert_true (rn_document_try_edits (fixture->document, edits));
  g_assert_true (rn_tutor_open_named (tutor, "en/reading-the-map"));
  wait_tutor (fixture);
  rn_document_set_model_id (fixture->document, "resnet18");
  g_assert_cmpuint (rn_edits_get_n (rn_document_get_edits (fixture->document)), ==, 0);
  rn_edits_undo (rn_document_get_edits (fixture->document));
  g_assert_cmpuint (rn_edits_get_n (rn_document_get_edits (fixture->document)), ==, 1);
}

static void
test_progress (Fixture *fixture, gconstpointer unused)
{
  RnTutor *tutor = rn_window_get_tutor (fixture->window);

  g_test_summary ("A lesson goes on where it was left, until that is forgotten");

  rn_tutor_reset (tutor);
  g_assert_true (rn_tutor_open_named (tutor, "en/why-residual"));
  wait_tutor (fixture);
  gtk_widget_activate_action (GTK_WIDGET (tutor), "tutor.next", NULL);
  gtk_widget_activate_action (GTK_WIDGET (tutor), "tutor.next", NULL);
  gtk_widget_activate_action (GTK_WIDGET (tutor), "tutor.close", NULL);
  g_assert_null (rn_tutor_get_lesson (tutor));
  g_assert_true (rn_tutor_open_named (tutor, "en/why-residual"));
  g_assert_cmpint (rn_tutor_get_step (tutor), ==, 2);
  wait_tutor (fixture);
  rn_tutor_reset (tutor);
  g_assert_true (rn_tutor_open_named (tutor, "en/why-residual"));
  g_assert_cmpint (rn_tutor_get_step (tutor), ==, 0);
  wait_tutor (fixture);
  g_assert_false (rn_tutor_open_named (tutor, "en/no-such-lesson"));
}

static void
test_own_lesson (Fixture *fixture, gconstpointer unused)
{
  RnTutor *tutor = rn_window_get_tutor (fixture->window);
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "rn-lesson-XXXXXX", NULL);
  g_autoptr (GFile) file = NULL;
  int fd = g_mkstemp (path);

  g_test_summary ("A teacher's lesson is opened from disk; what is wrong with it is a message");

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  file = g_file_new_for_path (path);
  g_file_set_contents (path, "<lesson/>", -1, NULL);
  rn_tutor_open_file (tutor, file);
  g_assert_null (rn_tutor_get_lesson (tutor));
  g_assert_nonnull (strstr (rn_window_get_message (fixture->window), ":1: <lesson>: "));
  g_file_set_contents (path, OWN_LESSON, -1, NULL);
  rn_tutor_open_file (tutor, file);
  wait_tutor (fixture);
  g_assert_cmpstr (rn_tutor_get_text (tutor), ==, "11,191,242 in all");
  g_unlink (path);
}

/* Weights of ResNet-18 for three classes. */
static GFile *
write_weights (const char *path)
{
  RnVariant variant = RN_VARIANT_DEFAULT;
  g_autoptr (RnModel) model = NULL;
  g_autoptr (RnWeights) weights = NULL;
  g_autoptr (RnBinding) binding = NULL;

  variant.classes = 3;
  model = rn_catalog_build ("resnet18", &variant, NULL);
  weights = rn_weights_new_random (model, 7, NULL);
  binding = rn_binding_new (model, weights, NULL);
  g_assert_true (rn_keras_hdf5_write (binding, NULL, path, NULL));

  return g_file_new_for_path (path);
}

static gboolean
says_three (Fixture *fixture)
{
  return g_str_equal (rn_tutor_get_text (rn_window_get_tutor (fixture->window)),
                      "11,187,651 in all");
}

static void
test_other_weights (Fixture *fixture, gconstpointer unused)
{
  RnTutor *tutor = rn_window_get_tutor (fixture->window);
  g_autofree char *folder = g_dir_make_tmp ("rn-lesson-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "mine.xml", NULL);
  g_autofree char *weights_path = g_build_filename (folder, "three.h5", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFile) weights = write_weights (weights_path);

  g_test_summary ("A text's figures are of the weights that are shown, whichever came first");

  g_file_set_contents (path, OWN_LESSON, -1, NULL);
  rn_tutor_open_file (tutor, file);
  wait_tutor (fixture);
  g_assert_cmpstr (rn_tutor_get_text (tutor), ==, "11,191,242 in all");
  rn_document_open (fixture->document, weights);
  fixture_wait (fixture, says_three, "the figure of the other weights");
  rn_document_use_bundled (fixture->document, "resnet18");
  while (says_three (fixture))
    g_main_context_iteration (NULL, TRUE);
  wait_tutor (fixture);
  g_assert_cmpstr (rn_tutor_get_text (tutor), ==, "11,191,242 in all");
  g_unlink (path);
  g_unlink (weights_path);
  g_rmdir (folder);
}

static gboolean
is_at_home (Fixture *fixture)
{
  GtkWidget *tutor = GTK_WIDGET (rn_window_get_tutor (fixture->window));

  return gtk_widget_is_ancestor (tutor, GTK_WIDGET (fixture->window));
}

static gboolean
is_running (Fixture *fixture)
{
  return rn_learning_get_state (get_learning (fixture)) == RN_LEARN_RUNNING;
}

static void
test_place (Fixture *fixture, gconstpointer unused)
{
  RnTutor *tutor = rn_window_get_tutor (fixture->window);

  g_test_summary ("The card goes to the networks that learn, and comes back when their window or the "
                  "lesson is closed, with buttons that work");

  rn_tutor_reset (tutor);
  rn_tutor_set_brief (tutor, BRIEF);
  g_assert_true (rn_tutor_open_named (tutor, "en/degradation-live"));
  wait_tutor (fixture);
  g_assert_false (is_at_home (fixture));
  gtk_window_close (GTK_WINDOW (get_view (fixture)));
  g_assert_true (is_at_home (fixture));
  g_assert_true (gtk_widget_get_sensitive (
      rn_window_test_find_button (GTK_WIDGET (tutor), "tutor.next")));
  gtk_widget_activate_action (GTK_WIDGET (tutor), "tutor.next", NULL);
  wait_tutor (fixture);
  g_assert_false (is_at_home (fixture));
  gtk_window_destroy (GTK_WINDOW (get_view (fixture)));
  g_assert_true (is_at_home (fixture));
  gtk_widget_activate_action (GTK_WIDGET (tutor), "tutor.show", NULL);
  g_assert_false (is_at_home (fixture));
  gtk_widget_activate_action (GTK_WIDGET (tutor), "tutor.close", NULL);
  g_assert_true (is_at_home (fixture));
}

static void
test_others_learn (Fixture *fixture, gconstpointer unused)
{
  RnTutor *tutor = rn_window_get_tutor (fixture->window);
  const RnLearnSetup *setup = rn_learning_get_setup (get_learning (fixture));
  g_autoptr (GError) error = NULL;

  g_test_summary ("Networks of the user's that learn go on when a lesson is opened, until it is asked "
                  "to show its own");

  rn_tutor_reset (tutor);
  rn_learning_apply (get_learning (fixture),
                     "nets=plain8,plain14; pictures=64; epochs=500; batch=16; run", &error);
  g_assert_no_error (error);
  fixture_wait (fixture, is_running, "networks that learn");
  g_assert_true (rn_tutor_open_named (tutor, "en/degradation-live"));
  wait_tutor (fixture);
  g_assert_true (is_running (fixture));
  g_assert_cmpstr (setup->nets[1], ==, "plain14");
  gtk_widget_activate_action (GTK_WIDGET (tutor), "tutor.show", NULL);
  g_assert_cmpstr (setup->nets[1], ==, "plain20");
  g_assert_false (rn_learning_is_active (get_learning (fixture)));
}

static void
add (const char *path, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, fixture_set_up, test, fixture_tear_down);
}

int
main (int argc, char **argv)
{
  g_autofree char *data_home = g_dir_make_tmp ("rn-tutor-XXXXXX", NULL);

  /* Progress belongs to the user, not to tests. */
  g_setenv ("XDG_DATA_HOME", data_home, TRUE);
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP there is no display\n");
      return 0;
    }
  add ("/tutor/progress", test_progress);
  add ("/tutor/own-lesson", test_own_lesson);
  add ("/tutor/other-weights", test_other_weights);
  add ("/tutor/whole", test_whole);
  add ("/tutor/place", test_place);
  add ("/tutor/others-learn", test_others_learn);
  add_lessons ();

  return g_test_run ();
}
