/* A window that stands beside the main window while that is there, of which there is one at most. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void rn_child_window_set_parent (GtkWindow *window,
                                 GtkWindow *parent);
void rn_child_window_adopt  (GtkWidget  **place,
                             GtkWidget   *window,
                             GtkWindow   *parent);
void rn_child_window_forget (GtkWidget  **place);

G_END_DECLS
