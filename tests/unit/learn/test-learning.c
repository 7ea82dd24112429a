#include "ui/learn/learning.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "tests/patience.h"
#include "tests/remove-tree.h"
#include "ui/learn/learn-figures.h"

#define TINY "nets=plain8,resnet8-paper; data=shapes; pictures=64; epochs=2; batch=16; rate=0.05"
#define PATIENCE_S test_patience_s (300)

/* A folder of this test's own, with everything in it gone at the end. */
static char *
make_folder (void)
{
  char *folder = g_dir_make_tmp ("learn-XXXXXX", NULL);

  g_assert_nonnull (folder);

  return folder;
}

typedef gboolean (*Condition) (RnLearning *learning);

static gboolean
set_flag (gpointer flag)
{
  *(gboolean *)flag = TRUE;

  return G_SOURCE_REMOVE;
}

static void
wait_for (RnLearning *learning, Condition condition)
{
  gboolean late = FALSE;
  guint timeout = g_timeout_add_seconds (PATIENCE_S, set_flag, &late);

  while (!late && !condition (learning))
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (late);
  g_source_remove (timeout);
}

static gboolean
is_idle (RnLearning *learning)
{
  return !rn_learning_is_active (learning);
}

static gboolean
is_paused (RnLearning *learning)
{
  return rn_learning_get_state (learning) == RN_LEARN_PAUSED;
}

static int
count_steps (RnLearning *learning, int run)
{
  int n;

  rn_learning_get_steps (learning, run, &n);

  return n;
}

static void
apply (RnLearning *learning, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (rn_learning_apply (learning, text, &error));
  g_assert_no_error (error);
}

static void
test_whole_run (void)
{
  g_autoptr (RnLearning) learning = rn_learning_new (NULL, NULL);
  int n_epochs;

  g_test_summary (
      "Two networks learn to the end; curves, bars, kernels and features are there, and "
      "those of both stand for the same places");

  apply (learning, TINY "; run");
  g_assert_cmpint (rn_learning_get_state (learning), ==, RN_LEARN_LOADING);
  g_assert_true (isnan (rn_learning_get_val_error (learning, 0)));
  g_assert_true (isnan (rn_learning_get_gradient_norm (learning, 0, 0)));
  wait_for (learning, is_idle);
  g_assert_cmpint (rn_learning_get_state (learning), ==, RN_LEARN_DONE);
  g_assert_cmpfloat (rn_learning_get_share (learning), ==, 1);
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      const RnLearnShot *shot = rn_learning_get_shot (learning, r, -1);

      g_assert_cmpint (count_steps (learning, r), ==, 8);
      rn_learning_get_epochs (learning, r, &n_epochs);
      g_assert_cmpint (n_epochs, ==, 2);
      g_assert_cmpfloat (rn_learning_get_train_error (learning, r), <=, 1);
      g_assert_cmpfloat (rn_learning_get_val_error (learning, r), <=, 1);
      g_assert_cmpint (rn_learning_get_n_blocks (learning, r), ==, 3);
      for (int b = 0; b < 3; b++)
        {
          g_assert_cmpfloat (rn_learning_get_gradient_norm (learning, r, b), >, 0);
          g_assert_cmpfloat (rn_learning_get_response (learning, r, b), >, 0);
        }
      g_assert_cmpfloat (rn_learning_get_gradient_norm (learning, r, -1), ==,
                         rn_learning_get_gradient_norm (learning, r, 2));
      g_assert_true (isnan (rn_learning_get_response (learning, r, 3)));
      g_assert_cmpint (shot->step, ==, 8);
      g_assert_cmpint (shot->n_kernels, ==, 16);
      for (int p = 0; p < RN_LEARN_N_PLACES; p++)
        g_assert_cmpint (shot->places[p].size, ==, 32 >> MAX (p - 1, 0));
    }
  g_assert_cmpint (rn_learning_get_n_shots (learning), ==, 8);
  g_assert_cmpuint (rn_learning_get_shots_memory (learning), <, 16 << 15);
}

