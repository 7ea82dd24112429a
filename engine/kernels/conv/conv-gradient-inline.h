/* The innermost loop of a kernel's gradient.
 *
 * A tile of input channels times sixteen output channels is held in registers while all pixels go
 * by: 6 x 16 in AVX2 takes 8 loads for 12 multiply-adds, as the forward pass does with six pixels. */
#pragma once

#include "engine/kernels/conv/conv-gradient.h"
#include "engine/kernels/vector/vector.h"

#define GRADIENT_VECTORS (16 / RN_VECTOR_WIDTH)
#if RN_VECTOR_WIDTH == 16
#define GRADIENT_CHANNELS 16
#elif RN_VECTOR_WIDTH == 8
#define GRADIENT_CHANNELS 6
#else
#define GRADIENT_CHANNELS 3
#endif

/* @channels is a constant. */
RN_SPECIALIZED void
gradient_tile (const RnConvGradient *g, int channel, const int channels)
{
  Vector sums[GRADIENT_CHANNELS][GRADIENT_VECTORS];

  RN_UNROLLED
  for (int c = 0; c < channels; c++)
    {
      RN_UNROLLED
      for (int v = 0; v < GRADIENT_VECTORS; v++)
        sums[c][v] = (Vector) { 0 };
    }
  for (int y = 0; y < g->height; y++)
    {
      const float *input = g->input + y * g->in_row + channel;
      const float *d_output = g->d_output + y * g->out_row;

      for (int x = 0; x < g->width; x++, input += g->in_step, d_output += 16)
        {
          Vector d[GRADIENT_VECTORS];

          RN_UNROLLED
          for (int v = 0; v < GRADIENT_VECTORS; v++)
            d[v] = vector_load (d_output + v * RN_VECTOR_WIDTH);
          RN_UNROLLED
          for (int c = 0; c < channels; c++)
            {
              Vector value = vector_set (input[c]);

              RN_UNROLLED
              for (int v = 0; v < GRADIENT_VECTORS; v++)
                sums[c][v] = vector_fma (value, d[v], sums[c][v]);
            }
        }
    }
  RN_UNROLLED
  for (int c = 0; c < channels; c++)
    {
      RN_UNROLLED
      for (int v = 0; v < GRADIENT_VECTORS; v++)
        {
          float *place = g->gradient + (channel + c) * g->gradient_row + v * RN_VECTOR_WIDTH;

          vector_store (place, vector_load (place) + sums[c][v]);
        }
    }
}

RN_SPECIALIZED void
gradient_any_tile (const RnConvGradient *g, int channel, int channels)
{
  switch (channels)
    {
    case 1:
      gradient_tile (g, channel, 1);
      break;
    case 2:
      gradient_tile (g, channel, 2);
      break;
    case 3:
      gradient_tile (g, channel, 3);
      break;
#if GRADIENT_CHANNELS >= 6
    case 4:
      gradient_tile (g, channel, 4);
      break;
    case 5:
      gradient_tile (g, channel, 5);
      break;
    case 6:
      gradient_tile (g, channel, 6);
      break;
#endif
#if GRADIENT_CHANNELS >= 16
    case 16:
      gradient_tile (g, channel, 16);
      break;
#endif
    default:
      g_assert_not_reached ();
    }
}

/* All input channels, in tiles whose sizes differ by one at most. */
static void
conv_gradient (const RnConvGradient *g)
{
  int most = GRADIENT_CHANNELS, n_tiles, channel = 0;

  if (most == 16 && g->n_channels < most)
    most = 6;
  n_tiles = (g->n_channels + most - 1) / most;

  for (int tile = 0; tile < n_tiles; tile++)
    {
      int end = g->n_channels * (tile + 1) / n_tiles;

      gradient_any_tile (g, channel, end - channel);
      channel = end;
    }
}
