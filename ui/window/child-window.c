#include "ui/window/child-window.h"

static void
let_go (GtkWindow *window)
{
  gtk_window_set_transient_for (window, NULL);
}

/**
 * rn_child_window_set_parent:
 *
 * As gtk_window_set_transient_for(). GTK 4.8 keeps the parent's address after that is gone, and
 * looks there when work that holds @window ends later than both were closed.
 */
void
rn_child_window_set_parent (GtkWindow *window, GtkWindow *parent)
{
  gtk_window_set_transient_for (window, parent);
  g_signal_connect (window, "destroy", G_CALLBACK (let_go), NULL);
  g_signal_connect_object (parent, "destroy", G_CALLBACK (let_go), window, G_CONNECT_SWAPPED);
}

/**
 * rn_child_window_adopt:
 * @place: where @window is kept; becomes %NULL when that is closed
 * @window: (transfer none): a new window
 * @parent: the main window, in front of which it stays, and with which it goes
 */
void
rn_child_window_adopt (GtkWidget **place, GtkWidget *window, GtkWindow *parent)
{
  g_return_if_fail (place != NULL && *place == NULL);

  *place = window;
  gtk_window_set_application (GTK_WINDOW (window), gtk_window_get_application (parent));
  rn_child_window_set_parent (GTK_WINDOW (window), parent);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) place);
}

/* Closes it, where it is there. */
void
rn_child_window_forget (GtkWidget **place)
{
  GtkWidget *window = *place;

  if (window == NULL)
    return;
  g_object_remove_weak_pointer (G_OBJECT (window), (gpointer *) place);
  *place = NULL;
  gtk_window_destroy (GTK_WINDOW (window));
}
