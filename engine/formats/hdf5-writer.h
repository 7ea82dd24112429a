/* Writing of HDF5 files. */
#pragma once

#include "engine/tensor/tensor.h"

G_BEGIN_DECLS

/**
 * RnHdf5Writer:
 *
 * An HDF5 file in the making. It is written beside its place under another name and moved there by
 * rn_hdf5_writer_finish(); freed before that, it leaves nothing behind. Like an #RnHdf5File, it
 * holds the library's lock.
 */
typedef struct _RnHdf5Writer RnHdf5Writer;

RnHdf5Writer *rn_hdf5_writer_new          (const char          *path,
                                           GError             **error);
void          rn_hdf5_writer_free         (RnHdf5Writer        *self);

gboolean      rn_hdf5_writer_add_group    (RnHdf5Writer        *self,
                                           const char          *group,
                                           GError             **error);
gboolean      rn_hdf5_writer_add_dataset  (RnHdf5Writer        *self,
                                           const char          *object,
                                           const RnTensor      *tensor,
                                           GError             **error);
gboolean      rn_hdf5_writer_set_string   (RnHdf5Writer        *self,
                                           const char          *object,
                                           const char          *attribute,
                                           const char          *string,
                                           GError             **error);
gboolean      rn_hdf5_writer_set_strings  (RnHdf5Writer        *self,
                                           const char          *object,
                                           const char          *attribute,
                                           const char *const   *strings,
                                           GError             **error);
gboolean      rn_hdf5_writer_set_number   (RnHdf5Writer        *self,
                                           const char          *object,
                                           const char          *attribute,
                                           double               number,
                                           GError             **error);
gboolean      rn_hdf5_writer_finish       (RnHdf5Writer        *self,
                                           GError             **error);

gboolean      rn_hdf5_write_tensor        (RnTensor            *tensor,
                                           const char          *name,
                                           const char          *path,
                                           GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnHdf5Writer, rn_hdf5_writer_free)

G_END_DECLS
