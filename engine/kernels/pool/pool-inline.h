/* Inner loops of pooling and of element-wise layers, sixteen channels at a time. */
#pragma once

#include "engine/kernels/pool/pool-row.h"
#include "engine/kernels/vector/vector.h"

static void
max_pool_row (const RnPoolRow *self)
{
  for (int i = 0; i < self->n_outputs; i++)
    for (int v = 0; v < 16; v += RN_VECTOR_WIDTH)
      {
        const float *window = self->input + i * self->step + v;
        Vector largest = vector_load (window);

        for (int y = 0; y < self->window_height; y++)
          for (int x = 0; x < self->window_width; x++)
            largest = vector_max (largest, vector_load (window + y * self->row + x * 16));
        vector_store (self->output + i * 16 + v, largest);
      }
}

static void
affine_row (const RnAffineRow *self)
{
  for (int v = 0; v < 16; v += RN_VECTOR_WIDTH)
    {
      Vector scale = vector_load (self->scale + v);
      Vector shift = vector_load (self->shift + v);

      for (int i = v; i < self->n_pixels * 16; i += 16)
        {
          Vector x = vector_fma (vector_load (self->input + i), scale, shift);

          if (self->residual != NULL)
            x += vector_load (self->residual + i);
          if (self->relu)
            x = vector_max ((Vector){ 0 }, x);
          vector_store (self->output + i, x);
        }
    }
}

/* Rows are summed in single precision and added up in double: a plane may have a million pixels. */
static void
sum_plane (const float *data, gint64 row, int height, int width, double sums[16])
{
  for (int c = 0; c < 16; c++)
    sums[c] = 0;

  for (int y = 0; y < height; y++)
    for (int v = 0; v < 16; v += RN_VECTOR_WIDTH)
      {
        Vector sum = { 0 };

        for (int x = 0; x < width; x++)
          sum += vector_load (data + y * row + x * 16 + v);
        for (int c = 0; c < RN_VECTOR_WIDTH; c++)
          sums[v + c] += sum[c];
      }
}
