/* The disk is full while the window saves, whatever it saves: a limit on the size of files, of
 * which the signal is ignored, so that writing fails as it does on a full disk. */
#include "tests/remove-tree.h"
#include "tests/window/fixture.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "tests/unit/teach/views.h"
#include "tests/window/window-test.h"
#include "ui/learn/learn-actions.h"
#include "ui/learn/learn-window.h"
#include "ui/teach/teach-actions.h"
#include "ui/window/graph-export.h"

#define PRECIOUS "precious"
#define N_VIEWS 2
#define TINY "nets=plain8,resnet8-paper; data=shapes; pictures=64; epochs=1; batch=16; run"

/* Less than anything that is saved, more than what stands in its place. */
#define ROOM 16

/* HDF5 writes piece by piece: this runs out on the way. */
#define LATER_ROOM (64 << 10)

typedef struct
{
  Fixture window; /* first: what waits knows of the fixture alone */
  char *folder;
  char *path;  /* where it is being saved */
  char *error; /* of what is saved while the caller waits */
  const char *(*get_message) (Fixture *fixture);
} Scene;

/* Begins to save to the scene's path. */
typedef void (*SaveFunc) (Scene *scene);

static void
set_up (Scene *scene, gconstpointer model_id)
{
  fixture_set_up (&scene->window, model_id);
  scene->folder = g_dir_make_tmp ("rn-full-XXXXXX", NULL);
  g_assert_nonnull (scene->folder);
}

static void
tear_down (Scene *scene, gconstpointer unused)
{
  fixture_tear_down (&scene->window, NULL);
  test_remove_tree (scene->folder);
  g_free (scene->folder);
}

/* Has @save run where a file may have so many bytes. */
static void
save_within (Scene *scene, SaveFunc save, rlim_t n_bytes, Condition is_over)
{
  struct rlimit before, limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  limit = before;
  limit.rlim_cur = MIN (n_bytes, before.rlim_max);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  save (scene);
  fixture_wait (&scene->window, is_over, scene->path);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
}

/* What is said of the file, or NULL. */
static const char *
get_complaint (Scene *scene)
{
  const char *message =
      scene->error != NULL ? scene->error : scene->get_message (&scene->window);

  return message != NULL && strstr (message, scene->path) != NULL ? message : NULL;
}

static gboolean
is_written (Scene *scene)
{
  g_autofree char *content = NULL;
  gsize size = 0;

  return g_file_get_contents (scene->path, &content, &size, NULL) && size > strlen (PRECIOUS);
}

static gboolean
is_over (Fixture *fixture)
{
  return get_complaint ((Scene *) fixture) != NULL || is_written ((Scene *) fixture);
}

/* Messages that come soon after each other stand below each other, each a line with its file. */
static void
check_complaint (const char *complaint, const char *folder)
{
  g_auto (GStrv) lines = NULL;

  g_assert_nonnull (complaint);
  lines = g_strsplit (complaint, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_nonnull (strstr (lines[i], folder));
  g_test_message ("%s", lines[g_strv_length (lines) - 1]);
}

/* Nothing may be beside the file, which is there or not. */
static void
check_folder (Scene *scene, gboolean present)
{
  g_autoptr (GDir) dir = g_dir_open (scene->folder, 0, NULL);
  const char *name;
  int n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_test_message ("there is %s", name);
      n++;
    }
  g_assert_cmpint (n, ==, present);
}

/* In vain, where nothing is and over another file; then in earnest. */
static void
try_save (Scene *scene, const char *name, SaveFunc save)
{
  enum { ABSENT, PRESENT, LATER, ROOMY, N_TIMES };
  static const rlim_t rooms[] = { ROOM, ROOM, LATER_ROOM, RLIM_INFINITY };

  for (int time = 0; time < N_TIMES; time++)
    {
      gboolean before = time == PRESENT || time == LATER;
      g_autofree char *own_name = g_strdup_printf ("%d-%s", time, name);
      g_autofree char *path = g_build_filename (scene->folder, own_name, NULL);
      g_autofree char *content = NULL;

      scene->path = path;
      if (time == LATER && !g_str_has_suffix (name, ".h5"))
        continue;
      if (before)
        g_assert_true (g_file_set_contents (path, PRECIOUS, -1, NULL));
      save_within (scene, save, rooms[time], is_over);
      if (time == ROOMY)
        g_assert_null (get_complaint (scene));
      else
        check_complaint (get_complaint (scene), scene->folder);
      check_folder (scene, time != ABSENT);
      if (before)
        {
          g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
          g_assert_cmpstr (content, ==, PRECIOUS);
        }
      g_remove (path);
      g_clear_pointer (&scene->error, g_free);
    }
}

