/* Which lessons were finished, and where one was left, between two starts of the program. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _RnLessonProgress RnLessonProgress;

RnLessonProgress *rn_lesson_progress_new (const char *path);
void rn_lesson_progress_free (RnLessonProgress *self);
int rn_lesson_progress_get_step (RnLessonProgress *self, const char *lesson);
void rn_lesson_progress_set_step (RnLessonProgress *self, const char *lesson, int step);
gboolean rn_lesson_progress_is_done (RnLessonProgress *self, const char *lesson);
void rn_lesson_progress_set_done (RnLessonProgress *self, const char *lesson);
void rn_lesson_progress_reset (RnLessonProgress *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnLessonProgress, rn_lesson_progress_free)

G_END_DECLS
