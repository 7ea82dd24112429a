/* The main window's way to the window in which a network is taught. */
#pragma once

#include "ui/document/document.h"
#include "ui/teach/teach-window.h"

G_BEGIN_DECLS

void           rn_teach_actions_add          (GtkApplicationWindow *window,
                                              RnDocument           *document);
RnTeaching    *rn_teach_actions_get_teaching (GtkApplicationWindow *window);
RnTeachWindow *rn_teach_actions_get_window   (GtkApplicationWindow *window);

G_END_DECLS
