/* What tests of widgets share: waiting, the widgets' own controllers, pictures of what is shown. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef gboolean (*RnCondition) (gpointer data);

gboolean rn_window_test_init (int *argc, char ***argv);
void rn_window_test_wait (RnCondition condition, gpointer data);
void rn_window_test_settle (guint ms);
GtkEventController *rn_window_test_controller (GtkWidget *widget, GType type);
GtkWidget *rn_window_test_find_button (GtkWidget *widget, const char *action);
cairo_surface_t *rn_window_test_draw (GtkWidget *widget);
void rn_window_test_shoot (GtkWidget *widget, const char *name);

G_END_DECLS
