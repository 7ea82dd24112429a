/* The transforms of Winograd's convolution, sixteen channels at a time.
 *
 * A 3x3 convolution of stride 1 is a product of polynomials, and a product of polynomials can be
 * had from their values at enough points: transform tile and filter to values, multiply the values,
 * transform back. F(4x4, 3x3) makes 16 outputs of 36 products where the sum as it stands takes 144,
 * F(2x2, 3x3) 4 of 16 instead of 36. Over channels the products are matrix products, which
 * conv_strip() does as it does everything else.
 *
 * The points of F(4x4, 3x3) are 0, ±√½, ±√2 and infinity rather than the usual 0, ±1, ±2: their
 * powers stay closer together, which halves the rounding error, and since they come in pairs and √½
 * is 1/√2 they cost no more operations. With points a_j, input rows are the coefficients of the
 * products of all (x - a_l), l ≠ j; output columns are powers of a_j; filter rows are powers of a_j
 * over the product of all (a_j - a_l).
 *
 * Sources: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2015 (arXiv
 * 1509.09308); Barabasz, Anderson, Soodhalter and Gregg, Error Analysis and Improving the Accuracy
 * of Winograd Convolution for Deep Neural Networks, 2018 (arXiv 1803.10986).
 */
#pragma once

#include <math.h>
#include <string.h>

#include "engine/kernels/conv/winograd.h"
#include "engine/kernels/vector/vector.h"

#define SQRT_HALF ((float)M_SQRT1_2)
#define SQRT_TWO ((float)M_SQRT2)

/* Rows of F(4, 3)'s input matrix:
 *    1     0   -5/2    0    1   0
 *    0  -2√½     -2   √½    1   0    and its mirror image, √½ negative
 *    0 -√2/2     -½   √2    1   0    and its mirror image
 *    0     1      0 -5/2    0   1 */
RN_SPECIALIZED void
transform_input_4 (const Vector d[6], Vector out[6])
{
  Vector even = d[4] - 2.0f * d[2];
  Vector odd = SQRT_HALF * (d[3] - 2.0f * d[1]);
  Vector even2 = d[4] - 0.5f * d[2];
  Vector odd2 = SQRT_TWO * (d[3] - 0.5f * d[1]);

  out[0] = (d[0] + d[4]) - 2.5f * d[2];
  out[1] = even + odd;
  out[2] = even - odd;
  out[3] = even2 + odd2;
  out[4] = even2 - odd2;
  out[5] = (d[1] + d[5]) - 2.5f * d[3];
}

/* Rows of F(2, 3)'s input matrix: d0 - d2, d1 + d2, d2 - d1, d1 - d3. */
RN_SPECIALIZED void
transform_input_2 (const Vector d[4], Vector out[4])
{
  out[0] = d[0] - d[2];
  out[1] = d[1] + d[2];
  out[2] = d[2] - d[1];
  out[3] = d[1] - d[3];
}

/* Rows of F(4, 3)'s output matrix: the powers 0 to 3 of √½, -√½, √2, -√2. */
RN_SPECIALIZED void
transform_output_4 (const Vector m[6], Vector out[4])
{
  Vector sum = m[1] + m[2];
  Vector difference = SQRT_HALF * (m[1] - m[2]);
  Vector sum2 = m[3] + m[4];
  Vector difference2 = SQRT_TWO * (m[3] - m[4]);

  out[0] = m[0] + sum + sum2;
  out[1] = difference + difference2;
  out[2] = 0.5f * sum + 2.0f * sum2;
  out[3] = 0.5f * difference + 2.0f * difference2 + m[5];
}

RN_SPECIALIZED void
transform_output_2 (const Vector m[4], Vector out[2])
{
  out[0] = m[0] + m[1] + m[2];
  out[1] = m[1] - m[2] - m[3];
}

