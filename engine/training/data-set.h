/* Labelled pictures to learn from. */
#pragma once

#include "engine/tensor/picture.h"

G_BEGIN_DECLS

#define RN_DATA_SET_ERROR (rn_data_set_error_quark ())
GQuark rn_data_set_error_quark (void);

typedef enum
{
  RN_DATA_SET_ERROR_FORMAT,  /* not what the data should look like */
  RN_DATA_SET_ERROR_CLASSES, /* one class alone, or a class without pictures */
} RnDataSetError;

#define RN_DATA_SET_MAX_CLASSES 10000

typedef struct _RnDataSet RnDataSet;

/**
 * RnDataSetFuncs:
 * @read: writes picture @index, @rgb[height][width][3]; any number of threads at once
 * @free: (nullable): gives up @data
 */
typedef struct
{
  void (*read) (const RnDataSet *self, int index, guint8 *rgb);
  void (*free) (gpointer data);
} RnDataSetFuncs;

/**
 * RnDataSet:
 * @name: what to call it
 * @height: of every picture; so is @width
 * @n_classes: how many there are, at least 2
 * @classes: their ids
 * @labels: their readable names
 * @class_of: for each picture its class
 *
 * Immutable, reference-counted.
 */
struct _RnDataSet
{
  char *name;
  int n_pictures;
  int height, width;
  int n_classes;
  char **classes;
  char **labels;
  guint16 *class_of;

  /*< private >*/
  gint ref_count;
  const RnDataSetFuncs *funcs;
  gpointer data;
};

RnDataSet *rn_data_set_new          (const char            *name,
                                     int                    n_pictures,
                                     int                    height,
                                     int                    width,
                                     const char *const     *classes,
                                     const char *const     *labels,
                                     const RnDataSetFuncs  *funcs,
                                     gpointer               data);
RnDataSet *rn_data_set_ref          (RnDataSet             *self);
void       rn_data_set_unref        (RnDataSet             *self);
RnPicture *rn_data_set_get_picture  (RnDataSet             *self,
                                     int                    index,
                                     GError               **error);

/* Where pictures come from. */
RnDataSet *rn_data_set_new_shapes   (guint64                seed,
                                     int                    n_pictures);
gboolean   rn_data_set_open_cifar10 (const char            *directory,
                                     RnDataSet            **training,
                                     RnDataSet            **validation,
                                     GError               **error);
RnDataSet *rn_data_set_new_pictures (const char            *name,
                                     GPtrArray             *pictures,
                                     const guint16         *class_of,
                                     const char *const     *classes,
                                     int                    height,
                                     int                    width,
                                     GError               **error);
RnDataSet *rn_data_set_new_part     (RnDataSet             *whole,
                                     int                    n_pictures,
                                     guint64                seed);

char      *rn_data_set_get_fetched_folder (const char      *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnDataSet, rn_data_set_unref)

G_END_DECLS
