/* The transforms of the convolution of stride 2 by phases, along a row.
 *
 * Output x of stride 2 is the sum of w[2j] * in[2(x + j)] and of w[2j + 1] * in[2(x + j) + 1]: even
 * columns under the even taps, odd ones under the odd, each a convolution of stride 1 and so a
 * product of polynomials (see winograd-inline.h). Seven taps make a filter of four and one of
 * three. F(7, 4) computes seven outputs of such a filter from its values at ten points, where the
 * sum as it stands takes 28 multiplications. Since the transform is linear, the values of both
 * phases at a point, of all channels and all rows of the window, are terms of one sum, and what
 * comes out is transformed back once.
 *
 * The tenth point, infinity, sees the last tap of four alone, so that a phase that has only three
 * costs nothing there: 9 * 2 + 1 = 19 multiplications for seven outputs instead of 49.
 *
 * The others are 0, ±7/16, ±25/32, ±21/16 and ±9/4, of those that were tried the ones with the
 * smallest error: 1.1e-6 of the result in L2, on random pictures. Pairs share their work. Input and
 * output rows are what winograd-inline.h says; the product of all (x - a_l) is x times a polynomial
 * in x², so that the rows of a pair are the even and the odd part, added and subtracted.
 *
 * Sources: as for winograd-inline.h; for the phases, Huang et al., DWM: A Decomposable Winograd
 * Method for Convolution Acceleration, 2020 (arXiv 2002.00552).
 */
#pragma once

#include <string.h>

#include "engine/kernels/conv/phases.h"
#include "engine/kernels/vector/vector.h"

/* The positive point of each pair. */
#define PHASES_PAIRS 4
static const float phases_points[PHASES_PAIRS] = { 0.4375f, 0.78125f, 1.3125f, 2.25f };

/* Coefficients of the product of all (u - a²), from u⁰ on; the last, of u⁴, is 1. */
static const float phases_product[PHASES_PAIRS] = { 1.018825569f, -7.784764186f, 14.2778244f,
                                                    -7.586914062f };

/* The same without the pair's own factor; the last, of u³, is 1. */
static const float phases_products[PHASES_PAIRS][PHASES_PAIRS - 1] = {
  { -5.32284379f, 12.86227798f, -7.395507812f },
  { -1.669243813f, 10.01966858f, -6.9765625f },
  { -0.5914270878f, 4.17572403f, -5.864257812f },
  { -0.2012494951f, 1.49797821f, -2.524414062f },
};

/* Output rows: powers 0 to 6 of the points. */
static const float phases_powers[RN_PHASES_STEP][PHASES_PAIRS] = {
  { 1, 1, 1, 1 },
  { 0.4375f, 0.78125f, 1.3125f, 2.25f },
  { 0.19140625f, 0.6103515625f, 1.72265625f, 5.0625f },
  { 0.08374023438f, 0.4768371582f, 2.260986328f, 11.390625f },
  { 0.03663635254f, 0.3725290298f, 2.967544556f, 25.62890625f },
  { 0.01602840424f, 0.2910383046f, 3.894902229f, 57.66503906f },
  { 0.007012426853f, 0.2273736754f, 5.112059176f, 129.7463379f },
};

/* Input: d[i], d[i + 2], ... times the coefficients. */
RN_SPECIALIZED Vector
add_coefficients (const Vector d[], const float *coefficients, const int n)
{
  Vector sum = d[2 * n];

  RN_UNROLLED
  for (int i = 0; i < n; i++)
    sum = vector_fma (vector_set (coefficients[i]), d[2 * i], sum);

  return sum;
}

/* Ten columns of a phase to values at the points: 0, the pairs, infinity. */
RN_SPECIALIZED void
transform_phase (const Vector d[RN_PHASES_POINTS], Vector out[RN_PHASES_POINTS])
{
  out[0] = add_coefficients (d, phases_product, PHASES_PAIRS);
  out[RN_PHASES_POINTS - 1] = add_coefficients (d + 1, phases_product, PHASES_PAIRS);

  RN_UNROLLED
  for (int pair = 0; pair < PHASES_PAIRS; pair++)
    {
      Vector even = add_coefficients (d + 2, phases_products[pair], PHASES_PAIRS - 1);
      Vector odd = add_coefficients (d + 1, phases_products[pair], PHASES_PAIRS - 1);

      odd *= vector_set (phases_points[pair]);
      out[1 + 2 * pair] = even + odd;
      out[2 + 2 * pair] = even - odd;
    }
}

/* Sorts the columns of a row by where in a tile they are: what the tiles do is then the same for
 * registers full of floats, whatever the number of channels. */
RN_SPECIALIZED void
sort_columns (const RnPhasesInput *self, const int lanes)
{
  gint64 part = (gint64)(self->n_tiles + 1) * lanes;
  const float *columns = self->row;

  for (int tile = 0; tile <= self->n_tiles; tile++)
    {
      int n = tile < self->n_tiles ? RN_PHASES_STEP : RN_PHASES_TAPS - 1;

      for (int i = 0; i < n; i++, columns += lanes)
        memcpy (self->parts + i * part + (gint64)tile * lanes, columns, lanes * sizeof (float));
    }
}

