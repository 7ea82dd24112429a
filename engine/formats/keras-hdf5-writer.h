/* Writing of Keras' HDF5 files. */
#pragma once

#include "engine/tensor/weights.h"

G_BEGIN_DECLS

gboolean rn_keras_hdf5_write (RnBinding   *binding,
                              const char  *config,
                              const char  *path,
                              GError     **error);

G_END_DECLS
