/* Where a lesson's card stands: in the main window, or beside networks that learn. */
#pragma once

#include "ui/window/window.h"

G_BEGIN_DECLS

void rn_lesson_place_add  (RnWindow *window);
void rn_lesson_place_home (RnWindow *window);

G_END_DECLS