/* Steps and epochs are those of a trainer of its own. */
static void
test_same_as_trainer (void)
{
  g_autoptr (RnLearning) learning = rn_learning_new (NULL, NULL);
  g_autoptr (RnLearning) again = rn_learning_new (NULL, NULL);
  int n, m;

  g_test_summary ("The same setup gives the same numbers to the bit");

  apply (learning, TINY "; run");
  wait_for (learning, is_idle);
  apply (again, TINY "; run");
  wait_for (again, is_idle);
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    {
      const RnLearnStep *a = rn_learning_get_steps (learning, r, &n);
      const RnLearnStep *b = rn_learning_get_steps (again, r, &m);

      g_assert_cmpmem (a, n * sizeof *a, b, m * sizeof *b);
    }
}

static void
test_pause (void)
{
  g_autoptr (RnLearning) learning = rn_learning_new (NULL, NULL);
  g_autoptr (RnLearnShot) old = NULL;

  g_test_summary (
      "Steps one at a time, goes on, stops; another picture is looked at while it pauses; "
      "one can look back at what was");

  apply (learning, TINY);
  g_assert_cmpint (rn_learning_get_state (learning), ==, RN_LEARN_IDLE);
  rn_learning_step (learning);
  wait_for (learning, is_paused);
  while (count_steps (learning, 1) < 1)
    g_main_context_iteration (NULL, TRUE);
  wait_for (learning, is_paused);
  g_assert_cmpint (count_steps (learning, 0), ==, 1);
  g_assert_cmpint (rn_learning_get_n_shots (learning), ==, 1);
  rn_learning_step (learning);
  while (count_steps (learning, 1) < 2)
    g_main_context_iteration (NULL, TRUE);

  old = rn_learn_shot_ref (rn_learning_get_shot (learning, 1, -1));
  rn_learning_set_picture (learning, 3);
  while (rn_learning_get_shot (learning, 1, -1) == old)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (rn_learning_get_n_shots (learning), ==, 2);
  g_assert_cmpint (rn_learning_get_shot (learning, 1, -1)->picture, ==, 3);
  g_assert_cmpint (rn_learning_get_shot (learning, 1, 0)->picture, ==, 0);

  rn_learning_set_shown (learning, 0);
  g_assert_cmpint (rn_learning_get_shown_shot (learning, 0)->step, ==, 1);
  rn_learning_set_shown (learning, -1);
  g_assert_cmpint (rn_learning_get_shown_shot (learning, 0)->step, ==, 2);

  g_assert_false (rn_learning_set_setup (learning, rn_learning_get_setup (learning), NULL));
  rn_learning_stop (learning);
  g_assert_cmpint (rn_learning_get_state (learning), ==, RN_LEARN_STOPPED);
  g_assert_cmpint (count_steps (learning, 0), ==, 2);
  rn_learning_start (learning);
  wait_for (learning, is_idle);
  g_assert_cmpint (count_steps (learning, 0), ==, 8);
}

static void
test_bad_setups (void)
{
  const char *const texts[] = {
    "nets=plain20",
    "nets=plain21,plain20",
    "nets=resnet50,plain20",
    "epochs=0",
    "batch=x",
    "rate=",
    "rate=-1",
    "schedule=none",
    "colour=red",
    "pictures=-3",
    "seed=99999999999999",
  };
  g_autoptr (RnLearning) learning = rn_learning_new (NULL, NULL);
  g_autofree char *before = rn_learn_setup_to_string (rn_learning_get_setup (learning));

  g_test_summary ("A setup that makes no sense is refused with a line that says why, and nothing "
                  "changes; one that does survives being written and read");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *after = NULL;

      g_assert_false (rn_learning_apply (learning, texts[i], &error));
      g_assert_nonnull (error);
      g_assert_null (strchr (error->message, '\n'));
      after = rn_learn_setup_to_string (rn_learning_get_setup (learning));
      g_assert_cmpstr (after, ==, before);
    }
  apply (learning, "nets = plain8 , resnet14-paper-b ;rate=0.25; schedule=cosine; seed=7;;");
  {
    g_autofree char *text = rn_learn_setup_to_string (rn_learning_get_setup (learning));

    g_assert_cmpstr (
        text, ==,
        "nets=plain8,resnet14-paper-b; data=shapes; pictures=2000; epochs=8; batch=64; "
        "rate=0.25; schedule=cosine; seed=7");
    apply (learning, text);
  }
}

