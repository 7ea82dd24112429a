/* The window's actions on lessons: lesson, open-lesson, reset-lessons, and those of the open one. */
#pragma once

#include "ui/tutor/tutor.h"

G_BEGIN_DECLS

void rn_lesson_actions_add (GtkWindow *window,
                            RnTutor   *tutor);

G_END_DECLS
