/* What two networks that learn do, in words. */
#pragma once

#include "ui/learn/learning.h"

G_BEGIN_DECLS

char *rn_learn_describe_state  (RnLearning *self);
char *rn_learn_describe_errors (RnLearning *self);
char *rn_learn_describe_blocks (RnLearning *self,
                                gboolean    responses);

G_END_DECLS
