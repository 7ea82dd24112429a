/* What a fully connected layer's input and kernel have to do with a loss behind it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void rn_dense_backward_reference (const double *input,
                                  const double *kernel,
                                  const double *d_output,
                                  int           batch,
                                  int           n_inputs,
                                  int           n_units,
                                  double       *d_input,
                                  double       *d_kernel,
                                  double       *d_bias);
void rn_dense_backward           (const float  *input,
                                  const float  *kernel,
                                  const float  *d_output,
                                  int           batch,
                                  int           n_inputs,
                                  int           n_units,
                                  float        *d_input,
                                  float        *d_kernel,
                                  float        *d_bias);

G_END_DECLS
