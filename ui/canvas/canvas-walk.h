/* Walking along the data flow by keys. */
#pragma once

#include "ui/canvas/canvas.h"

G_BEGIN_DECLS

typedef enum
{
  RN_STEP_UP,    /* to what feeds the selection */
  RN_STEP_DOWN,  /* to what it feeds */
  RN_STEP_LEFT,  /* from the shortcut to the branch; to the stage before */
  RN_STEP_RIGHT, /* from the branch to the shortcut; to the stage behind */
  RN_STEP_IN,    /* opens a block, enters it, activates a layer */
  RN_STEP_OUT,   /* from a layer to its block, closes it, lets go of it */
} RnStep;

void rn_canvas_walk (RnCanvas *self, RnStep step);

G_END_DECLS
