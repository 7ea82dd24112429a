/* What a lesson's step is about, brought into sight. */
#pragma once

#include "ui/document/document.h"
#include "ui/lessons/lesson.h"

G_BEGIN_DECLS

gboolean rn_focus_apply (RnDocument     *document,
                         const RnLesson *lesson,
                         const RnStep   *step);

G_END_DECLS