static const char *
get_main_message (Fixture *fixture)
{
  return rn_window_get_message (fixture->window);
}

static RnCanvas *
get_canvas (Fixture *fixture)
{
  return rn_canvas_pane_get_canvas (rn_window_get_canvas_pane (fixture->window));
}

static gboolean
has_graph (Fixture *fixture)
{
  RnCanvas *canvas = get_canvas (fixture);

  return rn_canvas_is_ready (canvas) && gtk_widget_get_width (GTK_WIDGET (canvas)) > 0;
}

static void
save_graph (Scene *scene)
{
  rn_graph_export_save (get_canvas (&scene->window), TRUE, scene->path, scene->window.document);
}

static void
test_graph (Scene *scene, gconstpointer unused)
{
  g_test_summary ("The graph, as PNG, SVG and PDF: what cannot be saved is one line that names the "
                  "file, nothing is half written, and what was there stays");

  scene->get_message = get_main_message;
  fixture_wait (&scene->window, has_graph, "the graph");
  try_save (scene, "graph.png", save_graph);
  try_save (scene, "graph.svg", save_graph);
  try_save (scene, "graph.pdf", save_graph);
}

static RnGalleryPane *
get_gallery (Fixture *fixture)
{
  return rn_inspector_get_gallery (rn_window_get_inspector (fixture->window));
}

static void
save_maps (Scene *scene)
{
  rn_gallery_pane_save (get_gallery (&scene->window), scene->path);
}

static void
test_maps (Scene *scene, gconstpointer unused)
{
  Fixture *fixture = &scene->window;

  g_test_summary ("Feature maps, as PNG, for NumPy and in HDF5: likewise");

  scene->get_message = get_main_message;
  fixture_open_sample (fixture, "church.png");
  rn_document_select_layer (
      fixture->document,
      rn_model_find_layer (rn_document_get_model (fixture->document), "conv2_block1_out", NULL)
          ->index);
  fixture_wait (fixture, fixture_has_maps, "maps");
  try_save (scene, "maps.png", save_maps);
  try_save (scene, "maps.npy", save_maps);
  try_save (scene, "maps.h5", save_maps);
}

static RnSweepView *
get_sweep (Fixture *fixture)
{
  return rn_experiments_get_sweep (rn_window_get_experiments (fixture->window));
}

static gboolean
is_swept (Fixture *fixture)
{
  return !rn_sweep_view_get_busy (get_sweep (fixture));
}

static void
take_error (Scene *scene, gboolean saved, GError *error)
{
  g_assert_true (saved == (error == NULL));
  if (error != NULL)
    scene->error = g_strdup (error->message);
  g_clear_error (&error);
}

static void
save_sweep (Scene *scene)
{
  GError *error = NULL;
  gboolean saved = rn_sweep_view_save (get_sweep (&scene->window), scene->path, &error);

  take_error (scene, saved, error);
}

static void
test_sweep (Scene *scene, gconstpointer unused)
{
  RnSweepView *sweep = get_sweep (&scene->window);

  g_test_summary ("A sweep, as PNG and CSV: likewise");

  scene->get_message = get_main_message;
  fixture_open_sample (&scene->window, "golf-ball.png");
  rn_window_show_right (scene->window.window, "experiments");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (sweep), "sweep.drop-block", NULL));
  fixture_wait (&scene->window, is_swept, "a sweep");
  try_save (scene, "sweep.png", save_sweep);
  try_save (scene, "sweep.csv", save_sweep);
}

