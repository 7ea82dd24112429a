/* The windows beside the main one, and their actions. */
#pragma once

#include "ui/sheet/sheet.h"

G_BEGIN_DECLS

void     rn_window_tools_add       (GtkApplicationWindow *window,
                                    RnDocument           *document);
RnSheet *rn_window_tools_get_sheet (GtkApplicationWindow *window);

G_END_DECLS
