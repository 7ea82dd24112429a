/* The learn view: two networks train side by side. */
#include "tests/remove-tree.h"
#include "tests/window/fixture.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "tests/window/window-test.h"
#include "ui/learn/learn-actions.h"
#include "ui/learn/learn-window.h"
#include "ui/window/ui.h"

#define TINY "nets=plain8,resnet8-paper; data=shapes; pictures=64; epochs=3; batch=16; rate=0.05"

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

static void
open_with (Fixture *fixture, const char *text)
{
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.learn-with", "s", text));
  g_assert_nonnull (get_view (fixture));
}

static gboolean
act (Fixture *fixture, const char *action)
{
  return gtk_widget_activate_action (GTK_WIDGET (get_view (fixture)), action, NULL);
}

static gboolean
is_over (Fixture *fixture)
{
  return !rn_learning_is_active (get_learning (fixture));
}

static gboolean
is_paused (Fixture *fixture)
{
  return rn_learning_get_state (get_learning (fixture)) == RN_LEARN_PAUSED;
}

static int
count_steps (Fixture *fixture)
{
  int n;

  rn_learning_get_steps (get_learning (fixture), 1, &n);

  return n;
}

static gboolean
has_step (Fixture *fixture)
{
  return count_steps (fixture) >= 1;
}

static gboolean
has_epoch (Fixture *fixture)
{
  return !isnan (rn_learning_get_val_error (get_learning (fixture), 1));
}

static void
shoot (Fixture *fixture, const char *name)
{
  rn_window_test_settle (300);
  rn_window_test_shoot (GTK_WIDGET (get_view (fixture)), name);
}

static void
test_opens (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *id = NULL;

  g_test_summary ("The menu opens the view, once; a setup fills its fields in; one that makes no "
                  "sense is a message; closing it pauses");

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.learn", NULL));
  g_assert_cmpint (rn_learning_get_state (get_learning (fixture)), ==, RN_LEARN_IDLE);
  shoot (fixture, "learn-idle");
  open_with (fixture, "nets=plain56,resnet110-paper-c-extra-relu-no-bn; epochs=3");
  id = rn_net_picker_get_id (
      rn_learn_form_get_picker (rn_learn_window_get_form (get_view (fixture)), 1));
  g_assert_cmpstr (id, ==, "resnet110-paper-c-extra-relu-no-bn");
  g_assert_null (rn_window_get_message (fixture->window));
  open_with (fixture, "nets=plain57,plain20");
  g_assert_nonnull (strstr (rn_window_get_message (fixture->window), "plain57"));

  open_with (fixture, TINY "; epochs=500; run");
  fixture_wait (fixture, has_step, "a step");
  gtk_window_destroy (GTK_WINDOW (get_view (fixture)));
  fixture_wait (fixture, is_paused, "a pause");
  g_assert_null (rn_learn_actions_get_window (GTK_APPLICATION_WINDOW (fixture->window)));
}

static void
test_fields (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *folder = g_dir_make_tmp ("learn-XXXXXX", NULL);
  g_autofree char *batch = g_build_filename (folder, "data_batch_1.bin", NULL);
  g_autofree char *cifar = g_strconcat ("cifar10:", folder, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  RnLearnForm *form;

  g_test_summary ("What is chosen becomes the setup; CIFAR-10's folder is known by its files");

  open_with (fixture, TINY);
  form = rn_learn_window_get_form (get_view (fixture));
  rn_net_picker_set_id (rn_learn_form_get_picker (form, 0), "plain20");
  g_signal_emit_by_name (rn_learn_form_get_picker (form, 0), "changed");
  g_assert_cmpstr (rn_learning_get_setup (get_learning (fixture))->nets[0], ==, "plain20");
  g_assert_cmpstr (rn_learning_get_setup (get_learning (fixture))->nets[1], ==, "resnet8-paper");
  g_assert_cmpint (rn_learning_get_setup (get_learning (fixture))->n_pictures, ==, 64);

  rn_learn_form_take_folder (form, file);
  g_assert_cmpstr (rn_learning_get_setup (get_learning (fixture))->data, ==, folder);
  g_assert_true (g_file_set_contents (batch, "", 0, NULL));
  rn_learn_form_take_folder (form, file);
  g_assert_cmpstr (rn_learning_get_setup (get_learning (fixture))->data, ==, cifar);
  shoot (fixture, "learn-cifar");
  g_remove (batch);
  g_rmdir (folder);
}

static void
test_run (Fixture *fixture, gconstpointer unused)
{
  RnLearnWindow *view;
  RnFigure *figure;

  g_test_summary ("Start, pause, step, go on to the end; curves, bars and features follow");

  open_with (fixture, TINY "; run");
  view = get_view (fixture);
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (rn_learn_window_get_form (view))));
  fixture_wait (fixture, has_step, "a step");
  g_assert_true (act (fixture, "learn.toggle"));
  fixture_wait (fixture, is_paused, "a pause");
  g_assert_nonnull (strstr (rn_learn_window_get_status (view), "paused"));
  shoot (fixture, "learn-paused");
  if (count_steps (fixture) < 12)
    {
      int n = count_steps (fixture);

      g_assert_true (act (fixture, "learn.step"));
      while (count_steps (fixture) == n)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (count_steps (fixture), ==, n + 1);
      fixture_wait (fixture, is_paused, "a pause");
      g_assert_true (act (fixture, "learn.toggle"));
    }
  fixture_wait (fixture, is_over, "the end");
  g_assert_nonnull (strstr (rn_learn_window_get_status (view), "done"));
  g_assert_null (rn_learn_window_get_message (view));
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (rn_learn_window_get_form (view))));
  figure = rn_figure_view_get_figure (rn_learn_window_get_errors (view));
  g_assert_cmpint (figure->series[0].n, ==, 12);
  g_assert_cmpint (figure->series[1].n, ==, 3);
  for (int responses = 0; responses < 2; responses++)
    {
      figure = rn_figure_view_get_figure (rn_learn_window_get_blocks (view, responses));
      g_assert_cmpint (figure->series[0].n, ==, 3);
      g_assert_cmpint (figure->series[1].n, ==, 3);
    }
  shoot (fixture, "learn-done");
}

