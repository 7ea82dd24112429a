/* What is dropped on the main window or pasted into it. */
#pragma once

#include "ui/window/window.h"

G_BEGIN_DECLS

void rn_window_drops_add   (RnWindow   *window,
                            GtkWidget  *hint);
void rn_window_drops_paste (RnWindow   *window);

G_END_DECLS
