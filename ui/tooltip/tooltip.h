#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void rn_tooltip_set (GtkWidget *widget, const char *text);
const char *rn_tooltip_get (GtkWidget *widget);

G_END_DECLS
