/* The layout that fast kernels compute in: sixteen channels side by side, a border of zeros. */
#pragma once

#include "engine/runtime/pool.h"

G_BEGIN_DECLS

/* Channels that lie side by side: one register of the widest instruction set, one line of cache. */
#define RN_BLOCK 16

/**
 * RnBlocked:
 * @batch: pictures
 * @channels: channels that mean something; the rest of the last block are zeros
 * @height: without the border
 * @width: without the border
 * @n_blocks: channels / %RN_BLOCK, rounded up
 * @row: floats from a pixel to the one below
 * @plane: floats from a block of channels to the next
 * @picture: floats from a picture to the next
 * @n_floats: of the whole
 *
 * A tensor in NCHWc16 layout: [batch][n_blocks][height + 2][width + 2][RN_BLOCK]. A multiply-add then
 * works on sixteen output channels of a pixel, and what it needs of the input, sixteen channels of a
 * pixel, is one line of the cache. The border, one pixel wide and always zero, saves 3x3 windows all
 * code for edges; kernels write only inside it. Planes are kept off multiples of 4 KiB, where the
 * caches would map all blocks of a pixel to the same place.
 *
 * Source: Georganas et al., Anatomy of High-Performance Deep Learning Convolutions on SIMD
 * Architectures, 2018 (arXiv 1808.05567).
 */
typedef struct
{
  int batch, channels, height, width;
  int n_blocks;
  gint64 row, plane, picture;
  gint64 n_floats;
} RnBlocked;

RnBlocked rn_blocked_make         (int              batch,
                                   int              height,
                                   int              width,
                                   int              channels);
void      rn_blocked_clear_border (const RnBlocked *self,
                                   float           *data);
void      rn_blocked_from_nhwc    (const RnBlocked *self,
                                   const float     *nhwc,
                                   float           *data,
                                   RnPool          *pool);
void      rn_blocked_to_nhwc      (const RnBlocked *self,
                                   const float     *data,
                                   float           *nhwc,
                                   RnPool          *pool);

/* Where channel 0 of @block of the pixel (@y, @x) lies; -1 and height or width are the border. */
static inline gint64
rn_blocked_offset (const RnBlocked *self, int picture, int block, int y, int x)
{
  return picture * self->picture + block * self->plane + (y + 1) * self->row
         + (gint64) (x + 1) * RN_BLOCK;
}

G_END_DECLS