static void
test_scrub (Fixture *fixture, gconstpointer unused)
{
  RnLearning *learning = get_learning (fixture);
  RnFigureView *gradients;
  double now;

  g_test_summary (
      "Looking back shows bars and features as they were, and the curves where that is");

  open_with (fixture, TINY "; run");
  fixture_wait (fixture, is_over, "the end");
  gradients = rn_learn_window_get_blocks (get_view (fixture), FALSE);
  now = rn_figure_view_get_figure (gradients)->series[0].points[0][1];
  gtk_range_set_value (rn_learn_window_get_scrub (get_view (fixture)), 0);
  g_assert_cmpint (rn_learning_get_shown (learning), ==, 0);
  g_assert_cmpfloat (rn_figure_view_get_figure (gradients)->series[0].points[0][1], ==,
                     rn_learning_get_shot (learning, 0, 0)->bars[0].gradient);
  g_assert_cmpfloat (rn_figure_view_get_figure (gradients)->series[0].points[0][1], !=, now);
  g_assert_cmpfloat (
      rn_figure_view_get_figure (rn_learn_window_get_errors (get_view (fixture)))->mark, ==, 0.25);
  shoot (fixture, "learn-back");
  g_assert_true (act (fixture, "learn.forward"));
  g_assert_cmpint (rn_learning_get_shown (learning), ==, 1);
  g_assert_true (act (fixture, "learn.back"));
  g_assert_cmpint (rn_learning_get_shown (learning), ==, 0);
  g_assert_true (act (fixture, "learn.live"));
  g_assert_cmpint (rn_learning_get_shown (learning), ==, -1);
  g_assert_cmpfloat (rn_figure_view_get_figure (gradients)->series[0].points[0][1], ==, now);
}

static gboolean
has_file (Fixture *fixture)
{
  const char *path = g_object_get_data (G_OBJECT (fixture->window), "path");

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static gboolean
has_message (Fixture *fixture)
{
  return rn_learn_window_get_message (get_view (fixture)) != NULL;
}

static void
test_export (Fixture *fixture, gconstpointer unused)
{
  static const char *const all[] = { "errors.png",    "errors.csv", "gradients.png",
                                     "responses.png", "blocks.csv", "maps.png",
                                     "maps.csv",      "a.h5",       "b.h5" };
  g_autofree char *folder = g_dir_make_tmp ("learn-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary (
      "Every figure is saved as PNG and CSV, both networks as .h5; what cannot be saved "
      "is a message");

  open_with (fixture, TINY "; run");
  fixture_wait (fixture, is_over, "the end");
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autofree char *path = g_build_filename (folder, all[i], NULL);

      g_assert_true (rn_learn_window_save (get_view (fixture), all[i], path, &error));
      g_assert_no_error (error);
      g_object_set_data_full (G_OBJECT (fixture->window), "path", g_strdup (path), g_free);
      fixture_wait (fixture, has_file, all[i]);
      g_remove (path);
    }
  g_rmdir (folder);
  g_assert_false (rn_learn_window_save (get_view (fixture), "errors.png", "/no/where.png", &error));
  g_assert_nonnull (error);
  g_assert_true (rn_learn_window_save (get_view (fixture), "a.h5", "/no/where.h5", NULL));
  fixture_wait (fixture, has_message, "a message");
  g_assert_nonnull (strstr (rn_learn_window_get_message (get_view (fixture)), "/no/where.h5"));
}

static void
make_class (const char *folder, const char *class, const char *const *contents)
{
  g_autofree char *path = g_build_filename (folder, class, NULL);

  g_assert_cmpint (g_mkdir_with_parents (path, 0777), ==, 0);
  for (int i = 0; contents[i] != NULL; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d.png", i);
      g_autofree char *file = g_build_filename (path, name, NULL);

      g_assert_true (g_file_set_contents (file, contents[i], -1, NULL));
    }
}

