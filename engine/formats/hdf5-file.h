/* HDF5, as far as weight files need it, with every size checked before memory is given for it. */
#pragma once

#include <hdf5.h>

#include "engine/tensor/weights.h"

G_BEGIN_DECLS

/**
 * RnHdf5File:
 *
 * An HDF5 file open for reading. HDF5 keeps state of its own: while one of these is open, its
 * thread holds the library's lock, and others wait. Close it soon.
 */
typedef struct _RnHdf5File RnHdf5File;

RnHdf5File  *rn_hdf5_file_open          (const char      *path,
                                         GError         **error);
RnHdf5File  *rn_hdf5_file_open_fd       (int              fd,
                                         const char      *label,
                                         GError         **error);
RnHdf5File  *rn_hdf5_file_open_bytes    (GBytes          *bytes,
                                         const char      *label,
                                         GError         **error);
void         rn_hdf5_file_close         (RnHdf5File      *self);
const char  *rn_hdf5_file_get_label     (RnHdf5File      *self);

gboolean     rn_hdf5_file_has           (RnHdf5File      *self,
                                         const char      *object);
char       **rn_hdf5_file_list          (RnHdf5File      *self,
                                         const char      *group,
                                         GError         **error);
gboolean     rn_hdf5_file_read_strings  (RnHdf5File      *self,
                                         const char      *object,
                                         const char      *attribute,
                                         char          ***strings,
                                         GError         **error);
gboolean     rn_hdf5_file_read_string   (RnHdf5File      *self,
                                         const char      *object,
                                         const char      *attribute,
                                         char           **string,
                                         GError         **error);
gboolean     rn_hdf5_file_read_number   (RnHdf5File      *self,
                                         const char      *object,
                                         const char      *attribute,
                                         double          *number,
                                         GError         **error);
gboolean     rn_hdf5_file_read_dataset  (RnHdf5File      *self,
                                         const char      *object,
                                         RnTensor       **tensor,
                                         GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnHdf5File, rn_hdf5_file_close)

G_END_DECLS
