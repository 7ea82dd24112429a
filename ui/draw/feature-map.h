/* Channels of an activation as pictures. */
#pragma once

#include <cairo.h>

#include "engine/tensor/tensor.h"
#include "ui/draw/color-map.h"

G_BEGIN_DECLS

/* The values that a colour map's ends stand for. */
typedef struct
{
  float low, high;
} RnRange;

typedef enum
{
  RN_SCALE_CHANNEL, /* each channel uses the whole colour map */
  RN_SCALE_LAYER,   /* all channels on one scale */
} RnScale;

/* Numbers that are none (not finite) are drawn in this colour, which no map has. */
#define RN_COLOR_NOT_FINITE 0xffff00ffu

int rn_feature_map_get_n_channels (const RnTensor *activation);
void rn_feature_map_get_size (const RnTensor *activation, int *width, int *height);
RnRange rn_feature_map_get_range (const RnTensor *activation, int channel, RnColorMap map);
void rn_feature_map_paint (const RnTensor *activation,
                           int channel,
                           RnRange range,
                           RnColorMap map,
                           int zoom,
                           guint8 *pixels,
                           int stride);
cairo_surface_t *rn_feature_map_draw (const RnTensor *activation,
                                      int channel,
                                      RnRange range,
                                      RnColorMap map,
                                      int zoom,
                                      GError **error);

cairo_surface_t *rn_feature_sheet_draw (
    const RnTensor *activation, RnScale scale, RnColorMap map, int tile, GError **error);
gboolean rn_feature_sheet_write (const RnTensor *activation,
                                 RnScale scale,
                                 RnColorMap map,
                                 int tile,
                                 const char *path,
                                 GError **error);
gboolean rn_feature_sheet_write_ranges (const RnTensor *activation,
                                        const RnRange *ranges,
                                        const int *channels,
                                        RnColorMap map,
                                        int tile,
                                        const char *path,
                                        GError **error);

G_END_DECLS
