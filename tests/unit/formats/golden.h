/* What the tests of formats share: small files made by scripts, and the formula of their numbers.
 */
#pragma once

#include "engine/tensor/weights.h"

char      *golden_path          (const char *name);
RnWeights *golden_load          (const char *name);
void       golden_assert_weight (RnWeights  *weights,
                                 const char *layer,
                                 const char *name,
                                 double      start,
                                 RnDtype     dtype,
                                 const char *dims);
