/* A trained network whose features new classes are learnt from, and the network that comes of it.
 *
 * Made at once, loaded by the first call that needs it. All calls but the getters may take long and
 * belong on a worker; calls from several threads wait for one another.
 */
#pragma once

#include "engine/tensor/picture.h"
#include "engine/training/head-trainer.h"
#include "engine/tensor/weights.h"

G_BEGIN_DECLS

/**
 * RnTeachHead:
 * @kernel: [n_features, n_classes], of the new Dense layer
 * @bias: [n_classes]
 * @labels: what the classes are called, %NULL-terminated
 * @n_pictures: how many it was learnt from
 *
 * A classifier to be put on a network.
 */
typedef struct
{
  int n_features, n_classes, n_pictures;
  float *kernel;
  float *bias;
  char **labels;
} RnTeachHead;

typedef struct _RnTeachNetwork RnTeachNetwork;

RnTeachHead    *rn_teach_head_new               (const RnHead       *head,
                                                 const char *const  *labels);
void            rn_teach_head_free              (RnTeachHead        *self);

RnTeachNetwork *rn_teach_network_new            (const char         *id,
                                                 const char         *path);
RnTeachNetwork *rn_teach_network_new_tuned      (RnBinding          *binding,
                                                 RnTeachNetwork     *origin);
RnTeachNetwork *rn_teach_network_ref            (RnTeachNetwork     *self);
void            rn_teach_network_unref          (RnTeachNetwork     *self);
const char     *rn_teach_network_get_id         (RnTeachNetwork     *self);
gboolean        rn_teach_network_is_tuned       (RnTeachNetwork     *self);
RnPicture      *rn_teach_network_crop           (RnTeachNetwork     *self,
                                                 RnPicture          *picture,
                                                 GError            **error);
GBytes         *rn_teach_network_get_features   (RnTeachNetwork     *self,
                                                 RnPicture          *picture,
                                                 GCancellable       *cancellable,
                                                 GError            **error);
RnBinding      *rn_teach_network_bind           (RnTeachNetwork     *self,
                                                 const RnTeachHead  *head,
                                                 GError            **error);
RnPreprocess    rn_teach_network_get_preprocess (RnTeachNetwork     *self);
gboolean        rn_teach_network_write          (RnTeachNetwork     *self,
                                                 const RnTeachHead  *head,
                                                 const char         *path,
                                                 GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnTeachHead, rn_teach_head_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnTeachNetwork, rn_teach_network_unref)

G_END_DECLS
