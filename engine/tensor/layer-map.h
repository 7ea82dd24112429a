/* Which layer of a weight file feeds which layer of a model. */
#pragma once

#include "engine/tensor/weights.h"

G_BEGIN_DECLS

/* The ways to find a file's layer for one of the model's, tried in this order. */
typedef enum
{
  RN_LAYER_MAP_NAME,          /* the same name */
  RN_LAYER_MAP_ROLE,          /* the same place in the residual structure */
  RN_LAYER_MAP_CLASS,         /* the same number among the layers of a Keras class: conv2d_3 */
  RN_LAYER_MAP_ORDER,         /* the same place in the order of layers */
  RN_LAYER_MAP_ORDER_SWAPPED, /* likewise, projections before branches or the other way round */
  RN_N_LAYER_MAPS
} RnLayerMapKind;

/**
 * RnLayerMap:
 * @source: for each layer of the model the index of the weights' layer, or -1
 * @tensors: for each layer of the model its tensors in the order of its specs: some from the file,
 *   some zero biases of our own; %NULL where missing
 * @unused: indices of layers of the file that a model without a top does not need
 * @missing: what the model needs and the file lacks, for people
 * @extra: what the file has and the model does not know
 * @misshapen: what has another shape, with both shapes
 */
typedef struct
{
  RnLayerMapKind kind;
  int n_layers;
  int *source;
  RnTensor *(*tensors)[RN_LAYER_MAX_WEIGHTS];
  GArray *unused;
  GPtrArray *missing;
  GPtrArray *extra;
  GPtrArray *misshapen;
} RnLayerMap;

RnLayerMap *rn_layer_map_new          (const RnModel     *model,
                                       RnWeights         *weights,
                                       RnLayerMapKind     kind,
                                       GError           **error);
void        rn_layer_map_free         (RnLayerMap        *self);
guint       rn_layer_map_get_n_faults (const RnLayerMap  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnLayerMap, rn_layer_map_free)

G_END_DECLS
