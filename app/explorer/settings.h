/* The program's settings, wherever it runs from. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GSettings *rn_settings_new (void);

G_END_DECLS
