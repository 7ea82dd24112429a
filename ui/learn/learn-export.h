/* Figures and their numbers as files. */
#pragma once

#include "ui/learn/learning.h"

G_BEGIN_DECLS

char    *rn_learn_export_suggest_name (RnLearning  *self,
                                       const char  *what);
gboolean rn_learn_export              (RnLearning  *learning,
                                       const char  *what,
                                       const char  *path,
                                       GError     **error);

G_END_DECLS
