/* The place in one model that corresponds to a place in another. */
#pragma once

#include "engine/model/model.h"

G_BEGIN_DECLS

/**
 * RnSelection:
 * @layer: index of a layer, or -1
 * @block: index of a block in the model's structure, or -1
 *
 * One of them at most is set.
 */
typedef struct
{
  int layer;
  int block;
} RnSelection;

#define RN_SELECTION_NONE ((RnSelection) { -1, -1 })

RnSelection rn_selection_find_counterpart (RnSelection    selection,
                                           const RnModel *from,
                                           const RnModel *to);

G_END_DECLS