static RnLearnWindow *
get_learn (Fixture *fixture)
{
  return RN_LEARN_WINDOW (rn_learn_actions_get_window (GTK_APPLICATION_WINDOW (fixture->window)));
}

static gboolean
has_learnt (Fixture *fixture)
{
  return !rn_learning_is_active (
      rn_learn_actions_get_learning (GTK_APPLICATION_WINDOW (fixture->window)));
}

static const char *
get_learn_message (Fixture *fixture)
{
  return rn_learn_window_get_message (get_learn (fixture));
}

/* The name of the file is what is saved, behind the number. */
static void
save_learnt (Scene *scene)
{
  const char *what = strrchr (scene->path, '-') + 1;
  GError *error = NULL;
  gboolean saved =
      rn_learn_window_save (get_learn (&scene->window), what, scene->path, &error);

  take_error (scene, saved, error);
}

static void
test_learnt (Scene *scene, gconstpointer unused)
{
  static const char *const all[] = { "errors.png", "errors.csv", "gradients.png", "responses.png",
                                     "blocks.csv", "maps.png", "maps.csv", "a.h5", "b.h5" };

  g_test_summary ("Figures, tables and networks that learn: likewise");

  scene->get_message = get_learn_message;
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (scene->window.window), "win.learn-with", "s", TINY));
  fixture_wait (&scene->window, has_learnt, "the end");
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    try_save (scene, all[i], save_learnt);
}

static RnTeachWindow *
get_teach (Fixture *fixture)
{
  return rn_teach_actions_get_window (GTK_APPLICATION_WINDOW (fixture->window));
}

static RnTeaching *
get_teaching (Fixture *fixture)
{
  return rn_teach_actions_get_teaching (GTK_APPLICATION_WINDOW (fixture->window));
}

static gboolean
is_taught (Fixture *fixture)
{
  return !rn_teaching_is_busy (get_teaching (fixture));
}

static gboolean
is_saved (Fixture *fixture)
{
  return !rn_teaching_is_unsaved (get_teaching (fixture));
}

static const char *
get_teach_message (Fixture *fixture)
{
  return rn_teach_window_get_message (get_teach (fixture));
}

static void
save_taught (Scene *scene)
{
  g_autoptr (GFile) file = g_file_new_for_path (scene->path);

  g_assert_true (rn_teaching_is_unsaved (get_teaching (&scene->window)));
  rn_teach_window_save (get_teach (&scene->window), file);
}

static void
test_taught (Scene *scene, gconstpointer unused)
{
  static const char *const samples[] = { "golf-ball", "church" };
  RnTeaching *teaching = get_teaching (&scene->window);
  GListModel *boxes = rn_teaching_get_boxes (teaching);
  g_autofree char *views = g_dir_make_tmp ("rn-views-XXXXXX", NULL);

  g_test_summary ("A network that was taught: likewise, and it stays unsaved until it is saved");

  scene->get_message = get_teach_message;
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (scene->window.window), "win.teach", NULL));
  for (int b = 0; b < 2; b++)
    {
      g_autoptr (RnTeachBox) box = g_list_model_get_item (boxes, b);

      for (int i = 0; i < N_VIEWS; i++)
        {
          g_autoptr (GFile) view = teach_views_make (views, samples[b], i);

          rn_teaching_add_file (teaching, box, view);
        }
    }
  fixture_wait (&scene->window, is_taught, "all pictures to be looked at");
  try_save (scene, "mine.h5", save_taught);
  fixture_wait (&scene->window, is_saved, "the window to know of it");
  test_remove_tree (views);
}

int
main (int argc, char **argv)
{
  if (!rn_window_test_init (&argc, &argv))
    return 0;
  signal (SIGXFSZ, SIG_IGN);

#define ADD(path, function)                                                                        \
  g_test_add ("/full/" path, Scene, "resnet18", set_up, function, tear_down)
  ADD ("graph", test_graph);
  ADD ("maps", test_maps);
  ADD ("sweep", test_sweep);
  ADD ("learnt", test_learnt);
  ADD ("taught", test_taught);

  return g_test_run ();
}
