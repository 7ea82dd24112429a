/* A row of the two graphs side by side: a layer of each, or a run of layers that are the same. */
#pragma once

#include <gio/gio.h>

#include "engine/runtime/deviation.h"
#include "ui/draw/scene.h"

G_BEGIN_DECLS

/* How both sides of a row stand to each other, mildest first. */
typedef enum
{
  RN_MARK_SAME,
  RN_MARK_EQUIVALENT, /* written otherwise */
  RN_MARK_DIFFERENT,
  RN_MARK_MISSING, /* only A has it */
  RN_MARK_EXTRA,   /* only B has it */
} RnMark;

/* The shortcut's line beside a row. */
typedef enum
{
  RN_LANE_UP = 1 << 0,   /* it goes on above */
  RN_LANE_DOWN = 1 << 1, /* it goes on below */
  RN_LANE_FROM = 1 << 2, /* it leaves here, downwards */
  RN_LANE_TO = 1 << 3,   /* it arrives here, from above */
} RnLane;

/**
 * RnAlignedSide:
 * @layer: index of the layer; the first of several; -1 where there is none
 * @kind: its kind, for its colour
 * @name: its name
 * @detail: what it does, in a few signs
 * @lane: (type RnLane): flags
 * @lane_kind: of the shortcut that passes or arrives; @next_kind of one that leaves
 */
typedef struct
{
  int layer;
  RnLayerKind kind;
  char *name;
  char *detail;
  int lane;
  RnEdgeKind lane_kind;
  RnEdgeKind next_kind;
} RnAlignedSide;

#define RN_TYPE_ALIGNED_ROW (rn_aligned_row_get_type ())
G_DECLARE_FINAL_TYPE (RnAlignedRow, rn_aligned_row, RN, ALIGNED_ROW, GObject)

/**
 * RnAlignedRow:
 * @first, @last: the pairs of rn_comparison_get_pairs() that it stands for
 * @sides: A and B
 * @numbers: (nullable): largest differences of weights and activations, where they differ
 * @difference: index of the difference that concerns it, or -1
 *
 * Immutable once it is in a list.
 */
struct _RnAlignedRow
{
  GObject parent_instance;

  int first, last;
  RnMark mark;
  RnAlignedSide sides[2];
  char *numbers;
  int difference;
};

GListModel *rn_aligned_rows_new       (const RnComparison *comparison,
                                       const RnDeviations *deviations,
                                       gboolean            fold);
int         rn_aligned_rows_find      (GListModel         *rows,
                                       int                 pair);
int         rn_comparison_find_pair   (const RnComparison *comparison,
                                       RnLayerPair         place);
char       *rn_aligned_row_to_string  (RnAlignedRow       *self);

G_END_DECLS