/* One vector's worth of channels of one tile: columns, then rows. */
RN_SPECIALIZED void
transform_input_tile (
    const float *input, gint64 row, float *output, gint64 point, gint64 last_column, const int step)
{
  const int size = step + 2;
  Vector half[RN_WINOGRAD_MAX_TILE][RN_WINOGRAD_MAX_TILE];

  RN_UNROLLED
  for (int x = 0; x < size; x++)
    {
      Vector column[RN_WINOGRAD_MAX_TILE], out[RN_WINOGRAD_MAX_TILE];

      RN_UNROLLED
      for (int y = 0; y < size; y++)
        column[y] = vector_load (input + y * row + x * 16);
      if (step == 4)
        transform_input_4 (column, out);
      else
        transform_input_2 (column, out);
      RN_UNROLLED
      for (int y = 0; y < size; y++)
        half[y][x] = out[y];
    }

  RN_UNROLLED
  for (int y = 0; y < size; y++)
    {
      Vector out[RN_WINOGRAD_MAX_TILE];

      if (step == 4)
        transform_input_4 (half[y], out);
      else
        transform_input_2 (half[y], out);
      RN_UNROLLED
      for (int x = 0; x < size; x++)
        vector_store (output + (y * size + x) * point - (x == size - 1 ? last_column : 0), out[x]);
    }
}

/* A tile that reaches past the input's border reads from a copy with zeros there. */
static const float *
complete_tile (const RnWinogradInput *self,
               int size,
               const float *input,
               int columns,
               float patch[RN_WINOGRAD_MAX_POINTS * 16])
{
  int n_columns = CLAMP (columns, 0, size);
  int n_rows = CLAMP (self->rows, 0, size);

  memset (patch, 0, RN_WINOGRAD_MAX_POINTS * 16 * sizeof (float));
  for (int y = 0; y < n_rows; y++)
    memcpy (patch + y * size * 16, input + y * self->row, n_columns * 16 * sizeof (float));

  return patch;
}

RN_SPECIALIZED void
transform_input_tiles (const RnWinogradInput *self, gint64 last_column, const int step)
{
  const int size = step + 2;
  _Alignas(64) float patch[RN_WINOGRAD_MAX_POINTS * 16];

  for (int tile = 0; tile < self->n_tiles; tile++)
    {
      const float *input = self->input + (gint64)tile * step * 16;
      float *output = self->output + (gint64)tile * 16;
      gint64 row = self->row;
      int columns = self->columns - tile * step;

      if (columns < size || self->rows < size)
        {
          input = complete_tile (self, size, input, columns, patch);
          row = size * 16;
        }
      for (int v = 0; v < 16; v += RN_VECTOR_WIDTH)
        transform_input_tile (input + v, row, output + v, self->point, last_column, step);
    }
}

static void
winograd_input (const RnWinogradInput *self)
{
  /* Where it is zero, the compiler needs no register for it, and none is to spare. */
  if (self->step == 4 && self->last_column == 0)
    transform_input_tiles (self, 0, 4);
  else if (self->step == 4)
    transform_input_tiles (self, self->last_column, 4);
  else
    transform_input_tiles (self, self->last_column, 2);
}

/* One vector's worth of channels of one tile, back to pixels. */
RN_SPECIALIZED void
transform_output_tile (
    const float *products, gint64 point, gint64 last_column, const int step, Vector pixels[4][4])
{
  const int size = step + 2;
  Vector half[4][RN_WINOGRAD_MAX_TILE];

  RN_UNROLLED
  for (int x = 0; x < size; x++)
    {
      Vector column[RN_WINOGRAD_MAX_TILE], out[4];

      RN_UNROLLED
      for (int y = 0; y < size; y++)
        column[y] =
            vector_load (products + (y * size + x) * point - (x == size - 1 ? last_column : 0));
      if (step == 4)
        transform_output_4 (column, out);
      else
        transform_output_2 (column, out);
      RN_UNROLLED
      for (int y = 0; y < step; y++)
        half[y][x] = out[y];
    }

  RN_UNROLLED
  for (int y = 0; y < step; y++)
    if (step == 4)
      transform_output_4 (half[y], pixels[y]);
    else
      transform_output_2 (half[y], pixels[y]);
}

