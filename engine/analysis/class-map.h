/* Class activation maps: where in the picture a class is seen. */
#pragma once

#include "engine/tensor/weights.h"

G_BEGIN_DECLS

/**
 * RnClassHead:
 * @features: the layer whose maps are averaged
 * @dense: the Dense layer that weighs the averages
 *
 * The end of a network that a class activation map is exact for.
 */
typedef struct
{
  int features;
  int dense;
} RnClassHead;

gboolean  rn_class_head_find (const RnModel      *model,
                              RnClassHead        *head,
                              GError            **error);
RnTensor *rn_class_map_new   (RnBinding          *binding,
                              const RnClassHead  *head,
                              const RnTensor     *features,
                              int                 class_index,
                              double             *bias,
                              GError            **error);

G_END_DECLS
