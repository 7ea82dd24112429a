/* What the transforms of the convolution of stride 2 by phases work on. */
#pragma once

#include "engine/kernels/conv/conv-strip.h"

G_BEGIN_DECLS

/* F(7, 4): outputs of a tile; taps of a phase of the filter; columns of a phase that are read. */
#define RN_PHASES_STEP 7
#define RN_PHASES_TAPS 4
#define RN_PHASES_POINTS (RN_PHASES_STEP + RN_PHASES_TAPS - 1)

/**
 * RnPhasesInput:
 * @row: an input row with its padding: @lanes * (7 @n_tiles + 3) floats
 * @lanes: floats of a pair of columns: all channels of the even one, then all of the odd one
 * @n_tiles: tiles of a row
 * @parts: [7][@n_tiles + 1][@lanes] and a register more, to work with
 * @output: where the row's values at the first point go, [@n_tiles][@lanes]; up to a register more
 *   is overwritten
 * @point: floats from the values at a point to those at the next one
 */
typedef struct
{
  const float *row;
  int lanes;
  int n_tiles;
  float *parts;
  float *output;
  gint64 point;
} RnPhasesInput;

/**
 * RnPhasesOutput:
 * @products: the first tile's at the first point; a tile's neighbour is strip.width floats on
 * @point: floats from a point to the next one
 * @first_tile: the first tile, counted from the left end of its row
 * @n_tiles: how many; after the last tile of a row comes the first one of the row below
 * @row_tiles: tiles of a row
 * @columns: output columns of a row; the last tile may reach past them
 * @row: floats from an output pixel to the one below
 * @strip: the epilogue and where it writes: output, width, out_plane, residual, scale, shift, relu,
 *   taps of the leftmost pixel of the first tile's row
 */
typedef struct
{
  const float *products;
  gint64 point;
  int first_tile;
  int n_tiles;
  int row_tiles;
  int columns;
  gint64 row;
  RnConvStrip strip;
} RnPhasesOutput;

G_END_DECLS
