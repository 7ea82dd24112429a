/* Which built-in models a set of weights fits, and how. */
#pragma once

#include "engine/tensor/weights.h"

G_BEGIN_DECLS

void rn_print_fits (RnWeights *weights);

G_END_DECLS
