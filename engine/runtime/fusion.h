/* Which neighbouring layers are computed as one. */
#pragma once

#include "engine/kernels/conv/conv-shape.h"
#include "engine/model/model.h"

G_BEGIN_DECLS

typedef enum
{
  RN_GROUP_CONV,   /* [padding] convolution [batch norm] [add] [ReLU] */
  RN_GROUP_POOL,   /* [padding] max pooling */
  RN_GROUP_AFFINE, /* [batch norm] [add] [ReLU], not behind a convolution */
} RnGroupKind;

/**
 * RnGroup:
 * @pad: the ZeroPadding2D before, or -1; so are the other layers -1 where they are missing
 * @main: the convolution or the pooling; -1 in an affine group
 * @residual: the layer whose output the Add adds
 * @relu: the layer that is the ReLU; with a convolution that has its own, that convolution
 * @input: the layer that feeds the group
 * @last: its last layer, whose output is the group's
 *
 * Layers of a model that one step computes. All but the last feed nothing but the group.
 */
typedef struct
{
  RnGroupKind kind;
  int pad, main, norm, sum, relu;
  int residual;
  int input;
  int last;
} RnGroup;

/**
 * RnFusion:
 * @groups: RnGroup
 * @group_of: for each layer the index of its group, or -1
 */
typedef struct
{
  GArray *groups;
  int *group_of;
} RnFusion;

RnFusion      *rn_fusion_new            (const RnModel  *model);
void           rn_fusion_free           (RnFusion       *self);
const RnGroup *rn_fusion_find           (const RnFusion *self,
                                         int             layer);
void           rn_fusion_dissolve       (RnFusion       *self,
                                         int             layer);
RnConvShape    rn_fusion_get_conv_shape (const RnModel  *model,
                                         const RnGroup  *group);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnFusion, rn_fusion_free)

G_END_DECLS
