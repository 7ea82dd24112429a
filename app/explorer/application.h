/* The explorer as an application: one window, its settings, and what the command line asks for. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RN_TYPE_APPLICATION (rn_application_get_type ())
G_DECLARE_FINAL_TYPE (RnApplication, rn_application, RN, APPLICATION, GtkApplication)

GtkApplication *rn_application_new (void);

G_END_DECLS
