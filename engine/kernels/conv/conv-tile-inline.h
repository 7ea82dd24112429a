/* What the register tiles of conv_strip() have in common: sums, the epilogue, prefetching.
 *
 * The epilogue works on the sums while they are in registers: batch normalization as one
 * multiply-add, the residual, ReLU. It costs nothing measurable, where a pass of its own would read
 * and write the tensor once more.
 */
#pragma once

#include "engine/kernels/conv/conv-strip.h"
#include "engine/kernels/vector/vector.h"

#define MAX_PIXELS RN_STRIP_MAX_PIXELS
#define MAX_VECTORS RN_STRIP_MAX_VECTORS

/* Floats from the output's start to vector v of a pixel: sixteen to a block. */
RN_SPECIALIZED gint64
vector_place (gint64 plane, int v)
{
  return v * RN_VECTOR_WIDTH / 16 * plane + v * RN_VECTOR_WIDTH % 16;
}

/* What the epilogue will need is on its way while the sums are computed: with each segment of the sum
 * its share of the pixels. All at once they would hold up what the sum itself waits for. */
RN_SPECIALIZED void
fetch_outputs (const RnConvStrip *s, int segment, int pixel, int pixels, int vectors)
{
  const gint32 *places = s->out_pixels + pixel;
  int end = pixels * (segment + 1) / s->n_segments;

  for (int p = pixels * segment / s->n_segments; p < end; p++)
    for (int v = 0; v < vectors; v += MAX (16 / RN_VECTOR_WIDTH, 1))
      {
        __builtin_prefetch (s->output + places[p] + vector_place (s->out_plane, v), 1);
        if (s->residual != NULL)
          __builtin_prefetch (s->residual + places[p] + vector_place (s->out_plane, v));
      }
}

/* The epilogue: batch normalization, the residual, ReLU. */
RN_SPECIALIZED Vector
finish (Vector sum,
        Vector scale,
        Vector shift,
        const float *residual,
        const gboolean add,
        const gboolean relu)
{
  sum = vector_fma (sum, scale, shift);
  if (add)
    sum += vector_load (residual);
  if (relu)
    sum = vector_max ((Vector){ 0 }, sum);

  return sum;
}

/* One register of channels of all pixels. Scale and shift are read once: the compiler may not do so
 * by itself, since the output might be where they are. */
RN_SPECIALIZED void
write_vector (const RnConvStrip *s,
              const gint32 *places,
              int pixels,
              int v,
              const gboolean add,
              const gboolean relu,
              Vector sums[][MAX_VECTORS])
{
  const Vector scale = vector_load (s->scale + v * RN_VECTOR_WIDTH);
  const Vector shift = vector_load (s->shift + v * RN_VECTOR_WIDTH);
  float *output = s->output + vector_place (s->out_plane, v);
  const float *residual = add ? s->residual + vector_place (s->out_plane, v) : NULL;

  RN_UNROLLED
  for (int p = 0; p < pixels; p++)
    vector_store (output + places[p],
                  finish (sums[p][v], scale, shift, add ? residual + places[p] : NULL, add, relu));
}

RN_SPECIALIZED void
write_vectors (const RnConvStrip *s,
               const gint32 *places,
               int pixels,
               int vectors,
               const gboolean add,
               const gboolean relu,
               Vector sums[][MAX_VECTORS])
{
  RN_UNROLLED
  for (int v = 0; v < vectors; v++)
    write_vector (s, places, pixels, v, add, relu, sums);
}

/* Writes @pixels x @vectors sums. */
RN_SPECIALIZED void
write_tile (const RnConvStrip *s, int pixel, int pixels, int vectors, Vector sums[][MAX_VECTORS])
{
  const gint32 *places = s->out_pixels + pixel;

  if (s->residual != NULL && s->relu)
    write_vectors (s, places, pixels, vectors, TRUE, TRUE, sums);
  else if (s->residual != NULL)
    write_vectors (s, places, pixels, vectors, TRUE, FALSE, sums);
  else if (s->relu)
    write_vectors (s, places, pixels, vectors, FALSE, TRUE, sums);
  else
    write_vectors (s, places, pixels, vectors, FALSE, FALSE, sums);
}

/* Memory that a tile fetches into the second-level cache for the next panel, some lines a segment.
 */
typedef struct
{
  const char *next;
  const char *end;
  int lines;
} Share;

/* Writes what a tile has summed up, by the epilogue or bare. */
RN_SPECIALIZED void
put_tile (const RnConvStrip *s,
          int pixel,
          const int pixels,
          const int vectors,
          const gboolean bare,
          Vector sums[][MAX_VECTORS])
{
  if (!bare)
    {
      write_tile (s, pixel, pixels, vectors, sums);
      return;
    }

  RN_UNROLLED
  for (int p = 0; p < pixels; p++)
    {
      RN_UNROLLED
      for (int v = 0; v < vectors; v++)
        {
          gint64 place = (gint64)(pixel - s->first_pixel + p) * vectors + v;

          vector_store (s->output + place * RN_VECTOR_WIDTH, sums[p][v]);
        }
    }
}

RN_SPECIALIZED void
clear_tile (const int pixels, const int vectors, Vector sums[][MAX_VECTORS])
{
  RN_UNROLLED
  for (int p = 0; p < pixels; p++)
    {
      RN_UNROLLED
      for (int v = 0; v < vectors; v++)
        sums[p][v] = (Vector){ 0 };
    }
}

RN_SPECIALIZED void
fetch_share (Share *share)
{
  for (int line = 0; line < share->lines && share->next < share->end; line++, share->next += 64)
    __builtin_prefetch (share->next, 0, 2);
}
