#pragma once

#include "engine/model/shape.h"
#include "ui/lessons/judge.h"

G_BEGIN_DECLS

gboolean rn_answer_read_number (const char *text, double *number);
gboolean rn_answer_read_shape (const char *text, RnShape *shape);

G_END_DECLS
