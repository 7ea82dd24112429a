/* What publishers' files do not say of themselves: epsilon, pre-processing, names of the classes. */
#pragma once

#include "engine/tensor/weights.h"
#include "ui/download/source.h"

G_BEGIN_DECLS

gboolean rn_official_complete    (RnWeights           *weights,
                                  const RnSourceList  *sources,
                                  const char          *md5,
                                  const char          *directory,
                                  GError             **error);
gboolean rn_official_read_labels (const char          *path,
                                  RnWeightsInfo       *info,
                                  GError             **error);

G_END_DECLS
