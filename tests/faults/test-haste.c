/* Users who are faster than the network, and a machine that lets it down: cancels and drops while
 * runs are under way, files that are gone, memory that runs out. */
#include "engine/model/catalog.h"
#include "engine/runtime/session.h"
#include "engine/tensor/memory.h"
#include "tests/patience.h"
#include "tests/remove-tree.h"
#include "ui/document/document.h"
#include "ui/document/edits.h"

#include <glib/gstdio.h>

#define N_CANCELS 1000
#define N_DROPS 60
#define PATIENCE_S test_patience_s (100)

typedef struct
{
  GCancellable *cancellable;
  gulong delay_us;
} Cancel;

static gpointer
cancel_later (gpointer data)
{
  const Cancel *cancel = data;

  g_usleep (cancel->delay_us);
  g_cancellable_cancel (cancel->cancellable);

  return NULL;
}

static void
test_cancels (void)
{
  RnVariant variant = RN_VARIANT_DEFAULT;
  g_autoptr (RnModel) model = NULL;
  g_autoptr (RnWeights) weights = NULL;
  g_autoptr (RnBinding) binding = NULL;
  g_autoptr (RnTensor) input = rn_tensor_new (4, (gint64[]) { 1, 32, 32, 3 }, NULL);
  g_autoptr (RnTensor) before = NULL;
  g_autoptr (RnTensor) after = NULL;
  g_autoptr (RnSession) session = NULL;
  RnSessionOptions options = { 2, RN_KEEP_BLOCKS };
  int output, n_runs = 0, n_cancelled = 0;
  gint32 run_us = 100000;

  g_test_summary ("After a thousand cancelled runs the next one gives the same bits as the first");

  variant.top = TRUE;
  model = rn_catalog_build ("resnet20", &variant, NULL);
  weights = rn_weights_new_random (model, 1, NULL);
  binding = rn_binding_new (model, weights, NULL);
  session = rn_session_new (binding, &options, NULL);
  for (int i = 0; i < 32 * 32 * 3; i++)
    rn_tensor_f32 (input)[i] = (float) (i % 97) / 97;
  output = rn_model_get_output (model, 0)->index;
  g_assert_true (rn_session_run (session, input, NULL, NULL));
  /* The shortest of several: one that something held up would have all others end before they are
   * cancelled. */
  for (int i = 0; i < 20; i++)
    {
      gint64 start = g_get_monotonic_time ();

      g_assert_true (rn_session_run (session, input, NULL, NULL));
      run_us = (gint32) CLAMP (g_get_monotonic_time () - start, 100, run_us);
    }
  before = rn_session_get_activation (session, output, NULL);

  /* At any moment of a run; some runs are faster than that. */
  for (; n_cancelled < N_CANCELS && n_runs < 20 * N_CANCELS; n_runs++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      Cancel cancel = { cancellable, g_random_int_range (0, run_us) };
      GThread *thread = g_thread_new ("cancel", cancel_later, &cancel);

      if (!rn_session_run (session, input, cancellable, &error))
        {
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
          n_cancelled++;
        }
      g_thread_join (thread);
    }
  g_test_message ("%d of %d runs were cancelled, the others were faster", n_cancelled, n_runs);
  g_assert_cmpint (n_cancelled, ==, N_CANCELS);

  g_assert_true (rn_session_run (session, input, NULL, NULL));
  after = rn_session_get_activation (session, output, NULL);
  g_assert_cmpmem (after->data, rn_tensor_get_n_bytes (after), before->data,
                   rn_tensor_get_n_bytes (before));
}

typedef struct
{
  RnDocument *document;
  guint n_runs;
  gboolean late;
} Watch;

/* Whatever is shown, at whatever time, is of the picture that is shown. */
static void
on_run (Watch *watch)
{
  RnRun *run = rn_document_get_run (watch->document);

  if (run == NULL)
    return;
  g_assert_true (run->picture == rn_document_get_picture (watch->document));
  g_assert_true (run->model == rn_document_get_model (watch->document));
  watch->n_runs++;
}

static gboolean
on_late (gpointer data)
{
  ((Watch *) data)->late = TRUE;

  return G_SOURCE_REMOVE;
}

