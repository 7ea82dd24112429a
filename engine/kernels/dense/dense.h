/* A fully connected layer. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void rn_dense_reference (const float *input,
                         const float *kernel,
                         const float *bias,
                         int          batch,
                         int          n_inputs,
                         int          n_units,
                         int          first_unit,
                         int          n_wanted,
                         float       *output);
void rn_dense           (const float *input,
                         const float *kernel,
                         const float *bias,
                         int          batch,
                         int          n_inputs,
                         int          n_units,
                         int          first_unit,
                         int          n_wanted,
                         float       *output);

G_END_DECLS
