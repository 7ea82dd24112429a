/* The program itself: what it remembers, and its colours. */
#include "tests/window/window-test.h"

#include "app/explorer/application.h"
#include "app/explorer/settings.h"
#include "ui/window/window.h"

static RnWindow *
open_window (GtkApplication *application)
{
  g_application_activate (G_APPLICATION (application));

  return RN_WINDOW (gtk_application_get_windows (application)->data);
}

static gboolean
has_model (gpointer window)
{
  return rn_document_get_model (rn_window_get_document (window)) != NULL;
}

static RnCanvas *
get_canvas (RnWindow *window)
{
  return rn_canvas_pane_get_canvas (rn_window_get_canvas_pane (window));
}

static void
test_memory (gconstpointer data)
{
  GtkApplication *application = (GtkApplication *) data;
  g_autoptr (GSettings) settings = rn_settings_new ();
  RnWindow *window = open_window (application);
  g_autofree char *layer = NULL, *model = NULL;
  RnDocument *document;

  g_test_summary ("Size, look, model and layer of a window are those of the next one");

  g_assert_nonnull (settings);
  document = rn_window_get_document (window);
  rn_document_set_model_id (document, "resnet18");
  rn_window_test_wait (has_model, window);
  rn_document_select_layer (document, 7);
  rn_canvas_set_look (get_canvas (window), RN_LOOK_KERAS3);
  rn_canvas_set_fold (get_canvas (window), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (window), 1234, 777);
  rn_window_test_settle (200);
  layer = g_strdup (rn_model_get_layer (rn_document_get_model (document), 7)->name);
  gtk_window_close (GTK_WINDOW (window));
  rn_window_test_settle (50);
  model = g_settings_get_string (settings, "model");
  g_assert_cmpstr (model, ==, "resnet18");
  g_assert_cmpint (g_settings_get_int (settings, "look"), ==, RN_LOOK_KERAS3);

  window = open_window (application);
  document = rn_window_get_document (window);
  rn_window_test_wait (has_model, window);
  g_assert_cmpstr (rn_document_get_model_id (document), ==, "resnet18");
  g_assert_cmpint (rn_canvas_get_look (get_canvas (window)), ==, RN_LOOK_KERAS3);
  g_assert_true (rn_canvas_get_fold (get_canvas (window)));
  g_assert_cmpint (rn_document_get_selection (document).layer, ==, 7);
  g_assert_cmpstr (rn_model_get_layer (rn_document_get_model (document), 7)->name, ==, layer);
  g_assert_cmpint (g_settings_get_int (settings, "window-width"), ==, 1234);
  gtk_window_close (GTK_WINDOW (window));
  rn_window_test_settle (50);
}

static gboolean
is_dark (void)
{
  gboolean dark;

  g_object_get (gtk_settings_get_default (), "gtk-application-prefer-dark-theme", &dark, NULL);

  return dark;
}

static void
test_theme (gconstpointer data)
{
  GActionGroup *actions = G_ACTION_GROUP ((gpointer) data);
  g_autoptr (GSettings) settings = rn_settings_new ();
  g_autofree char *scheme = NULL;

  g_test_summary ("The menu switches between dark, light and the desktop's colours, and stays so");

  g_action_group_activate_action (actions, "theme", g_variant_new_string ("dark"));
  g_assert_true (is_dark ());
  scheme = g_settings_get_string (settings, "theme");
  g_assert_cmpstr (scheme, ==, "dark");
  g_action_group_activate_action (actions, "theme", g_variant_new_string ("light"));
  g_assert_false (is_dark ());
  g_action_group_activate_action (actions, "theme", g_variant_new_string ("system"));
  g_assert_false (is_dark ()); /* here nobody asks for dark */
}

static void
test_shortcuts (gconstpointer data)
{
  GtkApplication *application = (GtkApplication *) data;
  RnWindow *window = open_window (application);
  g_auto (GStrv) keys
      = gtk_application_get_accels_for_action (application, "win.show-help-overlay");

  g_test_summary ("Ctrl+? shows the window of shortcuts");

  g_assert_true (g_strv_contains ((const char *const *) keys, "<Control>question"));
  g_assert_nonnull (gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (window)));
  g_assert_true (g_action_group_has_action (G_ACTION_GROUP (window), "show-help-overlay"));
  gtk_window_close (GTK_WINDOW (window));
  rn_window_test_settle (50);
}

int
main (int argc, char **argv)
{
  g_autoptr (GtkApplication) application = NULL;
  g_autoptr (GError) error = NULL;

  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  if (!rn_window_test_init (&argc, &argv))
    return 0;
  application = rn_application_new ();
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
  g_application_hold (G_APPLICATION (application));

  g_test_add_data_func ("/application/memory", application, test_memory);
  g_test_add_data_func ("/application/theme", application, test_theme);
  g_test_add_data_func ("/application/shortcuts", application, test_shortcuts);

  return g_test_run ();
}
