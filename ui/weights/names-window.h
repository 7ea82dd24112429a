/* A long list of names in a window of its own, which stays until it is closed. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWindow *rn_names_window_new (GtkWindow  *parent,
                                const char *title,
                                const char *names);

G_END_DECLS
