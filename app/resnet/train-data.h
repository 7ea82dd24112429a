/* What `--data` names, opened. */
#pragma once

#include "engine/training/data-set.h"

G_BEGIN_DECLS

/* Pictures to learn from that are known of, but not read yet: the model's size is not known before
 * their classes are. */
typedef struct _RnTrainData RnTrainData;

RnTrainData *rn_train_data_open          (const char         *text,
                                          guint64             seed,
                                          int                 n_shapes,
                                          GError            **error);
void         rn_train_data_free          (RnTrainData        *self);
int          rn_train_data_get_n_classes (const RnTrainData  *self);
int          rn_train_data_get_size      (const RnTrainData  *self);
gboolean     rn_train_data_load          (RnTrainData        *self,
                                          int                 height,
                                          int                 width,
                                          RnDataSet         **training,
                                          RnDataSet         **validation,
                                          GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnTrainData, rn_train_data_free)

G_END_DECLS
