/* The last stage of a network trained on one's own pictures, and whether that did any good. */
#pragma once

#include "ui/teach/teach-picture.h"

G_BEGIN_DECLS

/**
 * RnTeachTuned:
 * @network: (nullable): what came of it; %NULL where it did worse
 * @n_held_out: pictures that nothing was learnt from, to judge both by
 * @right_before: how many of them the network as it was named rightly; @right_after: likewise
 * @loss_before: their mean cross-entropy; @loss_after: likewise
 */
typedef struct
{
  RnTeachNetwork *network;
  int n_held_out;
  int right_before, right_after;
  double loss_before, loss_after;
} RnTeachTuned;

typedef struct _RnTeachTuning RnTeachTuning;

RnTeachTuning *rn_teach_tuning_new       (RnTeachNetwork     *network,
                                          const char *const  *labels);
RnTeachTuning *rn_teach_tuning_ref       (RnTeachTuning      *self);
void           rn_teach_tuning_unref     (gpointer            self);
void           rn_teach_tuning_add       (RnTeachTuning      *self,
                                          RnTeachPicture     *picture,
                                          int                 class_index);
double         rn_teach_tuning_get_share (RnTeachTuning      *self);
gpointer       rn_teach_tuning_work      (gpointer            self,
                                          GCancellable       *cancellable,
                                          GError            **error);
void           rn_teach_tuned_free       (gpointer            tuned);

G_END_DECLS
