/* Even tiles. Where the pixels of a row lie evenly spaced, as they do but for its end, a tile needs
 * no pointer for each: two, each to the first of seven pixels a constant distance apart, reach
 * fourteen, and so do tiles over the end of a row in planes whose width is a multiple of seven
 * (ImageNet's 56, 28, 14 and 7; the stem's 112). 14 x 32 takes 16 loads for 28 multiply-adds, where
 * 8 x 32 takes 10 for 16, and reads the weights little more than half as often; it leaves one of 32
 * registers. */
#pragma once

#include "engine/kernels/conv/conv-tile-inline.h"

#define EVEN_PIXELS (2 * RN_STRIP_RUN)

/* One place of the sum for @pixels, the first seven from @near on, the others from @far on. */
RN_SPECIALIZED void
add_even_products (const float *near,
                   const float *far,
                   const float *weights,
                   const int spacing,
                   const int pixels,
                   const int vectors,
                   Vector sums[][MAX_VECTORS])
{
  Vector row[MAX_VECTORS];

  RN_UNROLLED
  for (int v = 0; v < vectors; v++)
    row[v] = vector_load (weights + v * RN_VECTOR_WIDTH);

  RN_UNROLLED
  for (int p = 0; p < pixels; p++)
    {
      const float *run = p < RN_STRIP_RUN ? near : far;
      Vector input = vector_set (run[p % RN_STRIP_RUN * spacing]);

      RN_UNROLLED
      for (int v = 0; v < vectors; v++)
        sums[p][v] = vector_fma (input, row[v], sums[p][v]);
    }
}

RN_SPECIALIZED const float *
add_even_segment (const float *near,
                  const float *far,
                  int length,
                  const float *weights,
                  const int spacing,
                  const int pixels,
                  const int vectors,
                  Vector sums[][MAX_VECTORS])
{
  const int width = vectors * RN_VECTOR_WIDTH;

  if (length == 16)
#pragma GCC unroll 2
    for (int k = 0; k < 16; k++, weights += width)
      add_even_products (near + k, far + k, weights, spacing, pixels, vectors, sums);
  else
    for (int k = 0; k < length; k++, weights += width)
      add_even_products (near + k, far + k, weights, spacing, pixels, vectors, sums);

  return weights;
}

/* As compute_tile(), of pixels that lie @spacing apart. */
RN_SPECIALIZED void
compute_even_tile (const RnConvStrip *s,
                   Share share,
                   int pixel,
                   const int spacing,
                   const int pixels,
                   const int vectors,
                   const gboolean bare)
{
  Vector sums[EVEN_PIXELS][MAX_VECTORS];
  const float *weights = s->weights;

  clear_tile (pixels, vectors, sums);

  for (int segment = 0; segment < s->n_segments; segment++)
    {
      const gint32 *places = s->pixels + s->segments[segment].pixels + pixel;
      const float *base = s->input + s->segments[segment].input;
      const float *ahead = s->input + s->segments[segment + RN_CONV_AHEAD].input;
      gint32 near = places[0], far = places[pixels > RN_STRIP_RUN ? RN_STRIP_RUN : 0];

      RN_UNROLLED
      for (int p = 0; p < pixels; p++)
        __builtin_prefetch (ahead + (p < RN_STRIP_RUN ? near : far) + p % RN_STRIP_RUN * spacing);
      fetch_share (&share);
      if (!bare)
        fetch_outputs (s, segment, pixel, pixels, vectors);
      weights = add_even_segment (base + near, base + far, s->segment_length, weights, spacing,
                                  pixels, vectors, sums);
    }

  put_tile (s, pixel, pixels, vectors, bare, sums);
}

/* Tiles of @pixels from the strip's pixel @done on, as many as there are. Returns: what is done
 * then */
RN_SPECIALIZED int
compute_even_tiles (const RnConvStrip *s,
                    int done,
                    const int spacing,
                    const int pixels,
                    const int vectors,
                    const gboolean bare)
{
  int n_tiles = (s->n_pixels + pixels - 1) / pixels;
  int lines = (int)(s->next_size / 64 / n_tiles / s->n_segments) + 1;

  for (; done + pixels <= s->n_pixels; done += pixels)
    {
      Share share = { s->next + s->next_size * done / s->n_pixels,
                      s->next + s->next_size * (done + pixels) / s->n_pixels, lines };

      compute_even_tile (s, share, s->first_pixel + done, spacing, pixels, vectors, bare);
    }

  return done;
}

RN_SPECIALIZED int
compute_spaced (const RnConvStrip *s, const int spacing, const int vectors, const gboolean bare)
{
  int done = compute_even_tiles (s, 0, spacing, EVEN_PIXELS, vectors, bare);

  return compute_even_tiles (s, done, spacing, RN_STRIP_RUN, vectors, bare);
}

/* Returns: how many pixels of the strip are done */
RN_SPECIALIZED int
compute_even (const RnConvStrip *s, const int vectors, const gboolean bare)
{
  switch (s->spacing)
    {
    case 16:
      /* Winograd's tiles of planes of 14 and 7: two of eight keep the units busier than fourteen
       * and two, and one of twelve or nine than seven and the rest. */
      if (s->n_pixels == 16)
        return compute_even_tiles (s, 0, 16, 8, vectors, bare);
      if (s->n_pixels == 12)
        return compute_even_tiles (s, 0, 16, 12, vectors, bare);
      if (s->n_pixels == 9)
        return compute_even_tiles (s, 0, 16, 9, vectors, bare);
      return compute_spaced (s, 16, vectors, bare);
    case 32:
      return compute_spaced (s, 32, vectors, bare);
    case 6:
      return compute_spaced (s, 6, vectors, bare);
    default:
      return 0;
    }
}
