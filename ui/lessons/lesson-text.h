/* A lesson's texts with what the engine computes put in. */
#pragma once

#include "ui/lessons/quantities.h"

G_BEGIN_DECLS

char *rn_lesson_text_render (const char *text, const RnQuantities *quantities, GError **error);
char *rn_lesson_text_to_markup (const char *text);
char *rn_lesson_text_tidy (const char *text);

G_END_DECLS
