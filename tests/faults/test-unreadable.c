/* Folders that may not be read, in what windows are made of. (The command line: test-disk.sh.) */
#include "tests/patience.h"
#include "tests/remove-tree.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "ui/document/document.h"
#include "ui/draw/file-output.h"
#include "ui/learn/learning.h"
#include "ui/teach/teaching.h"

#define PATIENCE_S test_patience_s (100)
#define NOBODY 65534

typedef struct
{
  char *folder;
  char *locked;  /* below it; holds a picture */
  char *picture; /* that one */
} Scene;

static void
copy_sample (const char *folder, const char *name)
{
  g_autoptr (GFile) source =
      g_file_new_build_filename (g_getenv ("RN_DATA_DIR"), "samples", name, NULL);
  g_autoptr (GFile) copy = g_file_new_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_copy (source, copy, G_FILE_COPY_NONE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
set_up (Scene *scene, gconstpointer unused)
{
  g_autofree char *open = NULL;

  scene->folder = g_dir_make_tmp ("rn-unreadable-XXXXXX", NULL);
  g_assert_nonnull (scene->folder);
  scene->locked = g_build_filename (scene->folder, "locked", NULL);
  scene->picture = g_build_filename (scene->locked, "tench.png", NULL);
  open = g_build_filename (scene->folder, "open", NULL);
  g_assert_cmpint (g_mkdir (scene->locked, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (open, 0755), ==, 0);
  copy_sample (scene->locked, "tench.png");
  copy_sample (open, "church.png");
  g_assert_cmpint (g_chmod (scene->folder, 0755), ==, 0);
  g_assert_cmpint (g_chmod (scene->locked, 0), ==, 0);
}

static void
tear_down (Scene *scene, gconstpointer unused)
{
  g_assert_cmpint (g_chmod (scene->locked, 0700), ==, 0);
  test_remove_tree (scene->folder);
  g_free (scene->picture);
  g_free (scene->locked);
  g_free (scene->folder);
}

/* Root may read everything: as somebody who may not, until become_root(). Returns: whether that
 * works here, where that somebody must be able to read the program's data and run its readers. */
static gboolean
become_nobody (void)
{
  g_autofree char *weights =
      g_build_filename (g_getenv ("RN_DATA_DIR"), "weights", "resnet18.h5", NULL);

  if (geteuid () != 0)
    return TRUE;
  g_assert_cmpint (seteuid (NOBODY), ==, 0);
  if (faccessat (AT_FDCWD, weights, R_OK, AT_EACCESS) == 0
      && faccessat (AT_FDCWD, g_getenv ("RN_READER"), X_OK, AT_EACCESS) == 0)
    return TRUE;

  g_assert_cmpint (seteuid (0), ==, 0);
  g_test_skip ("only root can read the data here");

  return FALSE;
}

static void
become_root (void)
{
  if (getuid () == 0)
    g_assert_cmpint (seteuid (0), ==, 0);
}

static gboolean
on_late (gpointer late)
{
  *(gboolean *) late = TRUE;

  return G_SOURCE_REMOVE;
}

static void
wait_while (gboolean (*is_busy) (gpointer), gpointer data)
{
  gboolean late = FALSE;
  guint timeout = g_timeout_add_seconds (PATIENCE_S, on_late, &late);

  while (is_busy (data) && !late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (late);
  g_source_remove (timeout);
}

/* A message of one line that names what cannot be read. */
static void
check_message (const char *message, const char *name)
{
  g_assert_nonnull (message);
  g_test_message ("%s", message);
  g_assert_nonnull (strstr (message, name));
  g_assert_null (strchr (message, '\n'));
}

static void
on_message (RnDocument *document, const char *message, char **last)
{
  g_free (*last);
  *last = g_strdup (message);
}

static gboolean
is_document_busy (gpointer document)
{
  return rn_document_get_busy (document);
}

static void
test_opens (Scene *scene, gconstpointer unused)
{
  const char *const paths[] = { scene->locked, scene->picture };
  g_autoptr (RnDocument) document = NULL;

  g_test_summary ("A folder that may not be read, or a picture in it, opened in the window");

  if (!become_nobody ())
    return;
  document = rn_document_new (g_getenv ("RN_DATA_DIR"), g_getenv ("RN_READER"));
  rn_document_set_model_id (document, "resnet18");
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GFile) file = g_file_new_for_path (paths[i]);
      g_autofree char *message = NULL;
      gulong handler =
          g_signal_connect (document, "message", G_CALLBACK (on_message), &message);

      rn_document_open (document, file);
      wait_while (is_document_busy, document);
      check_message (message, paths[i]);
      g_signal_handler_disconnect (document, handler);
    }
  g_assert_null (rn_document_get_picture (document));
  rn_document_stop (document);
  become_root ();
}

static gboolean
is_teaching_busy (gpointer teaching)
{
  return rn_teaching_is_busy (teaching);
}

static void
test_teaches (Scene *scene, gconstpointer unused)
{
  const char *const paths[] = { scene->locked, scene->picture };
  g_autoptr (RnTeaching) teaching = NULL;
  g_autoptr (RnTeachBox) box = NULL;

  g_test_summary ("Likewise where classes are taught");

  if (!become_nobody ())
    return;
  teaching = rn_teaching_new (g_getenv ("RN_DATA_DIR"), g_getenv ("RN_READER"));
  box = g_list_model_get_item (rn_teaching_get_boxes (teaching), 0);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GFile) file = g_file_new_for_path (paths[i]);

      rn_teaching_add_file (teaching, box, file);
      wait_while (is_teaching_busy, teaching);
      check_message (rn_teaching_get_message (teaching), paths[i]);
    }
  g_assert_cmpint (g_list_model_get_n_items (rn_teach_box_get_pictures (box)), ==, 0);
  become_root ();
}

static gboolean
is_learning_busy (gpointer learning)
{
  return rn_learning_is_active (learning);
}

static void
test_learns (Scene *scene, gconstpointer unused)
{
  /* The folder itself, and a class in it. */
  const char *const paths[] = { scene->locked, scene->folder };
  g_autoptr (RnLearning) learning = NULL;

  g_test_summary ("Likewise where networks learn");

  if (!become_nobody ())
    return;
  learning = rn_learning_new (g_getenv ("RN_READER"), NULL);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *setup =
          g_strdup_printf ("nets=plain8,resnet8-paper; epochs=1; data=%s; run", paths[i]);
      g_autoptr (GError) error = NULL;

      g_assert_true (rn_learning_apply (learning, setup, &error));
      g_assert_no_error (error);
      wait_while (is_learning_busy, learning);
      g_assert_cmpint (rn_learning_get_state (learning), ==, RN_LEARN_FAILED);
      check_message (rn_learning_get_error (learning), scene->locked);
    }
  become_root ();
}

static void
test_saves (Scene *scene, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (scene->locked, "graph.png", NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Likewise where something is to be saved");

  if (!become_nobody ())
    return;
  g_assert_false (rn_file_output_write (path, "graph", 5, &error));
  check_message (error->message, path);
  become_root ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add ("/unreadable/" path, Scene, NULL, set_up, function, tear_down)
  ADD ("opens", test_opens);
  ADD ("teaches", test_teaches);
  ADD ("learns", test_learns);
  ADD ("saves", test_saves);

  return g_test_run ();
}
