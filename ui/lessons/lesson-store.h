/* The bundled lessons. */
#pragma once

#include "ui/lessons/lesson.h"

G_BEGIN_DECLS

GPtrArray *rn_lesson_store_load (const char *data_dir, const char *language, GError **error);

G_END_DECLS
