/* A block taken apart, on a worker. */
#pragma once

#include <gdk/gdk.h>

#include "engine/analysis/block-balance.h"
#include "ui/document/network.h"
#include "ui/draw/feature-map.h"

G_BEGIN_DECLS

/* What meets in a block's sum, and what leaves it. */
typedef enum
{
  RN_PART_OF_BLOCK_SHORTCUT,
  RN_PART_OF_BLOCK_BRANCH,
  RN_PART_OF_BLOCK_SUM,
  RN_PART_OF_BLOCK_OUTPUT,
  RN_N_PARTS_OF_BLOCK
} RnPartOfBlock;

/**
 * RnDissection:
 * @parts: (nullable): one channel of each, on one scale; %NULL without a block
 * @range: what the ends of the diverging colours stand for in all four
 * @channel: which channel
 * @n_channels: of how many
 * @balances: one for each block of the model; not a number where the edits leave one out
 */
typedef struct
{
  GdkTexture *parts[RN_N_PARTS_OF_BLOCK];
  RnRange range;
  int channel, n_channels;
  int n_blocks;
  RnBlockBalance *balances;
} RnDissection;

/**
 * RnDissectionRequest:
 * @block: index of a block, or -1 for the balances alone
 * @channel: which channel, or -1 for the one whose output varies most
 * @size: about how many pixels a picture should be wide
 */
typedef struct
{
  RnNetwork *network;
  RnRun *run;
  int block;
  int channel;
  int size;
} RnDissectionRequest;

void     rn_dissection_free         (gpointer       data);
void     rn_dissection_request_free (gpointer       data);
gpointer rn_dissection_work         (gpointer       data,
                                     GCancellable  *cancellable,
                                     GError       **error);

G_END_DECLS
