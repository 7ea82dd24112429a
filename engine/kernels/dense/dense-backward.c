#include "engine/kernels/dense/dense-backward.h"

#include <cblas.h>

/**
 * rn_dense_backward_reference:
 * @input: [batch, n_inputs]
 * @kernel: [n_inputs, n_units]
 * @d_output: [batch, n_units]
 * @d_input: as @input; added to
 * @d_kernel: as @kernel; added to
 * @d_bias: [n_units]; added to
 */
void
rn_dense_backward_reference (const double *input,
                             const double *kernel,
                             const double *d_output,
                             int batch,
                             int n_inputs,
                             int n_units,
                             double *d_input,
                             double *d_kernel,
                             double *d_bias)
{
  for (int b = 0; b < batch; b++)
    for (int u = 0; u < n_units; u++)
      {
        double d = d_output[(gint64) b * n_units + u];

        d_bias[u] += d;
        for (int i = 0; i < n_inputs; i++)
          {
            d_input[(gint64) b * n_inputs + i] += d * kernel[(gint64) i * n_units + u];
            d_kernel[(gint64) i * n_units + u] += d * input[(gint64) b * n_inputs + i];
          }
      }
}

/**
 * rn_dense_backward:
 * @d_input: (nullable): added to
 * @d_kernel: (nullable): added to
 * @d_bias: (nullable): added to
 *
 * As rn_dense_backward_reference(): d_input += d_output kernelᵀ, d_kernel += inputᵀ d_output.
 */
void
rn_dense_backward (const float *input,
                   const float *kernel,
                   const float *d_output,
                   int batch,
                   int n_inputs,
                   int n_units,
                   float *d_input,
                   float *d_kernel,
                   float *d_bias)
{
  for (int b = 0; d_bias != NULL && b < batch; b++)
    for (int u = 0; u < n_units; u++)
      d_bias[u] += d_output[(gint64) b * n_units + u];
  if (d_input != NULL)
    cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, batch, n_inputs, n_units, 1, d_output,
                 n_units, kernel, n_units, 1, d_input, n_inputs);
  if (d_kernel != NULL)
    cblas_sgemm (CblasRowMajor, CblasTrans, CblasNoTrans, n_inputs, n_units, batch, 1, input,
                 n_inputs, d_output, n_units, 1, d_kernel, n_units);
}
