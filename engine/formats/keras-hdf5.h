/* Keras' HDF5 files: weight files and whole models of Keras 1 to 3 (.h5, .hdf5). */
#pragma once

#include "engine/formats/hdf5-file.h"

G_BEGIN_DECLS

RnWeights *rn_keras_hdf5_read         (const char   *path,
                                       GError      **error);
RnWeights *rn_keras_hdf5_read_weights (RnHdf5File   *file,
                                       GError      **error);
char      *rn_keras_hdf5_read_config  (const char   *path,
                                       GError      **error);
char      *rn_keras_weight_name       (const char   *layer,
                                       const char   *path);

G_END_DECLS
