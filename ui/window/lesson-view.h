/* What a lesson's step wants to be looked at, shown in the window. */
#pragma once

#include "ui/window/window.h"

G_BEGIN_DECLS

void rn_lesson_view_show (RnWindow   *window,
                          const char *view,
                          int         channel);

G_END_DECLS
