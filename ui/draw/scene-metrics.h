/* Sizes of the Blocks look, in points at zoom 1. */
#pragma once

#include <math.h>

#include "engine/model/model.h"

G_BEGIN_DECLS

#define RN_MARGIN 14.0
#define RN_HEADER_HEIGHT 52.0 /* title and shape above a column */
#define RN_COLUMN_GAP 26.0
#define RN_ROW_WIDTH 112.0  /* of a card, or of a layer outside of blocks */
#define RN_OPEN_WIDTH 136.0 /* of a layer in an open block */
#define RN_ROW_GAP 10.0
#define RN_MAJOR_HEIGHT 34.0 /* layers with a kernel, pooling, input */
#define RN_MINOR_HEIGHT 19.0 /* what belongs to them */
#define RN_CARD_HEADER 21.0
#define RN_CARD_HEIGHT 86.0
#define RN_PART_HEIGHT 150.0 /* of a closed stem, stage or head */
#define RN_THUMBNAIL 44.0
#define RN_BLOCK_LEAD 14.0 /* line above a block */
#define RN_BRANCH_OFF 6.0  /* where on it the shortcut leaves */
#define RN_ARC_WIDTH 15.0
#define RN_SUM_RADIUS 7.0
#define RN_PLUS 20.0 /* an Add among its block's layers */
#define RN_FRAME_PADDING 10.0
#define RN_SHORTCUT_GAP 14.0
#define RN_CORNER 8.0

/* A layer that is worth two lines. */
static inline gboolean
rn_scene_is_major (const RnLayer *layer)
{
  return layer->kind != RN_LAYER_BATCH_NORM && layer->kind != RN_LAYER_ACTIVATION &&
         layer->kind != RN_LAYER_RELU && layer->kind != RN_LAYER_ZERO_PADDING &&
         layer->kind != RN_LAYER_DROPOUT && layer->kind != RN_LAYER_FLATTEN &&
         layer->kind != RN_LAYER_RESHAPE;
}

/* A picture's side hints at the resolution: smaller by 5 points for each halving. */
static inline double
rn_scene_thumbnail_side (const RnLayer *layer)
{
  int height = layer->output_shape.rank == 3 ? layer->output_shape.dims[0] : 1;

  return CLAMP (RN_THUMBNAIL - 5 * log2 (56.0 / height), 24, RN_THUMBNAIL);
}

G_END_DECLS
