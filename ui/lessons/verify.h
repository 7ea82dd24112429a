/* Lessons held against the engine. */
#pragma once

#include "ui/lessons/lab.h"
#include "ui/lessons/lesson.h"

G_BEGIN_DECLS

gboolean rn_lesson_verify (const RnLesson *lesson, RnLab *lab, GError **error);

G_END_DECLS
