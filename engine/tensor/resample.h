/* Scaling of pictures, antialiased. */
#pragma once

#include "engine/tensor/picture.h"

G_BEGIN_DECLS

/**
 * RnResampleWindow:
 * @scaled_width: width the whole picture is scaled to
 * @scaled_height: height likewise
 * @x: left edge of the part that is wanted, in scaled pixels
 * @y: top edge likewise
 * @width: width of the part
 * @height: height of the part
 */
typedef struct
{
  int scaled_width, scaled_height;
  int x, y;
  int width, height;
} RnResampleWindow;

RnPicture *rn_picture_resample (RnPicture               *picture,
                                const RnResampleWindow  *window,
                                GError                 **error);

G_END_DECLS
