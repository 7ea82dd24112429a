/* Batch normalization as it trains: by the statistics of the batch. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void rn_batch_norm_training_reference (const double *input,
                                       gint64        n_pixels,
                                       int           n_channels,
                                       const double *gamma,
                                       const double *beta,
                                       double        epsilon,
                                       double       *mean,
                                       double       *variance,
                                       double       *output);
void rn_batch_norm_backward_reference (const double *input,
                                       const double *d_output,
                                       gint64        n_pixels,
                                       int           n_channels,
                                       const double *gamma,
                                       const double *mean,
                                       const double *variance,
                                       double        epsilon,
                                       double       *d_input,
                                       double       *d_gamma,
                                       double       *d_beta);
void rn_batch_norm_sum                (const float  *input,
                                       gint64        n_pixels,
                                       int           n_channels,
                                       const float  *pivot,
                                       double       *sum,
                                       double       *sum_of_squares);
void rn_batch_norm_backward_sum       (const float  *input,
                                       const float  *d_output,
                                       gint64        n_pixels,
                                       int           n_channels,
                                       const float  *mean,
                                       double       *sum,
                                       double       *sum_of_products);
void rn_batch_norm_backward_input     (const float  *input,
                                       const float  *d_output,
                                       gint64        n_pixels,
                                       int           n_channels,
                                       const float  *a,
                                       const float  *b,
                                       const float  *c,
                                       gboolean      accumulate,
                                       float        *d_input);

G_END_DECLS
