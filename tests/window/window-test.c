#include "tests/window/window-test.h"

#include "tests/patience.h"

/**
 * rn_window_test_init:
 *
 * Returns: %FALSE where there is no display; the program then says "skipped" and ends
 */
gboolean
rn_window_test_init (int *argc, char ***argv)
{
  g_setenv ("GSK_RENDERER", "cairo", FALSE);
  g_setenv ("GTK_A11Y", "none", FALSE);
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  g_test_init (argc, argv, NULL);
  if (gtk_init_check ())
    return TRUE;
  g_print ("1..0 # SKIP no display\n");

  return FALSE;
}

static gboolean
set_flag (gpointer flag)
{
  *(gboolean *)flag = TRUE;

  return G_SOURCE_REMOVE;
}

#define PATIENCE_S test_patience_s (30)
#define STEP_MS 20

/* Runs the main loop until @condition holds; out of patience the test has failed. */
void
rn_window_test_wait (RnCondition condition, gpointer data)
{
  gboolean late = FALSE;
  guint timeout = g_timeout_add_seconds (PATIENCE_S, set_flag, &late);

  while (!late && !condition (data))
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (late);
  g_source_remove (timeout);
}

/* Runs the main loop for a while. */
void
rn_window_test_settle (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, set_flag, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

/**
 * rn_window_test_controller:
 *
 * Returns: (transfer none): the widget's own controller of a type, for a test to emit its signals
 */
GtkEventController *
rn_window_test_controller (GtkWidget *widget, GType type)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (controller, type))
        return controller;
    }
  g_assert_not_reached ();
}

/* Returns: (nullable): what does an action, in a widget */
GtkWidget *
rn_window_test_find_button (GtkWidget *widget, const char *action)
{
  GtkWidget *found = NULL;

  if (GTK_IS_ACTIONABLE (widget)
      && g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), action) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = rn_window_test_find_button (child, action);

  return found;
}

/* What a widget shows; %NULL before its first frame. */
static GskRenderNode *
take_node (GtkWidget *widget)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();

  gdk_paintable_snapshot (paintable,
                          GDK_SNAPSHOT (snapshot),
                          gtk_widget_get_width (widget),
                          gtk_widget_get_height (widget));

  return gtk_snapshot_free_to_node (snapshot);
}

/* What a widget shows, waiting for its first frame if need be. */
static GskRenderNode *
wait_for_node (GtkWidget *widget)
{
  GskRenderNode *node;

  for (int tries = 0; (node = take_node (widget)) == NULL; tries++)
    {
      g_assert_cmpint (tries / (1000 / STEP_MS), <, PATIENCE_S);
      rn_window_test_settle (STEP_MS);
    }

  return node;
}

/* Returns: (transfer full): what a widget shows, as GTK's cairo renderer draws it */
cairo_surface_t *
rn_window_test_draw (GtkWidget *widget)
{
  GskRenderNode *node = wait_for_node (widget); /* before it, there need be no size */
  cairo_surface_t *surface = cairo_image_surface_create (
      CAIRO_FORMAT_RGB24, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  cairo_t *cr = cairo_create (surface);

  gsk_render_node_draw (node, cr);
  gsk_render_node_unref (node);
  cairo_destroy (cr);
  cairo_surface_flush (surface);

  return surface;
}

/* Writes what a widget shows to the build folder, as screenshots/NAME.png. */
void
rn_window_test_shoot (GtkWidget *widget, const char *name)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_BUILT, "screenshots", NULL);
  g_autofree char *file = g_strconcat (name, ".png", NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);
  GskRenderNode *node = wait_for_node (widget); /* before it, there need be no size */
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  GskRenderer *renderer = gtk_native_get_renderer (gtk_widget_get_native (widget));
  g_autoptr (GdkTexture) texture = NULL;

  texture = gsk_renderer_render_texture (renderer, node, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gsk_render_node_unref (node);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0777), ==, 0);
  g_assert_true (gdk_texture_save_to_png (texture, path));
}
