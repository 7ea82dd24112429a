#include "ui/weights/names-window.h"

#include "ui/window/child-window.h"

static gboolean
on_escape (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  gtk_window_close (GTK_WINDOW (widget));

  return TRUE;
}

/**
 * rn_names_window_new:
 * @title: what the names are
 * @names: the names, in lines
 *
 * Returns: (transfer none): a window to be presented; Escape closes it
 */
GtkWindow *
rn_names_window_new (GtkWindow *parent, const char *title, const char *names)
{
  GtkWidget *window = g_object_new (GTK_TYPE_WINDOW, "destroy-with-parent", TRUE, "title", title,
                                    "default-width", 560, "default-height", 480, NULL);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *text = g_object_new (GTK_TYPE_TEXT_VIEW, "editable", FALSE, "monospace", TRUE,
                                  "cursor-visible", FALSE, "left-margin", 12, "right-margin", 12,
                                  "top-margin", 10, "bottom-margin", 10, "wrap-mode",
                                  GTK_WRAP_WORD_CHAR, NULL);
  GtkEventController *shortcuts = gtk_shortcut_controller_new ();

  rn_child_window_set_parent (GTK_WINDOW (window), parent);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (text)), names, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), text);
  gtk_window_set_child (GTK_WINDOW (window), scrolled);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (shortcuts),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                        gtk_callback_action_new (on_escape, NULL, NULL)));
  gtk_widget_add_controller (window, shortcuts);

  return GTK_WINDOW (window);
}
