/* What a lesson, or a task, still lacks when its element ends. */
#pragma once

#include "ui/lessons/lesson.h"

G_BEGIN_DECLS

char *rn_step_find_learn_fault (const RnStep *step);
char *rn_task_find_fault (const RnTask *task);
const char *rn_lesson_find_fault (const RnLesson *lesson);

G_END_DECLS
