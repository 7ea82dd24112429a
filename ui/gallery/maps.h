/* The channels of one layer's activation, made into textures on a worker. */
#pragma once

#include <gdk/gdk.h>

#include "ui/document/network.h"
#include "ui/draw/feature-map.h"

G_BEGIN_DECLS

/**
 * RnMaps:
 * @activation: [1, height, width, channels] or [1, units]
 * @n_channels: channels or units
 * @width: of a map in values; 1 of a vector
 * @height: likewise
 * @colors: the colour map
 * @scale: what the colour map's ends stand for
 * @ranges: least and greatest value of each channel
 * @range: of all
 * @tiles: (nullable): a texture for each channel, each value a whole number of pixels; %NULL of
 *   vectors
 *
 * Immutable, reference-counted.
 */
typedef struct
{
  RnTensor *activation;
  int n_channels;
  int width, height;
  RnColorMap colors;
  RnScale scale;
  RnRange *ranges;
  RnRange range;
  GdkTexture **tiles;

  /*< private >*/
  gint ref_count;
} RnMaps;

RnMaps     *rn_maps_ref         (RnMaps               *self);
void        rn_maps_unref       (RnMaps               *self);
gboolean    rn_maps_is_vector   (const RnMaps         *self);
double      rn_maps_get_mean    (const RnMaps         *self,
                                 int                   channel);
GdkTexture *rn_maps_enlarge     (const RnMaps         *self,
                                 int                   channel,
                                 int                   size);

void        rn_maps_load_async  (RnNetwork            *network,
                                 RnRun                *run,
                                 int                   layer,
                                 int                   tile_size,
                                 RnColorMap            colors,
                                 RnScale               scale,
                                 GCancellable         *cancellable,
                                 GAsyncReadyCallback   callback,
                                 gpointer              user_data);
RnMaps     *rn_maps_load_finish (GAsyncResult         *result,
                                 GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnMaps, rn_maps_unref)

G_END_DECLS