static void
add_class (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_mkdir (path, 0777), ==, 0);
}

static void
add_file (const char *folder, const char *class, const char *name, const char *content)
{
  g_autofree char *path = g_build_filename (folder, class, name, NULL);

  g_assert_true (g_file_set_contents (path, content, -1, NULL));
}

/* Starts on @data, which must fail; what was found before stays, and the next run is none the
 * worse. */
static void
assert_fails (const char *data, const char *why)
{
  g_autoptr (RnLearning) learning = rn_learning_new (NULL, NULL);
  g_autofree char *text = g_strdup_printf (TINY "; data=%s; run", data);

  apply (learning, TINY "; epochs=1; run");
  wait_for (learning, is_idle);
  apply (learning, text);
  wait_for (learning, is_idle);
  g_assert_cmpint (rn_learning_get_state (learning), ==, RN_LEARN_FAILED);
  g_assert_nonnull (rn_learning_get_error (learning));
  g_assert_nonnull (strstr (rn_learning_get_error (learning), why));
  g_assert_cmpint (count_steps (learning, 0), ==, 4);
  g_assert_nonnull (rn_learning_get_model (learning, 1));
  apply (learning, TINY "; epochs=1; run");
  wait_for (learning, is_idle);
  g_assert_cmpint (rn_learning_get_state (learning), ==, RN_LEARN_DONE);
  g_assert_null (rn_learning_get_error (learning));
  g_assert_cmpint (count_steps (learning, 0), ==, 4);
}

static void
test_bad_data (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *cifar = g_strconcat ("cifar10:", folder, NULL);

  g_test_summary (
      "No folder, one class, an empty class, no readable picture, a truncated CIFAR-10: "
      "each is a message");

  assert_fails ("/no/such/folder", "no such folder");
  add_class (folder, "cats");
  assert_fails (folder, "1 subfolder");
  add_class (folder, "dogs");
  add_file (folder, "cats", "a.png", "no picture");
  assert_fails (folder, "empty class");
  add_file (folder, "dogs", "b.png", "nor this");
  assert_fails (folder, "has no pictures");
  assert_fails (cifar, "data_batch_1.bin");
  add_file (folder, "", "data_batch_1.bin", "cut off");
  assert_fails (cifar, "cut off");
  test_remove_tree (folder);
}

static void
add_picture (const char *folder, const char *class, int i)
{
  g_autofree char *name = g_strdup_printf ("%d.png", i);
  g_autofree char *path = g_build_filename (folder, class, name, NULL);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 32, 32);

  gdk_pixbuf_fill (pixbuf, (guint32) (i + 1) * 0x05030100u);
  g_assert_true (gdk_pixbuf_save (pixbuf, path, "png", NULL, NULL));
}

static void
test_folder (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *text = g_strdup_printf (TINY "; batch=4; pictures=12; data=%s; run", folder);
  g_autoptr (RnLearning) learning = rn_learning_new (NULL, NULL);

  g_test_summary ("Of a folder only as many pictures are read as are wanted, each class its share");

  add_class (folder, "few");
  add_class (folder, "many");
  for (int i = 0; i < 10; i++)
    add_picture (folder, "few", i);
  for (int i = 0; i < 30; i++)
    add_picture (folder, "many", i);
  apply (learning, text);
  wait_for (learning, is_idle);
  g_assert_cmpint (rn_learning_get_state (learning), ==, RN_LEARN_DONE);
  g_assert_cmpint (rn_learning_get_n_pictures (learning, FALSE), ==, 3 + 9);
  g_assert_cmpint (rn_learning_get_n_pictures (learning, TRUE), ==, 1 + 2);
  g_assert_cmpstr (rn_learning_get_labels (learning)[1], ==, "many");
  test_remove_tree (folder);
}

