/* What the ways of computing a convolution share. */
#pragma once

#include "engine/kernels/conv/conv-op.h"

G_BEGIN_DECLS

/**
 * RnConvPanel:
 * @channel: the first output channel
 * @width: output channels, zeros that fill up the last block included
 * @first_block: the first block of input channels of its group
 * @weights: where in the packed weights it begins
 *
 * Output channels that are computed at once; their weights lie together, in the order of use.
 */
typedef struct
{
  int channel;
  int width;
  int first_block;
  gint64 weights;
} RnConvPanel;

struct _RnConvOp
{
  gint ref_count;

  RnConvShape shape;
  gboolean plain_input;
  RnConvAlgorithm algorithm;
  const RnKernels *kernels;
  RnBlocked in;
  RnBlocked out;
  gsize scratch_size;

  /* Packed weights, [n_panels][n_rows][width]; a row is one place of the sum. The epilogue's
   * numbers are filled up with zeros to whole blocks; @shift has the bias in it. */
  int n_panels;
  RnConvPanel *panels;
  gint64 n_rows;
  float *weights;
  void *weights_block;
  gint64 n_weights;
  float *bias;
  float *scale;
  float *shift;

  /* The tables of conv_strip(). */
  int n_segments;
  int segment_length;
  int spacing;
  RnConvSegment *segments;
  gint32 *pixels;
  gint32 *out_pixels;

  /* Direct, on a plain picture: its size with padding, filled up in scratch. */
  int padded_height;
  int padded_width;

  /* Winograd: outputs a tile has in each direction, and how many tiles. */
  int step;
  int n_tile_rows;
  int n_tile_columns;

  /* By phases: floats of a window's row at the last point; output rows that go through together. */
  int last_length;
  int chunk_rows;
};

RnConvSegment *rn_conv_segments_new   (int               n_segments);
void     rn_conv_segments_extend        (RnConvSegment    *segments,
                                         int               n_segments,
                                         gint64            tile);
gboolean rn_conv_op_is_cancelled        (const RnConvArgs *args);
void     rn_conv_op_begin_strip         (const RnConvOp   *self,
                                         const RnConvArgs *args,
                                         int               picture,
                                         int               panel,
                                         gint64            place,
                                         RnConvStrip      *strip,
                                         RnConvTaps       *taps);

gboolean rn_conv_direct_can             (const RnConvShape *shape,
                                         gboolean           plain_input);
void     rn_conv_direct_prepare         (RnConvOp         *self);
gboolean rn_conv_direct_run             (const RnConvOp   *self,
                                         const RnConvArgs *args);

gboolean rn_conv_winograd_can           (const RnConvShape *shape,
                                         gboolean           plain_input);
void     rn_conv_winograd_prepare       (RnConvOp         *self,
                                         int               n_threads);
gboolean rn_conv_winograd_run           (const RnConvOp   *self,
                                         const RnConvArgs *args);

gboolean rn_conv_phases_can             (const RnConvShape *shape,
                                         gboolean           plain_input);
void     rn_conv_phases_prepare         (RnConvOp         *self,
                                         int               n_threads);
gboolean rn_conv_phases_run             (const RnConvOp   *self,
                                         const RnConvArgs *args);

gboolean rn_conv_pack                   (RnConvOp         *self,
                                         const RnConvWeights *weights,
                                         RnPool           *pool,
                                         GError          **error);

G_END_DECLS
