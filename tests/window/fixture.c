#include "tests/window/fixture.h"

#include "app/common/data-dir.h"
#include "app/common/reader-program.h"
#include "tests/patience.h"
#include "ui/window/ui.h"

#include <unistd.h>

/* Loading weights and running a network is slow on a busy machine. */
#define PATIENCE_S test_patience_s (60)
#define STEP_MS 200

/* The longest that one test may take, in any way of waiting; then SIGALRM ends it, and the log says in
 * which test. */
#define TEST_LIMIT_S (10 * PATIENCE_S)

/* What a revealer takes to open, and a little more. */
#define ANIMATION_MS 400

static gboolean
on_out_of_patience (gpointer data)
{
  *(gboolean *) data = TRUE;

  return G_SOURCE_REMOVE;
}

/* Lets the window work until @condition holds. */
void
fixture_wait (Fixture *fixture, Condition condition, const char *what)
{
  gboolean late = FALSE;
  guint timeout = g_timeout_add_seconds (PATIENCE_S, on_out_of_patience, &late);

  while (!condition (fixture) && !late)
    g_main_context_iteration (NULL, TRUE);
  if (late)
    g_error ("waited %d s in vain for %s; message: %s", PATIENCE_S, what,
             rn_window_get_message (fixture->window));
  g_source_remove (timeout);
}

static gboolean
has_run (Fixture *fixture)
{
  return rn_document_get_run (fixture->document) != NULL
         && !rn_document_get_busy (fixture->document);
}

void
fixture_wait_run (Fixture *fixture)
{
  fixture_wait (fixture, has_run, "a run");
}

static gboolean
on_settled (gpointer data)
{
  *(gboolean *) data = TRUE;

  return G_SOURCE_REMOVE;
}

static void
settle (guint milliseconds)
{
  gboolean settled = FALSE;

  g_timeout_add (milliseconds, on_settled, &settled);
  while (!settled)
    g_main_context_iteration (NULL, TRUE);
}

/* One for all tests: a program can register but one. */
static GtkApplication *
get_application (void)
{
  static GtkApplication *application = NULL;
  g_autoptr (GError) error = NULL;

  if (application == NULL)
    {
      application = gtk_application_new (NULL, G_APPLICATION_NON_UNIQUE);
      g_application_register (G_APPLICATION (application), NULL, &error);
      g_assert_no_error (error);
    }

  return application;
}

/* GTK 4.8 looks for the pointer on behalf of a tooltip half a second after the pointer came to rest, and
 * where the window has been destroyed meanwhile it complains about itself. */
static gboolean
is_late_tooltip (const char *message)
{
  return g_str_has_suffix (message, "assertion 'GDK_IS_SURFACE (surface)' failed");
}

static gboolean
is_fatal (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  return !is_late_tooltip (message);
}

static void
on_critical (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  if (is_late_tooltip (message))
    g_test_message ("%s", message);
  else
    g_log_default_handler (domain, level, message, data);
}

static void
pass_over_late_tooltips (void)
{
  const GLogLevelFlags levels = G_LOG_LEVEL_CRITICAL | G_LOG_FLAG_FATAL | G_LOG_FLAG_RECURSION;
  static gsize done;

  if (g_once_init_enter (&done))
    {
      g_log_set_handler ("Gdk", levels, on_critical, NULL);
      g_log_set_handler ("Gtk", levels, on_critical, NULL);
      g_once_init_leave (&done, 1);
    }
  g_test_log_set_fatal_handler (is_fatal, NULL);
}