/* @rows x @columns pixels from @place on, by the epilogue; all are constants where a tile is whole,
 * so that its pixels stay in registers. */
RN_SPECIALIZED void
write_pixels (const RnConvStrip *s,
              gint64 place,
              gint64 row,
              int v,
              int rows,
              int columns,
              const gboolean add,
              const gboolean relu,
              Vector pixels[4][4])
{
  const Vector scale = vector_load (s->scale + v * RN_VECTOR_WIDTH);
  const Vector shift = vector_load (s->shift + v * RN_VECTOR_WIDTH);
  float *output = s->output + place;
  const float *residual = add ? s->residual + place : NULL;

  RN_UNROLLED
  for (int y = 0; y < rows; y++)
    {
      RN_UNROLLED
      for (int x = 0; x < columns; x++)
        vector_store (output + y * row + x * 16,
                      finish (pixels[y][x], scale, shift, add ? residual + y * row + x * 16 : NULL,
                              add, relu));
    }
}

/* Pixels that lie inside the output, of a tile that may reach past it or that somebody looks at. */
static void
write_some_pixels (const RnConvStrip *s,
                   gint64 place,
                   gint64 row,
                   int v,
                   int rows,
                   int columns,
                   Vector pixels[4][4])
{
  if (s->taps != NULL)
    {
      for (int y = 0; y < rows; y++)
        for (int x = 0; x < columns; x++)
          finish_with_taps (s, place + y * row + x * 16, v, pixels[y][x]);
      return;
    }

  for (int y = 0; y < rows; y++)
    for (int x = 0; x < columns; x++)
      {
        gint64 pixel = place + y * row + x * 16;
        Vector sum =
            finish (pixels[y][x], vector_load (s->scale + v * RN_VECTOR_WIDTH),
                    vector_load (s->shift + v * RN_VECTOR_WIDTH),
                    s->residual != NULL ? s->residual + pixel : NULL, s->residual != NULL, s->relu);

        vector_store (s->output + pixel, sum);
      }
}

RN_SPECIALIZED void
transform_output_tiles (const RnWinogradOutput *self, gint64 last_column, const int step)
{
  const RnConvStrip *s = &self->strip;
  int rows = MIN (self->rows, step);

  for (int tile = 0; tile < self->n_tiles; tile++)
    {
      int columns = MIN (self->columns - tile * step, step);
      gboolean whole =
          rows == step && columns == step && s->taps == NULL && (s->residual == NULL || s->relu);

      for (int v = 0; v < s->width / RN_VECTOR_WIDTH; v++)
        {
          Vector pixels[4][4];
          gint64 place = (gint64)tile * step * 16 + vector_place (s->out_plane, v);

          transform_output_tile (self->products + (gint64)tile * s->width + v * RN_VECTOR_WIDTH,
                                 self->point, last_column, step, pixels);
          if (!whole)
            write_some_pixels (s, place, self->row, v, rows, columns, pixels);
          else if (s->residual != NULL)
            write_pixels (s, place, self->row, v, step, step, TRUE, TRUE, pixels);
          else if (s->relu)
            write_pixels (s, place, self->row, v, step, step, FALSE, TRUE, pixels);
          else
            write_pixels (s, place, self->row, v, step, step, FALSE, FALSE, pixels);
        }
    }
}

static void
winograd_output (const RnWinogradOutput *self)
{
  if (self->step == 4 && self->last_column == 0)
    transform_output_tiles (self, 0, 4);
  else if (self->step == 4)
    transform_output_tiles (self, self->last_column, 4);
  else
    transform_output_tiles (self, self->last_column, 2);
}
