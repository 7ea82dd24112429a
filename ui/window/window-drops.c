#include "ui/window/window-drops.h"

#include "ui/incoming/incoming.h"

#define HINT "rn-window-drops-hint"

static void
show_hint (GtkWidget *window, gboolean visible)
{
  gtk_widget_set_visible (g_object_get_data (G_OBJECT (window), HINT), visible);
}

static void
take (gpointer window, const RnIncoming *incoming)
{
  RnDocument *document = rn_window_get_document (window);

  if (document == NULL) /* closed meanwhile */
    return;
  show_hint (window, FALSE);
  if (incoming->picture != NULL)
    rn_document_open_bytes (document, incoming->picture, incoming->name);
  else
    rn_document_open_files (document, (GFile **) incoming->files, (int) incoming->n_files);
}

static void
miss (GtkWidget *window, const char *why)
{
  RnDocument *document = rn_window_get_document (RN_WINDOW (window));

  if (document != NULL)
    rn_document_report (document, why);
}

static GdkDragAction
on_enter (GtkWidget *window)
{
  show_hint (window, TRUE);

  return GDK_ACTION_COPY;
}

static void
on_leave (GtkWidget *window)
{
  show_hint (window, FALSE);
}

/**
 * rn_window_drops_add:
 * @window: opens what is dropped on it
 * @hint: a child of it that is shown while something is dragged over it
 */
void
rn_window_drops_add (RnWindow *window, GtkWidget *hint)
{
  GtkDropTarget *target = rn_incoming_add_target (GTK_WIDGET (window), take, window);

  g_object_set_data (G_OBJECT (window), HINT, hint);
  g_signal_connect_swapped (target, "enter", G_CALLBACK (on_enter), window);
  g_signal_connect_swapped (target, "leave", G_CALLBACK (on_leave), window);
}

/* Opens what lies in the clipboard; where there is nothing that is a message. */
void
rn_window_drops_paste (RnWindow *window)
{
  rn_incoming_paste (GTK_WIDGET (window), take, miss);
}
