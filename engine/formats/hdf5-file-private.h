/* What the files of hdf5-* share. */
#pragma once

#include "engine/formats/hdf5-file.h"

G_BEGIN_DECLS

struct _RnHdf5File
{
  char *label;    /* what to call the file in messages */
  guint64 size;   /* in bytes */
  guint64 budget; /* bytes of tensors that may still be read from it */
  hid_t file;
  hid_t link_access; /* follows no link into another file */
};

hid_t rn_hdf5_file_open_object (RnHdf5File  *self,
                                const char  *object,
                                GError     **error);

G_END_DECLS
