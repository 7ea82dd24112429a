/* Batch norm's training, one vector of channels at a time. */
#pragma once

#include "engine/kernels/batch-norm/norm-row.h"
#include "engine/kernels/vector/vector.h"

typedef int NormMask __attribute__ ((vector_size (4 * RN_VECTOR_WIDTH)));

/* @d where @x is above 0, else 0. */
RN_SPECIALIZED Vector
where_positive (Vector x, Vector d)
{
  return (Vector) ((NormMask) (x > (Vector) { 0 }) & (NormMask) d);
}

static void
norm_sum_row (const RnNormRow *row)
{
  for (int v = 0; v < 16; v += RN_VECTOR_WIDTH)
    {
      Vector center = vector_load (row->center + v);
      Vector first = vector_load (row->first + v), second = vector_load (row->second + v);

      for (int p = 0; p < row->n_pixels; p++)
        {
          Vector x = vector_load (row->input + p * 16 + v) - center;

          first += x;
          second = vector_fma (x, x, second);
        }
      vector_store (row->first + v, first);
      vector_store (row->second + v, second);
    }
}

static void
norm_backward_sum_row (const RnNormRow *row)
{
  for (int v = 0; v < 16; v += RN_VECTOR_WIDTH)
    {
      Vector center = vector_load (row->center + v);
      Vector first = vector_load (row->first + v), second = vector_load (row->second + v);

      for (int p = 0; p < row->n_pixels; p++)
        {
          Vector x = vector_load (row->input + p * 16 + v);
          Vector d = vector_load (row->d_output + p * 16 + v);

          if (row->output != NULL)
            {
              d = where_positive (vector_load (row->output + p * 16 + v), d);
              vector_store (row->d_output + p * 16 + v, d);
            }
          else if (row->scale != NULL)
            d = where_positive (vector_fma (x, vector_load (row->scale + v),
                                            vector_load (row->shift + v)), d);
          first += d;
          second = vector_fma (d, x - center, second);
        }
      vector_store (row->first + v, first);
      vector_store (row->second + v, second);
    }
}

static void
norm_backward_row (const RnNormRow *row)
{
  for (int v = 0; v < 16; v += RN_VECTOR_WIDTH)
    {
      Vector a = vector_load (row->a + v), b = vector_load (row->b + v);
      Vector c = vector_load (row->c + v);

      for (int p = 0; p < row->n_pixels; p++)
        {
          Vector x = vector_load (row->input + p * 16 + v);
          Vector d = vector_load (row->d_output + p * 16 + v);

          if (row->scale != NULL)
            d = where_positive (vector_fma (x, vector_load (row->scale + v),
                                            vector_load (row->shift + v)), d);
          d = vector_fma (a, d, vector_fma (b, x, c));
          if (row->accumulate)
            d += vector_load (row->d_input + p * 16 + v);
          vector_store (row->d_input + p * 16 + v, d);
        }
    }
}
