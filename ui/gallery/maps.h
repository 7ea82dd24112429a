/* The channels of one layer's activation, made into textures on a worker. */
#pragma once

#include <gdk/gdk.h>

#include "engine/analysis/channel-stats.h"
#include "ui/document/network.h"
#include "ui/draw/feature-map.h"

G_BEGIN_DECLS

/* What the ends of the colours stand for. */
typedef enum
{
  RN_MAPS_SCALE_CHANNEL, /* each channel's own least and greatest value */
  RN_MAPS_SCALE_LAYER,   /* those of all channels */
  RN_MAPS_SCALE_NETWORK, /* those of all layers of the same kind in the network */
} RnMapsScale;

/**
 * RnMapsOptions:
 * @tile_size: about how many pixels a map should be wide
 * @colors: the colour map
 * @scale: what its ends stand for
 * @order: in which order the channels come
 */
typedef struct
{
  int tile_size;
  RnColorMap colors;
  RnMapsScale scale;
  RnChannelOrder order;
} RnMapsOptions;

/**
 * RnMaps:
 * @activation: [1, height, width, channels] or [1, units]
 * @n_channels: channels or units
 * @width: of a map in values; 1 of a vector
 * @height: likewise
 * @options: how they are painted
 * @stats: of each channel
 * @range: of all channels
 * @common: what the ends of the colours stand for where that is the same for all channels
 * @channels: which channel is at each place of the order
 * @places: at which place each channel is
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
  RnMapsOptions options;
  RnChannelStats *stats;
  RnRange range;
  RnRange common;
  int *channels;
  int *places;
  GdkTexture **tiles;

  /*< private >*/
  gint ref_count;
} RnMaps;

RnMaps     *rn_maps_new         (RnTensor             *activation,
                                 const RnMapsOptions  *options,
                                 const RnRange        *network,
                                 GCancellable         *cancellable,
                                 GError              **error);
RnMaps     *rn_maps_new_colored (RnTensor             *activation,
                                 GdkTexture          **tiles,
                                 const RnMapsOptions  *options);
RnMaps     *rn_maps_ref         (RnMaps               *self);
void        rn_maps_unref       (RnMaps               *self);
gboolean    rn_maps_is_vector   (const RnMaps         *self);
float       rn_maps_get_value   (const RnMaps         *self,
                                 int                   channel,
                                 int                   y,
                                 int                   x);
RnRange     rn_maps_get_ends    (const RnMaps         *self,
                                 int                   channel);

void        rn_maps_load_async  (RnNetwork            *network,
                                 RnRun                *run,
                                 int                   layer,
                                 const RnMapsOptions  *options,
                                 GCancellable         *cancellable,
                                 GAsyncReadyCallback   callback,
                                 gpointer              user_data);
RnMaps     *rn_maps_load_finish (GAsyncResult         *result,
                                 GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnMaps, rn_maps_unref)

G_END_DECLS
