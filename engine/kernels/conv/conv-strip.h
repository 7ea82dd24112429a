/* What the innermost loop of every fast convolution works on. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RnConvSegment:
 * @input: floats from the input's start to this segment's
 * @pixels: where in the table of pixels its offsets begin
 */
typedef struct
{
  gint64 input;
  gint64 pixels;
} RnConvSegment;

/* Segments that the input is fetched ahead of its use: some 400 cycles, what memory takes. */
#define RN_CONV_AHEAD 4

/* Pixels of a run, see #RnConvStrip.spacing: what divides the widths of ImageNet's networks. */
#define RN_STRIP_RUN 7

/**
 * RnConvTaps:
 *
 * Where else to put what the epilogue passes through; each as #RnConvStrip's output, or %NULL.
 */
typedef struct
{
  float *conv;
  float *norm;
  float *sum;
  const float *bias;
} RnConvTaps;

/**
 * RnConvStrip:
 * @input: where offsets count from
 * @segments: [n_segments + %RN_CONV_AHEAD]; those beyond the end tell where the next tile will
 *   probably begin, which is fetched ahead of time; a segment is @segment_length floats that lie side by side
 * @pixels: offsets of the input pixels; pixel p of segment s is at
 *   input + segments[s].input + pixels[segments[s].pixels + p]
 * @spacing: floats from a pixel to the next one of its run of %RN_STRIP_RUN, which begin at multiples
 *   of that, as @first_pixel then is, and @n_pixels unless all pixels lie so; 0 where they may lie
 *   anywhere
 * @weights: [n_segments][segment_length][width], aligned to 64
 * @width: output channels: the kernels' panel, or %RN_BLOCK where fewer are left
 * @first_pixel: of those to compute
 * @n_pixels: how many
 * @output: the first channel of output pixel 0
 * @out_pixels: offsets of the output pixels; %NULL to leave the bare sums at output + p * width
 * @out_plane: floats to the next sixteen channels
 * @residual: (nullable): as @output
 * @scale: [width]
 * @shift: [width]
 * @relu: whether max (0, x) follows
 * @taps: (nullable): whether what is between is wanted too
 * @next: (nullable): memory that will be needed next: fetched into the second-level cache on the way
 * @next_size: bytes of it
 *
 * output[p][f] = epilogue (sum over segments s and places k of input[s][p][k] * weights[s][k][f]):
 * a 1x1 or 3x3 convolution of any stride, a stem on a picture and the products of Winograd's way
 * differ in nothing but their tables.
 */
typedef struct
{
  const float *input;
  const RnConvSegment *segments;
  const gint32 *pixels;
  int n_segments;
  int segment_length;
  int spacing;
  const float *weights;
  int width;
  int first_pixel;
  int n_pixels;

  float *output;
  const gint32 *out_pixels;
  gint64 out_plane;
  const float *residual;
  const float *scale;
  const float *shift;
  gboolean relu;
  const RnConvTaps *taps;
  const char *next;
  gint64 next_size;
} RnConvStrip;

G_END_DECLS