static void
test_diverges (void)
{
  g_autoptr (RnLearning) learning = rn_learning_new (NULL, NULL);

  g_test_summary (
      "A network whose loss turns NaN stops with a message; the other one goes on to its "
      "end, and the run so far stays");

  apply (learning, "nets=plain20-no-bn,resnet8-paper; pictures=64; epochs=3; batch=16; rate=100; "
                   "schedule=constant; run");
  wait_for (learning, is_idle);
  g_assert_nonnull (rn_learning_get_run_error (learning, 0));
  g_assert_nonnull (strstr (rn_learning_get_run_error (learning, 0), "no number"));
  g_assert_cmpint (count_steps (learning, 0), <, 12);
  g_assert_cmpint (count_steps (learning, 0), >, 0);
  if (rn_learning_get_run_error (learning, 1) == NULL)
    g_assert_cmpint (count_steps (learning, 1), ==, 12);
}

static gboolean
has_epoch (RnLearning *learning)
{
  return !isnan (rn_learning_get_val_error (learning, 1));
}

static void
test_kept (void)
{
  g_autofree char *folder = make_folder ();
  g_autoptr (RnLearning) learning = rn_learning_new (NULL, folder);
  g_autoptr (RnLearning) whole = rn_learning_new (NULL, NULL);
  g_autoptr (RnLearning) other = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A run is kept after every epoch; broken off, it goes on to the same result");

  g_assert_false (rn_learning_can_resume (learning));
  g_assert_false (rn_learning_resume (learning, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  apply (learning, TINY "; epochs=12; schedule=constant; run");
  wait_for (learning, has_epoch);
  rn_learning_stop (learning);
  g_clear_error (&error);

  other = rn_learning_new (NULL, folder);
  g_assert_true (rn_learning_can_resume (other));
  g_assert_true (rn_learning_resume (other, &error));
  g_assert_no_error (error);
  apply (whole, TINY "; epochs=12; schedule=constant; run");
  wait_for (other, is_idle);
  wait_for (whole, is_idle);
  for (int r = 0; r < RN_LEARN_N_RUNS; r++)
    g_assert_cmpfloat (rn_learning_get_val_error (other, r), ==,
                       rn_learning_get_val_error (whole, r));
  test_remove_tree (folder);
}

static void
test_full_disk (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *file = g_build_filename (folder, "file", NULL);
  g_autofree char *below = g_build_filename (file, "below", NULL);
  g_autoptr (RnLearning) learning = rn_learning_new (NULL, below);

  g_test_summary ("Where a run cannot be kept it goes on, and says so once");

  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  apply (learning, TINY "; run");
  wait_for (learning, is_idle);
  g_assert_cmpint (rn_learning_get_state (learning), ==, RN_LEARN_DONE);
  g_assert_nonnull (rn_learning_get_warning (learning));
  g_assert_nonnull (strstr (rn_learning_get_warning (learning), "cannot be kept"));
  g_assert_null (strchr (rn_learning_get_warning (learning), '\n'));
  test_remove_tree (folder);
}

static void
test_kept_before (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *obstacle = g_build_filename (folder, "setup.new", "full", NULL);
  g_autoptr (RnLearning) first = rn_learning_new (NULL, folder);
  g_autoptr (RnLearning) second = rn_learning_new (NULL, folder);
  g_autoptr (RnLearning) third = rn_learning_new (NULL, folder);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Where a run's setup cannot be kept, the run before stays kept with its own");

  apply (first, TINY "; run");
  wait_for (first, is_idle);
  g_assert_cmpint (g_mkdir_with_parents (obstacle, 0700), ==, 0);
  apply (second, TINY "; nets=plain8,plain8; run");
  wait_for (second, is_idle);
  g_assert_cmpint (rn_learning_get_state (second), ==, RN_LEARN_DONE);
  g_assert_nonnull (strstr (rn_learning_get_warning (second), "cannot be kept"));

  g_assert_true (rn_learning_resume (third, &error));
  g_assert_no_error (error);
  wait_for (third, is_idle);
  g_assert_cmpstr (rn_learning_get_setup (third)->nets[1], ==, "resnet8-paper");
  g_assert_cmpint (rn_learning_get_state (third), ==, RN_LEARN_DONE);
  test_remove_tree (folder);
}

static int
count_lines (const char *text)
{
  int n = 0;

  for (const char *c = text; *c != '\0'; c++)
    n += *c == '\n';

  return n;
}

static void
test_figures (void)
{
  g_autoptr (RnLearning) learning = rn_learning_new (NULL, NULL);
  g_autofree char *folder = make_folder ();
  g_autofree char *png = g_build_filename (folder, "figure.png", NULL);
  g_autofree char *none = g_build_filename (folder, "no", "figure.png", NULL);
  g_autofree char *errors = NULL;
  g_autofree char *blocks = NULL;
  g_autofree char *maps = NULL;
  g_autoptr (RnFigure) curves = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Every figure can be written as PNG and as a table, before, during and after");

  curves = rn_learn_figure_errors (learning, FALSE);
  g_assert_true (rn_figure_write_png (curves, png, &error));
  g_assert_true (rn_learn_maps_write_png (learning, png, &error));
  g_clear_pointer (&curves, rn_figure_free);
  apply (learning, TINY "; run");
  wait_for (learning, is_idle);
  for (int dark = 0; dark < 2; dark++)
    for (int q = 0; q < 2; q++)
      {
        g_autoptr (RnFigure) bars = rn_learn_figure_blocks (learning, q, dark);

        g_assert_cmpint (bars->n_series, ==, 2);
        g_assert_cmpint (bars->series[0].n, ==, 3);
        g_assert_cmpfloat (bars->series[1].points[2][1], >, bars->y_low);
        g_assert_true (rn_figure_write_png (bars, png, &error));
      }
  curves = rn_learn_figure_errors (learning, FALSE);
  g_assert_cmpint (curves->n_series, ==, 4);
  g_assert_cmpint (curves->series[0].n, ==, 8);
  g_assert_cmpint (curves->series[1].n, ==, 2);
  g_assert_cmpfloat (curves->series[3].points[1][1], ==, rn_learning_get_val_error (learning, 1));
  g_assert_true (rn_learn_maps_write_png (learning, png, &error));
  g_assert_no_error (error);
  g_assert_false (rn_figure_write_png (curves, none, &error));
  g_assert_nonnull (error);

  errors = rn_learn_table_errors (learning);
  blocks = rn_learn_table_blocks (learning);
  maps = rn_learn_table_maps (learning);
  g_assert_cmpint (count_lines (errors), ==, 1 + 2 * (8 + 2));
  g_assert_cmpint (count_lines (blocks), ==, 1 + 2 * 8 * 3);
  g_assert_cmpint (count_lines (maps), ==, 1 + 2 * (16 * 27 + 8 * (1024 + 1024 + 256 + 64)));
  g_assert_nonnull (strstr (blocks, "\r\nB,resnet8-paper,8,2,3,"));
  test_remove_tree (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/learn/learning/whole-run", test_whole_run);
  g_test_add_func ("/learn/learning/same", test_same_as_trainer);
  g_test_add_func ("/learn/learning/pause", test_pause);
  g_test_add_func ("/learn/learning/bad-setups", test_bad_setups);
  g_test_add_func ("/learn/learning/bad-data", test_bad_data);
  g_test_add_func ("/learn/learning/folder", test_folder);
  g_test_add_func ("/learn/learning/diverges", test_diverges);
  g_test_add_func ("/learn/learning/kept", test_kept);
  g_test_add_func ("/learn/learning/full-disk", test_full_disk);
  g_test_add_func ("/learn/learning/kept-before", test_kept_before);
  g_test_add_func ("/learn/learning/figures", test_figures);

  return g_test_run ();
}
