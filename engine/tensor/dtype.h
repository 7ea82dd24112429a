/* Floating-point formats and their conversion to float32. */
#pragma once

#include "engine/tensor/tensor.h"

G_BEGIN_DECLS

void rn_dtype_convert_to_f32 (RnDtype     dtype,
                              const void *source,
                              size_t      n,
                              float      *values);

G_END_DECLS
