/* What the weights page shows, made on a worker. */
#pragma once

#include "engine/analysis/weight-stats.h"
#include "ui/document/network.h"
#include "ui/gallery/maps.h"

G_BEGIN_DECLS

/**
 * RnWeightsView:
 * @stats: of the whole tensor
 * @maps: (nullable): kernels as pictures: of the first layer each filter in colour, of a depthwise
 *   one all of them, of others what one filter has for each input channel
 * @matrix: (nullable): of a 1x1 kernel and of Dense: a row for each input, a column for each output
 * @n_filters: how many filters there are to choose from; 0 where all are shown
 */
typedef struct
{
  RnWeightStats stats;
  RnMaps *maps;
  GdkTexture *matrix;
  int n_filters;
} RnWeightsView;

/**
 * RnWeightsRequest:
 * @layer: index of a layer with weights
 * @weight: which of its tensors
 * @filter: whose kernels are wanted
 * @tile_size: about how many pixels a kernel should be wide
 */
typedef struct
{
  RnNetwork *network;
  int layer;
  int weight;
  int filter;
  int tile_size;
} RnWeightsRequest;

void     rn_weights_view_free    (gpointer       data);
void     rn_weights_request_free (gpointer       data);
gpointer rn_weights_work         (gpointer       data,
                                  GCancellable  *cancellable,
                                  GError       **error);

G_END_DECLS
