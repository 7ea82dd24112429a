/* A channel of an activation as a texture; any thread may ask. */
#pragma once

#include <gdk/gdk.h>

#include "ui/draw/feature-map.h"

G_BEGIN_DECLS

GdkTexture *rn_map_texture_new         (const RnTensor *activation,
                                        int             channel,
                                        RnRange         range,
                                        RnColorMap      colors,
                                        int             zoom);
GdkTexture *rn_map_texture_new_overlay (const RnTensor *activation,
                                        int             channel,
                                        RnRange         range,
                                        RnColorMap      colors,
                                        int             size);
int         rn_map_texture_choose_zoom (const RnTensor *activation,
                                        int             size);

G_END_DECLS
