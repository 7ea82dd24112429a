/* Other views of the same picture. */
#pragma once

#include <glib.h>

#include "engine/tensor/random.h"

G_BEGIN_DECLS

/**
 * RnAugmentation:
 * @shift: at most so many pixels up, down, left and right, zeros moving in: padding by as many and
 *   cropping at random (He et al. 2015, sec. 4.2)
 * @flip: left for right, every other time
 * @crop: at most so much of height and width is cut off before what is left is enlarged again; 0
 *   for none, below 1
 */
typedef struct
{
  int shift;
  gboolean flip;
  double crop;
} RnAugmentation;

void rn_augmentation_apply (const RnAugmentation *self,
                            RnRandom             *random,
                            const guint8         *rgb,
                            int                   height,
                            int                   width,
                            guint8               *output);

G_END_DECLS