/* Uniform grey, in another size and shade for each. */
static void
make_pictures (const char *folder, const char *class, int shade, int n)
{
  g_autofree char *path = g_build_filename (folder, class, NULL);

  g_assert_cmpint (g_mkdir_with_parents (path, 0777), ==, 0);
  for (int i = 0; i < n; i++)
    {
      g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 30 + 2 * i, 40);
      g_autofree char *name = g_strdup_printf ("picture-%d.png", i);
      g_autofree char *file = g_build_filename (path, name, NULL);

      gdk_pixbuf_fill (pixbuf, (guint32)(shade + i) * 0x01010100u);
      g_assert_true (gdk_pixbuf_save (pixbuf, file, "png", NULL, NULL));
    }
}

static void
test_folders (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *folder = g_dir_make_tmp ("learn-XXXXXX", NULL);
  g_autofree char *text = g_strdup_printf (TINY "; batch=4; data=%s; run", folder);
  g_autofree char *cifar = g_strdup_printf (TINY "; data=cifar10:%s; run", folder);
  g_autofree char *cut = g_build_filename (folder, "data_batch_1.bin", NULL);

  g_test_summary ("A folder with one class, an empty class, a truncated CIFAR-10: a message; mixed "
                  "sizes and unreadable pictures: a warning, and it learns");

  make_pictures (folder, "dark", 20, 8);
  open_with (fixture, text);
  fixture_wait (fixture, is_over, "a failure");
  g_assert_nonnull (strstr (rn_learn_window_get_message (get_view (fixture)), "1 subfolder"));
  shoot (fixture, "learn-one-class");
  make_class (folder, "light", (const char *const[]){ NULL });
  open_with (fixture, text);
  fixture_wait (fixture, is_over, "a failure");
  g_assert_nonnull (strstr (rn_learn_window_get_message (get_view (fixture)), "empty class"));

  make_pictures (folder, "light", 200, 8);
  make_class (folder, "light", (const char *const[]){ "no picture", NULL });
  open_with (fixture, text);
  fixture_wait (fixture, is_over, "the end");
  g_assert_cmpint (rn_learning_get_state (get_learning (fixture)), ==, RN_LEARN_DONE);
  g_assert_nonnull (strstr (rn_learn_window_get_message (get_view (fixture)), "passed over"));
  g_assert_nonnull (strstr (rn_learn_window_get_message (get_view (fixture)), "different sizes"));
  shoot (fixture, "learn-folder");

  g_assert_true (g_file_set_contents (cut, "cut", -1, NULL));
  open_with (fixture, cifar);
  fixture_wait (fixture, is_over, "a failure");
  g_assert_nonnull (strstr (rn_learn_window_get_message (get_view (fixture)), "cut off"));
  test_remove_tree (folder);
}

static void
test_diverges (Fixture *fixture, gconstpointer unused)
{
  g_test_summary ("A loss that turns NaN is a message, and what was learned so far stays");

  open_with (fixture,
             "nets=plain20-no-bn,resnet8-paper; pictures=64; epochs=3; batch=16; rate=100; "
             "schedule=constant; run");
  fixture_wait (fixture, is_over, "the end");
  g_assert_nonnull (strstr (rn_learn_window_get_message (get_view (fixture)), "no number"));
  g_assert_cmpint (rn_learning_get_n_shots (get_learning (fixture)), >, 0);
  shoot (fixture, "learn-diverged");
}

static void
test_sizes (Fixture *fixture, gconstpointer unused)
{
  int width, height;

  g_test_summary ("The view fits into 1024x700, light and dark");

  open_with (fixture, TINY "; run");
  fixture_wait (fixture, has_epoch, "an epoch");
  gtk_widget_get_preferred_size (GTK_WIDGET (get_view (fixture)), NULL, NULL);
  gtk_widget_measure (GTK_WIDGET (get_view (fixture)), GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL,
                      NULL, NULL);
  gtk_widget_measure (GTK_WIDGET (get_view (fixture)), GTK_ORIENTATION_VERTICAL, 1024, &height,
                      NULL, NULL, NULL);
  g_assert_cmpint (width, <=, 1024);
  g_assert_cmpint (height, <=, 660);
  g_object_set (gtk_settings_get_default (), "gtk-application-prefer-dark-theme", TRUE, NULL);
  shoot (fixture, "learn-dark");
  g_object_set (gtk_settings_get_default (), "gtk-application-prefer-dark-theme", FALSE, NULL);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer unused);
  } tests[] = {
    { "/window/learn/opens", test_opens },       { "/window/learn/fields", test_fields },
    { "/window/learn/run", test_run },           { "/window/learn/scrub", test_scrub },
    { "/window/learn/export", test_export },     { "/window/learn/folders", test_folders },
    { "/window/learn/diverges", test_diverges }, { "/window/learn/sizes", test_sizes },
  };

  if (!rn_window_test_init (&argc, &argv))
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, fixture_set_up, tests[i].test, fixture_tear_down);

  return g_test_run ();
}
