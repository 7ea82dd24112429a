/* Stem, stages, blocks and head: the residual structure of a graph, found from its connections. */
#pragma once

#include "engine/model/layer.h"

G_BEGIN_DECLS

typedef enum
{
  RN_SHORTCUT_IDENTITY,   /* the block's input itself */
  RN_SHORTCUT_PROJECTION, /* through layers with weights, usually a 1x1 convolution */
  RN_SHORTCUT_PADDING,    /* through layers without weights (zero channels, subsampling) */
} RnShortcutKind;

/**
 * RnBlock:
 * @add: the Add layer, which names the block
 * @input: the layer whose output enters branch and shortcut (not itself in the block)
 * @output: the last layer: the activation behind the Add, or the Add where there is none
 * @layers: all layers of the block, ascending
 * @branch: the layers on the residual branch F(x), ascending
 * @shortcut: the layers on the shortcut, ascending; none where it is the identity
 * @shortcut_argument: which of the Add's inputs is the shortcut: 0 or 1
 * @stage: index of its stage in the structure
 * @position: its place within the stage, from 0: 'a', 'b', …
 *
 * All are indices into the model's layers.
 */
typedef struct
{
  int add;
  int input;
  int output;
  RnShortcutKind kind;
  int shortcut_argument;
  int stage;
  int position;
  int n_layers, n_branch, n_shortcut;
  int *layers;
  int *branch;
  int *shortcut;
} RnBlock;

/**
 * RnStage:
 * @number: as the paper counts (conv2_x is stage 2): the stem is 1
 *
 * Consecutive blocks whose outputs have one shape; in a network without blocks (n_blocks is then 0)
 * consecutive layers whose maps have one size.
 */
typedef struct
{
  int number;
  int first_block;
  int n_blocks;
  RnShape output_shape;
} RnStage;

typedef enum
{
  RN_PART_STEM, /* up to the first block's input; without blocks, to the end of the first convolution */
  RN_PART_STAGE,
  RN_PART_HEAD, /* behind the last block; without blocks, from where there is one value a channel */
} RnPart;

/**
 * RnStructure:
 * @block_of: for each layer the index of its block, or -1
 * @stage_of: for each layer the index of its stage, or -1 in stem and head
 * @part_of: for each layer its part
 */
typedef struct
{
  int n_blocks;
  RnBlock *blocks;
  int n_stages;
  RnStage *stages;
  int *block_of;
  int *stage_of;
  RnPart *part_of;
} RnStructure;

const RnBlock *rn_structure_find_block (const RnStructure *self,
                                        int                layer);
char          *rn_block_get_label      (const RnBlock     *block,
                                        const RnStage     *stages);
const char    *rn_shortcut_kind_get_label (RnShortcutKind  kind);

G_END_DECLS
