/* Walking along the data flow by keys. */
#pragma once

#include "ui/canvas/canvas.h"

G_BEGIN_DECLS

typedef enum
{
  RN_WALK_UP,    /* to what feeds the selection */
  RN_WALK_DOWN,  /* to what it feeds */
  RN_WALK_LEFT,  /* from the shortcut to the branch; to the stage before */
  RN_WALK_RIGHT, /* from the branch to the shortcut; to the stage behind */
  RN_WALK_IN,    /* opens a block, enters it, activates a layer */
  RN_WALK_OUT,   /* from a layer to its block, closes it, lets go of it */
} RnWalk;

void rn_canvas_walk (RnCanvas *self, RnWalk step);

G_END_DECLS