static gboolean
is_settled (RnDocument *document, const char *name)
{
  return !rn_document_get_busy (document) && rn_document_get_run (document) != NULL
         && g_strcmp0 (rn_document_get_picture_name (document), name) == 0;
}

static void
test_drops (void)
{
  static const char *const names[] = { "tench.png", "church.png", "parachute.png" };
  const char *reader = g_getenv ("RN_READER");
  g_autoptr (RnDocument) document = rn_document_new (g_getenv ("RN_DATA_DIR"), reader);
  Watch watch = { document };
  guint timeout = g_timeout_add_seconds (PATIENCE_S, on_late, &watch);

  g_test_summary ("Pictures dropped faster than they run: never a stale result, at last the last's");

  g_signal_connect_swapped (document, "notify::run", G_CALLBACK (on_run), &watch);
  rn_document_set_model_id (document, "resnet18");
  for (int i = 0; i < N_DROPS; i++)
    {
      g_autoptr (GFile) file = g_file_new_build_filename (g_getenv ("RN_DATA_DIR"), "samples",
                                                          names[i % G_N_ELEMENTS (names)], NULL);
      gint64 end = g_get_monotonic_time () + (gint64) (i % 7) * 10 * 1000;

      rn_document_open (document, file);
      while (g_get_monotonic_time () < end)
        if (!g_main_context_iteration (NULL, FALSE))
          g_usleep (1000);
    }
  while (!is_settled (document, "parachute.png") && !watch.late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (watch.late);
  g_source_remove (timeout);

  g_test_message ("%d drops, %u results shown", N_DROPS, watch.n_runs);
  g_assert_cmpstr (rn_document_get_run (document)->predictions[0].label, ==, "parachute");
  g_signal_handlers_disconnect_by_data (document, &watch);
  rn_document_stop (document);
}

/* Lets the document work until it shows a run of this picture, with nothing left to do. */
static void
settle (Watch *watch, const char *name)
{
  guint timeout = g_timeout_add_seconds (PATIENCE_S, on_late, watch);

  while (!is_settled (watch->document, name) && !watch->late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (watch->late);
  g_source_remove (timeout);
}

static void
on_message (RnDocument *document, const char *message, char **last)
{
  g_free (*last);
  *last = g_strdup (message);
}

static void
test_gone (void)
{
  g_autofree char *folder = g_dir_make_tmp ("rn-haste-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "gone.png", NULL);
  g_autofree char *message = NULL;
  g_autoptr (RnDocument) document =
      rn_document_new (g_getenv ("RN_DATA_DIR"), g_getenv ("RN_READER"));
  g_autoptr (GFile) file = g_file_new_for_path (path);
  Watch watch = { document };
  guint timeout = g_timeout_add_seconds (PATIENCE_S, on_late, &watch);

  g_test_summary ("A file that is gone when it is opened is a message that names it");

  rn_document_set_model_id (document, "resnet18");
  g_signal_connect (document, "message", G_CALLBACK (on_message), &message);
  rn_document_open (document, file);
  while (message == NULL && !watch.late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (watch.late);
  g_source_remove (timeout);
  g_assert_nonnull (strstr (message, "gone.png"));
  g_assert_null (strchr (message, '\n'));
  rn_document_stop (document);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* Returns: (transfer full): a copy of one of the program's files, as a stranger's */
static GFile *
copy_data (const char *kind, const char *name, const char *folder)
{
  g_autoptr (GFile) source = g_file_new_build_filename (g_getenv ("RN_DATA_DIR"), kind, name, NULL);
  GFile *copy = g_file_new_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_copy (source, copy, G_FILE_COPY_NONE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);

  return copy;
}

static void
test_removed (void)
{
  g_autofree char *folder = g_dir_make_tmp ("rn-haste-XXXXXX", NULL);
  g_autoptr (GFile) picture = copy_data ("samples", "tench.png", folder);
  g_autoptr (GFile) weights = copy_data ("weights", "resnet18.h5", folder);
  GFile *files[] = { picture, weights };
  g_autofree char *message = NULL;
  g_autoptr (RnDocument) document =
      rn_document_new (g_getenv ("RN_DATA_DIR"), g_getenv ("RN_READER"));
  Watch watch = { document };
  float before, edited;

  g_test_summary ("A picture and weights that are overwritten, then deleted while they are shown "
                  "go on as they were; opened again they are a message");

  rn_document_set_model_id (document, "resnet18");
  rn_document_open_files (document, files, G_N_ELEMENTS (files));
  settle (&watch, "tench.png");
  g_assert_cmpstr (rn_network_get_path (rn_document_get_network (document)), ==,
                   g_file_peek_path (weights));
  before = rn_document_get_run (document)->predictions[0].probability;

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    g_assert_true (g_file_set_contents_full (g_file_peek_path (files[i]), "noise", -1,
                                             G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  rn_edits_add (rn_document_get_edits (document), "drop-block:conv5_block2_add");
  settle (&watch, "tench.png");
  edited = rn_document_get_run (document)->predictions[0].probability;
  g_assert_cmpfloat (edited, !=, before);

  test_remove_tree (folder);
  rn_edits_undo (rn_document_get_edits (document));
  settle (&watch, "tench.png");
  g_assert_cmpstr (rn_document_get_run (document)->predictions[0].label, ==, "tench");
  g_assert_cmpfloat (rn_document_get_run (document)->predictions[0].probability, ==, before);

  g_signal_connect (document, "message", G_CALLBACK (on_message), &message);
  rn_document_open (document, weights);
  settle (&watch, "tench.png");
  g_assert_nonnull (message);
  g_assert_nonnull (strstr (message, "resnet18.h5"));
  rn_document_stop (document);
}

static gboolean
is_idle (RnDocument *document)
{
  return !rn_document_get_busy (document);
}

static void
test_exhausted (void)
{
  static const int blocks[] = { 0, 1, 2, 4, 8, 16, 32 };
  g_autofree char *message = NULL;
  g_autoptr (RnDocument) document =
      rn_document_new (g_getenv ("RN_DATA_DIR"), g_getenv ("RN_READER"));
  g_autoptr (GFile) first = g_file_new_build_filename (g_getenv ("RN_DATA_DIR"), "samples",
                                                       "church.png", NULL);
  g_autoptr (GFile) second = g_file_new_build_filename (g_getenv ("RN_DATA_DIR"), "samples",
                                                        "tench.png", NULL);
  Watch watch = { document };
  int n_failed = 0;

  g_test_summary ("Memory that runs out while a picture is opened and run is a message; the next "
                  "one is run as if nothing had been");

  rn_document_set_model_id (document, "resnet18");
  rn_document_open (document, first);
  settle (&watch, "church.png");
  g_signal_connect (document, "message", G_CALLBACK (on_message), &message);
  g_signal_connect_swapped (document, "notify::run", G_CALLBACK (on_run), &watch);
  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++)
    {
      g_clear_pointer (&message, g_free);
      rn_memory_fail_after (blocks[i]);
      rn_document_open (document, second);
      while (!is_idle (document))
        g_main_context_iteration (NULL, TRUE);
      rn_memory_fail_after (-1);
      g_test_message ("%d blocks: %s", blocks[i], message != NULL ? message : "enough");
      n_failed += message != NULL;
      g_assert_true (message != NULL || is_settled (document, "tench.png"));

      rn_document_open (document, second);
      settle (&watch, "tench.png");
      g_assert_cmpstr (rn_document_get_run (document)->predictions[0].label, ==, "tench");
      rn_document_open (document, first);
      settle (&watch, "church.png");
      g_assert_cmpstr (rn_document_get_run (document)->predictions[0].label, ==, "church");
    }
  g_assert_cmpint (n_failed, >, 0);
  g_signal_handlers_disconnect_by_data (document, &watch);
  rn_document_stop (document);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/haste/cancels", test_cancels);
  g_test_add_func ("/haste/drops", test_drops);
  g_test_add_func ("/haste/gone", test_gone);
  g_test_add_func ("/haste/removed", test_removed);
  g_test_add_func ("/haste/exhausted", test_exhausted);

  return g_test_run ();
}
