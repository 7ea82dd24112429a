/* Lessons from files. data/lessons/README.md documents the format. */
#pragma once

#include "ui/lessons/lesson.h"

G_BEGIN_DECLS

#define RN_LESSON_ERROR (rn_lesson_error_quark ())
GQuark rn_lesson_error_quark (void);

typedef enum
{
  RN_LESSON_ERROR_FORMAT,      /* not a lesson, or one with a fault */
  RN_LESSON_ERROR_LIMIT,       /* more than is taken */
  RN_LESSON_ERROR_UNCONFIRMED, /* the engine says otherwise */
} RnLessonError;

#define RN_LESSON_MAX_BYTES (256 << 10)
#define RN_LESSON_MAX_STEPS 50
#define RN_LESSON_MAX_ENTRIES 16 /* options, or wrong answers, of a task */

RnLesson *rn_lesson_parse (const char *text, gsize length, const char *label, GError **error);
RnLesson *rn_lesson_load (GFile *file, const char *label, GError **error);

G_END_DECLS
