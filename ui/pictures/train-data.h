/* Pictures to learn from by their name: shapes, CIFAR-10 or a folder. */
#pragma once

#include "engine/training/data-set.h"
#include "ui/pictures/picture-reader.h"

G_BEGIN_DECLS

/* Pictures to learn from that are known of, but not read yet: the model's size is not known before
 * their classes are. */
typedef struct _RnTrainData RnTrainData;

/**
 * RnTrainDataReading:
 * @reader: (nullable): decodes strangers' pictures elsewhere; %NULL for this process
 * @cancellable: (nullable): ends the reading
 * @warn: (nullable): told of each picture that cannot be read, and of sizes that differ
 * @progress: (nullable): told after each picture how many of how many have been read
 *
 * The functions are called from the thread that reads.
 */
typedef struct
{
  RnPictureReader *reader;
  GCancellable *cancellable;
  void (*warn) (const char *message, gpointer data);
  void (*progress) (int done, int total, gpointer data);
  gpointer data;
} RnTrainDataReading;

RnTrainData *rn_train_data_open          (const char         *text,
                                          guint64             seed,
                                          int                 n_shapes,
                                          GError            **error);
void         rn_train_data_free          (RnTrainData        *self);
void         rn_train_data_take_part     (RnTrainData        *self,
                                          int                 n_training,
                                          int                 n_validation,
                                          guint64             seed);
int          rn_train_data_get_n_classes (const RnTrainData  *self);
int          rn_train_data_get_size      (const RnTrainData  *self);
gboolean     rn_train_data_load          (RnTrainData        *self,
                                          int                 height,
                                          int                 width,
                                          RnDataSet         **training,
                                          RnDataSet         **validation,
                                          const RnTrainDataReading *how,
                                          GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnTrainData, rn_train_data_free)

G_END_DECLS
