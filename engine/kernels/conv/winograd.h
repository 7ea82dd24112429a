/* What the transforms of Winograd's convolution work on. */
#pragma once

#include "engine/kernels/conv/conv-strip.h"

G_BEGIN_DECLS

/* The largest tile: F(4x4, 3x3) reads 6x6 pixels. */
#define RN_WINOGRAD_MAX_TILE 6
#define RN_WINOGRAD_MAX_POINTS (RN_WINOGRAD_MAX_TILE * RN_WINOGRAD_MAX_TILE)

/**
 * RnWinogradInput:
 * @step: outputs a tile has in each direction: 2 or 4; it reads step + 2
 * @input: the top left pixel of the first tile, in one block of channels
 * @row: floats from a pixel to the one below
 * @rows: pixels from the first tile's top to where the input ends; what is below is zero
 * @columns: pixels from the first tile's left edge to where the input ends
 * @n_tiles: tiles to transform, side by side
 * @output: the first tile's place, [step + 2][step + 2] of them
 * @point: floats from one of those to the next; a tile's neighbour is %RN_BLOCK floats on
 * @last_column: floats that the places of the last column of points begin earlier, see conv-winograd.c
 */
typedef struct
{
  int step;
  const float *input;
  gint64 row;
  int rows;
  int columns;
  int n_tiles;
  float *output;
  gint64 point;
  gint64 last_column;
} RnWinogradInput;

/**
 * RnWinogradOutput:
 * @step: outputs a tile has in each direction: 2 or 4
 * @products: the first tile's place, [step + 2][step + 2] of them
 * @point: floats from one of those to the next; a tile's neighbour is strip.width floats on
 * @last_column: floats that the places of the last column of points begin earlier
 * @row: floats from an output pixel to the one below
 * @rows: output rows that there are; further ones are left out
 * @columns: output columns, from the first tile's left edge
 * @n_tiles: tiles to transform, side by side
 * @strip: the epilogue and where it writes: output, width, out_plane, residual, scale, shift, relu,
 *   taps of the first tile's top left pixel
 */
typedef struct
{
  int step;
  const float *products;
  gint64 point;
  gint64 last_column;
  gint64 row;
  int rows;
  int columns;
  int n_tiles;
  RnConvStrip strip;
} RnWinogradOutput;

G_END_DECLS
