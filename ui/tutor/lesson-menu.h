/* The menu of lessons: those of the person's language, then the other languages'. */
#pragma once

#include <gio/gio.h>

#include "ui/tutor/progress-file.h"

G_BEGIN_DECLS

void rn_lesson_menu_fill (GMenu            *menu,
                          const char       *data_dir,
                          RnLessonProgress *progress);

G_END_DECLS
