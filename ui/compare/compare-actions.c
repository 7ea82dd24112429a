#include "ui/compare/compare-actions.h"

#include <glib/gi18n.h>

#include "ui/compare/compare-window.h"

/* The window that compares, of which there is one for each main window. */
#define KEY "rn-compare-window"

static GtkWindow *
get_window (GtkWindow *parent)
{
  return g_object_get_data (G_OBJECT (parent), KEY);
}

static void
on_closed (GtkWindow *parent)
{
  g_object_set_data (G_OBJECT (parent), KEY, NULL);
}

static void
on_compare (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWindow *parent = data;
  RnDocument *document = g_object_get_data (G_OBJECT (action), "document");
  GtkWindow *window = get_window (parent);

  if (window == NULL)
    {
      window = GTK_WINDOW (rn_compare_window_new (parent, document));
      g_object_set_data (G_OBJECT (parent), KEY, window);
      g_signal_connect_object (window, "destroy", G_CALLBACK (on_closed), parent,
                               G_CONNECT_SWAPPED);
    }
  gtk_window_present (window);
}

static void
on_parent_destroyed (GtkWidget *parent)
{
  GtkWindow *window = get_window (GTK_WINDOW (parent));

  if (window != NULL)
    gtk_window_destroy (window);
  g_action_map_remove_action (G_ACTION_MAP (parent), "compare");
}

/**
 * rn_compare_actions_add:
 * @window: the main window, which gets the action `win.compare`
 * @document: what it shows
 */
void
rn_compare_actions_add (GtkApplicationWindow *window, RnDocument *document)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new ("compare", NULL);

  g_object_set_data_full (G_OBJECT (action), "document", g_object_ref (document), g_object_unref);
  g_signal_connect_object (action, "activate", G_CALLBACK (on_compare), window, 0);
  g_signal_connect (window, "destroy", G_CALLBACK (on_parent_destroyed), NULL);
  g_action_map_add_action (G_ACTION_MAP (window), G_ACTION (action));
}
