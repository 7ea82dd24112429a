/* The innermost loop of every fast convolution.
 *
 * A tile of pixels times channels is held in registers, so that a step of the sum loads a row of
 * weights once for all its pixels and a pixel's value once for all its channels: 6 x 16 in AVX2
 * takes 8 loads for 12 multiply-adds, and 12 sums under way at once hide the latency of 4 cycles of
 * two units. The input is never copied together (no im2col): each pixel of the tile has a pointer,
 * and a segment of the sum (sixteen channels under one place of the window) adds the same offset to
 * all of them. So a tile may run across rows, and the last one of a plane of 7 x 7 is the only one
 * that is not full.
 *
 * Source: Georganas et al., 2018 (arXiv 1808.05567), for the layout and the register tile; Dukhan,
 * The Indirect Convolution Algorithm, 2019 (arXiv 1907.02129), for the table of pixels.
 */
#pragma once

#ifdef RN_STRIP_EVEN
#include "engine/kernels/conv/conv-even-inline.h"
#endif
#include "engine/kernels/conv/conv-tile-inline.h"

/* One place of the sum: sums[p][v] += inputs[p][k] * weights[v]. */
RN_SPECIALIZED void
add_products (const float *const inputs[MAX_PIXELS],
              int k,
              const float *weights,
              const int pixels,
              const int vectors,
              Vector sums[MAX_PIXELS][MAX_VECTORS])
{
  Vector row[MAX_VECTORS];

  RN_UNROLLED
  for (int v = 0; v < vectors; v++)
    row[v] = vector_load (weights + v * RN_VECTOR_WIDTH);

  RN_UNROLLED
  for (int p = 0; p < pixels; p++)
    {
      Vector input = vector_set (inputs[p][k]);

      RN_UNROLLED
      for (int v = 0; v < vectors; v++)
        sums[p][v] = vector_fma (input, row[v], sums[p][v]);
    }
}

#if RN_VECTOR_WIDTH == 4
/* One value of each sum's pixel times one row of weights. */
RN_SPECIALIZED void
add_spread (Vector input, const int lane, const float *row, const int vectors, Vector sums[])
{
  Vector x = vector_spread (input, lane);

  RN_UNROLLED
  for (int v = 0; v < vectors; v++)
    sums[v] = vector_fma_memory (x, row + v * RN_VECTOR_WIDTH, sums[v]);
}

/* Four places of the sum. Without an instruction that loads one value into all lanes, loading four
 * values and spreading each saves three loads of four; and where a product overwrites a factor, a
 * weight that is loaded anew for each pixel needs no copy. */
RN_SPECIALIZED void
add_four_products (const float *const inputs[MAX_PIXELS],
                   int k,
                   const float *weights,
                   const int pixels,
                   const int vectors,
                   Vector sums[MAX_PIXELS][MAX_VECTORS])
{
  const int width = vectors * RN_VECTOR_WIDTH;

  RN_UNROLLED
  for (int p = 0; p < pixels; p++)
    {
      Vector input = vector_load_unaligned (inputs[p] + k);

      add_spread (input, 0, weights, vectors, sums[p]);
      add_spread (input, 1, weights + width, vectors, sums[p]);
      add_spread (input, 2, weights + 2 * width, vectors, sums[p]);
      add_spread (input, 3, weights + 3 * width, vectors, sums[p]);
    }
}
#endif

/* All places of a segment. Returns: the weights of the next one. */
RN_SPECIALIZED const float *
add_segment (const float *const inputs[MAX_PIXELS],
             int length,
             const float *weights,
             const int pixels,
             const int vectors,
             Vector sums[MAX_PIXELS][MAX_VECTORS])
{
  const int width = vectors * RN_VECTOR_WIDTH;
  int k = 0;

#if RN_VECTOR_WIDTH == 4
  for (; k + 4 <= length; k += 4, weights += 4 * width)
    add_four_products (inputs, k, weights, pixels, vectors, sums);
#else
  if (length == 16)
#pragma GCC unroll 4
    for (; k < 16; k++, weights += width)
      add_products (inputs, k, weights, pixels, vectors, sums);
#endif
  for (; k < length; k++, weights += width)
    add_products (inputs, k, weights, pixels, vectors, sums);

  return weights;
}

/* Computes @pixels output pixels from @pixel on; @pixels, @vectors and @bare are constants. */
RN_SPECIALIZED void
compute_tile (const RnConvStrip *s,
              Share share,
              int pixel,
              const int pixels,
              const int vectors,
              const gboolean bare)
{
  Vector sums[MAX_PIXELS][MAX_VECTORS];
  const float *weights = s->weights;


  clear_tile (pixels, vectors, sums);

  for (int segment = 0; segment < s->n_segments; segment++)
    {
      const float *base = s->input + s->segments[segment].input;
      const gint32 *places = s->pixels + s->segments[segment].pixels + pixel;
      const float *inputs[MAX_PIXELS];

      RN_UNROLLED
      for (int p = 0; p < pixels; p++)
        {
          inputs[p] = base + places[p];
          __builtin_prefetch (s->input + s->segments[segment + RN_CONV_AHEAD].input + places[p]);
        }

      fetch_share (&share);
      if (!bare)
        fetch_outputs (s, segment, pixel, pixels, vectors);
      weights = add_segment (inputs, s->segment_length, weights, pixels, vectors, sums);
    }

  put_tile (s, pixel, pixels, vectors, bare, sums);
}