/* Transforms an input row. The last columns of a tile are the first ones of the next. */
static void
phases_input (const RnPhasesInput *self)
{
  gint64 n = (gint64)self->n_tiles * self->lanes;

  switch (self->lanes)
    {
    case 2:
      sort_columns (self, 2);
      break;
    case 6:
      sort_columns (self, 6);
      break;
    case 8:
      sort_columns (self, 8);
      break;
    default:
      sort_columns (self, self->lanes);
    }

  for (gint64 i = 0; i < n; i += RN_VECTOR_WIDTH)
    {
      Vector d[RN_PHASES_POINTS], out[RN_PHASES_POINTS];

      RN_UNROLLED
      for (int x = 0; x < RN_PHASES_POINTS; x++)
        d[x] = vector_load_unaligned (self->parts + i + x % RN_PHASES_STEP * (n + self->lanes) +
                                      (gint64)(x / RN_PHASES_STEP) * self->lanes);
      transform_phase (d, out);
      RN_UNROLLED
      for (int p = 0; p < RN_PHASES_POINTS; p++)
        vector_store_unaligned (self->output + p * self->point + i, out[p]);
    }
}

/* One vector's worth of channels of one tile, back to pixels. */
RN_SPECIALIZED void
transform_products (const float *products, gint64 point, Vector pixels[RN_PHASES_STEP])
{
  Vector sums[2][PHASES_PAIRS];

  RN_UNROLLED
  for (int pair = 0; pair < PHASES_PAIRS; pair++)
    {
      Vector plus = vector_load (products + (1 + 2 * pair) * point);
      Vector minus = vector_load (products + (2 + 2 * pair) * point);

      sums[0][pair] = plus + minus;
      sums[1][pair] = plus - minus;
    }

  RN_UNROLLED
  for (int x = 0; x < RN_PHASES_STEP; x++)
    {
      Vector sum = { 0 };

      if (x == 0)
        sum = vector_load (products);
      else if (x == RN_PHASES_STEP - 1)
        sum = vector_load (products + (RN_PHASES_POINTS - 1) * point);
      RN_UNROLLED
      for (int pair = 0; pair < PHASES_PAIRS; pair++)
        sum = vector_fma (vector_set (phases_powers[x][pair]), sums[x % 2][pair], sum);
      pixels[x] = sum;
    }
}

/* @columns pixels from @place on, by the epilogue. */
RN_SPECIALIZED void
write_run (const RnConvStrip *s,
           gint64 place,
           int v,
           int columns,
           const gboolean add,
           const gboolean relu,
           const Vector pixels[RN_PHASES_STEP])
{
  const Vector scale = vector_load (s->scale + v * RN_VECTOR_WIDTH);
  const Vector shift = vector_load (s->shift + v * RN_VECTOR_WIDTH);
  float *output = s->output + place;
  const float *residual = add ? s->residual + place : NULL;

  RN_UNROLLED
  for (int x = 0; x < columns; x++)
    vector_store (output + x * 16,
                  finish (pixels[x], scale, shift, add ? residual + x * 16 : NULL, add, relu));
}

/* Pixels of a tile that may reach past the row, that somebody looks at, or that a residual is added
 * to, which stems hardly have. */
static void
write_any_run (
    const RnConvStrip *s, gint64 place, int v, int columns, const Vector pixels[RN_PHASES_STEP])
{
  if (s->taps != NULL)
    for (int x = 0; x < columns; x++)
      finish_with_taps (s, place + (gint64)x * 16, v, pixels[x]);
  else if (s->residual != NULL && s->relu)
    write_run (s, place, v, columns, TRUE, TRUE, pixels);
  else if (s->residual != NULL)
    write_run (s, place, v, columns, TRUE, FALSE, pixels);
  else if (s->relu)
    write_run (s, place, v, columns, FALSE, TRUE, pixels);
  else
    write_run (s, place, v, columns, FALSE, FALSE, pixels);
}

/* Transforms a group of tiles back, row by row. */
static void
phases_output (const RnPhasesOutput *self)
{
  const RnConvStrip *s = &self->strip;
  gint64 start = 0;
  int tile = self->first_tile;

  for (int i = 0; i < self->n_tiles; i++, tile++)
    {
      int columns;

      if (tile == self->row_tiles)
        {
          tile = 0;
          start += self->row;
        }
      columns = MIN (self->columns - tile * RN_PHASES_STEP, RN_PHASES_STEP);

      for (int v = 0; v < s->width / RN_VECTOR_WIDTH; v++)
        {
          gint64 place =
              start + (gint64)tile * RN_PHASES_STEP * 16 + vector_place (s->out_plane, v);
          Vector pixels[RN_PHASES_STEP];

          transform_products (self->products + (gint64)i * s->width + v * RN_VECTOR_WIDTH,
                              self->point, pixels);
          if (columns < RN_PHASES_STEP || s->taps != NULL || s->residual != NULL)
            write_any_run (s, place, v, columns, pixels);
          else if (s->relu)
            write_run (s, place, v, RN_PHASES_STEP, FALSE, TRUE, pixels);
          else
            write_run (s, place, v, RN_PHASES_STEP, FALSE, FALSE, pixels);
        }
    }
}