/* A window over another data folder than the program's, with other readers. */
void
fixture_set_up_with (Fixture *fixture,
                     const char *data_dir,
                     const char *reader_program,
                     const char *model_id)
{
  alarm (TEST_LIMIT_S);
  pass_over_late_tooltips ();
  rn_ui_init ();
  fixture->application = get_application ();
  fixture->document = rn_document_new (data_dir, reader_program);
  fixture->window = RN_WINDOW (rn_window_new (fixture->application, fixture->document));
  rn_document_set_model_id (fixture->document, model_id);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

void
fixture_set_up_at (Fixture *fixture, const char *data_dir, const char *model_id)
{
  fixture_set_up_with (fixture, data_dir, rn_reader_program_get (), model_id);
}

void
fixture_set_up (Fixture *fixture, gconstpointer model_id)
{
  fixture_set_up_at (fixture, rn_data_dir_get (), model_id != NULL ? model_id : "resnet18");
}

/* What fixture_wait() often waits for. */
gboolean
fixture_has_network (Fixture *fixture)
{
  return rn_document_get_network (fixture->document) != NULL
         && !rn_document_get_busy (fixture->document);
}

gboolean
fixture_has_picture (Fixture *fixture)
{
  return rn_document_get_picture (fixture->document) != NULL;
}

gboolean
fixture_has_maps (Fixture *fixture)
{
  RnInspector *inspector = rn_window_get_inspector (fixture->window);

  return rn_gallery_pane_get_maps (rn_inspector_get_gallery (inspector)) != NULL;
}

gboolean
fixture_has_message (Fixture *fixture)
{
  return rn_window_get_message (fixture->window) != NULL;
}

/* Ends the window, and its document with it: as soon as work that was begun has noticed, nobody may
 * hold either. */
void
fixture_tear_down (Fixture *fixture, gconstpointer unused)
{
  gint64 patience = g_get_monotonic_time () + (gint64) PATIENCE_S * G_USEC_PER_SEC;
  gpointer window = fixture->window, document = fixture->document;

  g_object_add_weak_pointer (window, &window);
  g_object_add_weak_pointer (document, &document);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_object_unref (fixture->document);
  while ((window != NULL || document != NULL) && g_get_monotonic_time () < patience)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  g_assert_null (window);
  g_assert_null (document);
}

/* Returns: (transfer full): a bundled picture */
GFile *
fixture_get_sample (const char *name)
{
  return g_file_new_build_filename (rn_data_dir_get (), "samples", name, NULL);
}

/* Opens a bundled picture and waits for its run. */
void
fixture_open_sample (Fixture *fixture, const char *name)
{
  g_autoptr (GFile) file = fixture_get_sample (name);

  rn_document_open (fixture->document, file);
  fixture_wait_run (fixture);
}

static GtkDropTarget *
find_drop_target (Fixture *fixture)
{
  g_autoptr (GListModel) controllers
      = gtk_widget_observe_controllers (GTK_WIDGET (fixture->window));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        return GTK_DROP_TARGET (controller);
    }

  return NULL;
}

/* Drops a value on the window as GTK does: through its drop target, if that takes such values.
 * Returns: whether it was accepted */
gboolean
fixture_drop (Fixture *fixture, const GValue *value)
{
  GtkDropTarget *target = find_drop_target (fixture);
  gboolean accepted = FALSE;
  gsize n_types;
  const GType *types;

  g_assert_nonnull (target);
  types = gtk_drop_target_get_gtypes (target, &n_types);
  for (gsize i = 0; i < n_types; i++)
    if (G_VALUE_HOLDS (value, types[i]))
      {
        g_signal_emit_by_name (target, "drop", value, 100.0, 100.0, &accepted);
        return accepted;
      }

  return FALSE;
}

gboolean
fixture_drop_file (Fixture *fixture, GFile *file)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GSList) files = g_slist_append (NULL, file);

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_set_boxed (&value, files);

  return fixture_drop (fixture, &value);
}

/* Returns: (transfer full): what the window has drawn; it may take its time to draw at all */
static GskRenderNode *
draw (GtkWidget *widget)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  GskRenderNode *node = NULL;

  for (int i = 0; i * STEP_MS < PATIENCE_S * 1000 && node == NULL; i++)
    {
      g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();

      gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (widget),
                              gtk_widget_get_height (widget));
      node = gtk_snapshot_to_node (snapshot);
      if (node == NULL)
        settle (STEP_MS);
    }
  g_assert_nonnull (node);

  return node;
}

/* Writes what the window shows into the build folder's tests/window/screenshots/NAME.png. */
void
fixture_screenshot (Fixture *fixture, const char *name)
{
  g_autofree char *file_name = g_strconcat (name, ".png", NULL);
  g_autofree char *path
      = g_test_build_filename (G_TEST_BUILT, "window", "screenshots", file_name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  GtkWidget *widget = GTK_WIDGET (fixture->window);
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  settle (ANIMATION_MS);
  node = draw (widget);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (widget)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget),
                                                              gtk_widget_get_height (widget)));
  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_assert_true (gdk_texture_save_to_png (texture, path));
  g_test_message ("screenshot: %s", path);
}