/* One version for each number of pixels: a tile that is not full computes nothing in vain. */
RN_SPECIALIZED void
compute_any_tile (const RnConvStrip *s,
                  Share share,
                  int pixel,
                  int pixels,
                  const int vectors,
                  const gboolean bare)
{
  switch (pixels)
    {
    case 1:
      compute_tile (s, share, pixel, 1, vectors, bare);
      break;
    case 2:
      compute_tile (s, share, pixel, 2, vectors, bare);
      break;
    case 3:
      compute_tile (s, share, pixel, 3, vectors, bare);
      break;
#if RN_STRIP_MAX_PIXELS >= 6
    case 4:
      compute_tile (s, share, pixel, 4, vectors, bare);
      break;
    case 5:
      compute_tile (s, share, pixel, 5, vectors, bare);
      break;
    case 6:
      compute_tile (s, share, pixel, 6, vectors, bare);
      break;
#endif
#if RN_STRIP_MAX_PIXELS >= 8
    case 7:
      compute_tile (s, share, pixel, 7, vectors, bare);
      break;
    case 8:
      compute_tile (s, share, pixel, 8, vectors, bare);
      break;
#endif
    default:
      g_assert_not_reached ();
    }
}

/* All pixels of a strip, in tiles whose sizes differ by one at most; even tiles first, where there
 * are any. */
RN_SPECIALIZED void
compute_strip (const RnConvStrip *s, const int vectors, const gboolean bare)
{
  int done = 0;

#ifdef RN_STRIP_EVEN
  if (s->spacing != 0)
    done = compute_even (s, vectors, bare);
#endif

  int n_pixels = s->n_pixels - done;
  int n_tiles = (n_pixels + MAX_PIXELS - 1) / MAX_PIXELS;
  int pixel = s->first_pixel + done;
  int lines = n_tiles > 0 ? (int)(s->next_size / 64 / n_tiles / s->n_segments) + 1 : 0;

  for (int tile = 0; tile < n_tiles; tile++)
    {
      int end = s->first_pixel + done + (int)((gint64)n_pixels * (tile + 1) / n_tiles);

      Share share = { s->next + s->next_size * tile / n_tiles,
                      s->next + s->next_size * (tile + 1) / n_tiles, lines };

      compute_any_tile (s, share, pixel, end - pixel, vectors, bare);
      pixel = end;
    }
}

/* The epilogue for one vector of bare sums, leaving what it passes through where somebody wants to
 * look at it. The same operations in the same order as finish(), hence the same bits. */
static void
finish_with_taps (const RnConvStrip *s, gint64 place, int v, Vector sum)
{
  const RnConvTaps *taps = s->taps;
  Vector scale = vector_load (s->scale + v * RN_VECTOR_WIDTH);
  Vector shift = vector_load (s->shift + v * RN_VECTOR_WIDTH);

  if (taps->conv != NULL)
    vector_store (taps->conv + place, sum + vector_load (taps->bias + v * RN_VECTOR_WIDTH));
  sum = vector_fma (sum, scale, shift);
  if (taps->norm != NULL)
    vector_store (taps->norm + place, sum);
  if (s->residual != NULL)
    sum += vector_load (s->residual + place);
  if (taps->sum != NULL)
    vector_store (taps->sum + place, sum);
  if (s->relu)
    sum = vector_max ((Vector){ 0 }, sum);
  vector_store (s->output + place, sum);
}

RN_SPECIALIZED void
strip_of_width (const RnConvStrip *s, const int vectors)
{
  if (s->out_pixels == NULL)
    compute_strip (s, vectors, TRUE);
  else
    compute_strip (s, vectors, FALSE);
}

static void
strip_without_taps (const RnConvStrip *s)
{
#if RN_STRIP_MAX_VECTORS * RN_VECTOR_WIDTH > 16
  if (s->width <= 16)
    {
      strip_of_width (s, 1);
      return;
    }
#endif
  strip_of_width (s, MAX_VECTORS);
}

/* Tapped layers are few: a tile's bare sums go through memory, so that the loop above stays as it
 * is. */
static void
conv_strip (const RnConvStrip *s)
{
  _Alignas(64) float sums[MAX_PIXELS * MAX_VECTORS * RN_VECTOR_WIDTH];
  RnConvStrip tile = *s;

  if (s->taps == NULL)
    {
      strip_without_taps (s);
      return;
    }

  tile.output = sums;
  tile.out_pixels = NULL;
  tile.spacing = 0;
  for (int done = 0; done < s->n_pixels; done += tile.n_pixels)
    {
      tile.first_pixel = s->first_pixel + done;
      tile.n_pixels = MIN (s->n_pixels - done, MAX_PIXELS);
      tile.next = s->next + s->next_size * done / s->n_pixels;
      tile.next_size = s->next_size * tile.n_pixels / s->n_pixels;
      strip_without_taps (&tile);

      for (int p = 0; p < tile.n_pixels; p++)
        for (int v = 0; v < s->width / RN_VECTOR_WIDTH; v++)
          finish_with_taps (s, s->out_pixels[tile.first_pixel + p] + vector_place (s->out_plane, v),
                            v, vector_load (sums + p * s->width + v * RN_VECTOR_WIDTH));
    }
}
