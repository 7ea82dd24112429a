/* The part of a parcel that is a model. */
#pragma once

#include "engine/model/model.h"

G_BEGIN_DECLS

/* name, title, layers (name, kind, inputs, configuration as numbers), names of the outputs */
#define RN_PARCEL_MODEL_TYPE G_VARIANT_TYPE ("(ssa(susasad)asas)")

gboolean  rn_parcel_fail         (GError        **error,
                                  const char     *what);
GVariant *rn_parcel_pack_model   (const RnModel  *model);
RnModel  *rn_parcel_unpack_model (GVariant       *value,
                                  GError        **error);

G_END_DECLS
