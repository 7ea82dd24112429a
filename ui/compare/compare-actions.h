/* The main window's way to the comparison of two models. */
#pragma once

#include <gtk/gtk.h>

#include "ui/document/document.h"

G_BEGIN_DECLS

void rn_compare_actions_add (GtkApplicationWindow *window,
                             RnDocument           *document);

G_END_DECLS
