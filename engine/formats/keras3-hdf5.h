/* Keras 3's own weight files: .weights.h5, and model.weights.h5 within .keras. */
#pragma once

#include "engine/formats/hdf5-file.h"

G_BEGIN_DECLS

gboolean   rn_keras3_hdf5_detect       (RnHdf5File  *file);
RnWeights *rn_keras3_hdf5_read_weights (RnHdf5File  *file,
                                        const char  *config,
                                        GError     **error);

G_END_DECLS
