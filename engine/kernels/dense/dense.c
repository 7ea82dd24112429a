#include "engine/kernels/dense/dense.h"

#include <cblas.h>
#include <string.h>

/**
 * rn_dense_reference:
 * @input: [batch, n_inputs]
 * @kernel: [n_inputs, n_units]
 * @bias: (nullable): [n_units]
 * @first_unit: the first unit to compute
 * @n_wanted: how many
 * @output: [batch, n_units], the whole of it
 */
void
rn_dense_reference (const float *input,
                    const float *kernel,
                    const float *bias,
                    int batch,
                    int n_inputs,
                    int n_units,
                    int first_unit,
                    int n_wanted,
                    float *output)
{
  for (int b = 0; b < batch; b++)
    for (int u = first_unit; u < first_unit + n_wanted; u++)
      {
        float sum = bias != NULL ? bias[u] : 0;

        for (int i = 0; i < n_inputs; i++)
          sum += input[(gint64) b * n_inputs + i] * kernel[(gint64) i * n_units + u];
        output[(gint64) b * n_units + u] = sum;
      }
}

/* As rn_dense_reference(), on OpenBLAS: a matrix times a vector for one picture, times a matrix for
 * several. */
void
rn_dense (const float *input,
          const float *kernel,
          const float *bias,
          int batch,
          int n_inputs,
          int n_units,
          int first_unit,
          int n_wanted,
          float *output)
{
  float beta = bias != NULL ? 1 : 0;

  output += first_unit;
  kernel += first_unit;
  for (int b = 0; bias != NULL && b < batch; b++)
    memcpy (output + (gint64) b * n_units, bias + first_unit, sizeof (float) * n_wanted);

  if (batch == 1)
    cblas_sgemv (CblasRowMajor, CblasTrans, n_inputs, n_wanted, 1, kernel, n_units, input, 1, beta,
                 output, 1);
  else
    cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, batch, n_wanted, n_inputs, 1, input,
                 n_inputs, kernel, n_units, beta, output, n_units);
}
