/* NumPy's .npy files. */
#pragma once

#include "engine/tensor/tensor.h"

G_BEGIN_DECLS

#define RN_NPY_ERROR (rn_npy_error_quark ())
GQuark rn_npy_error_quark (void);

typedef enum
{
  RN_NPY_ERROR_FORMAT,      /* damaged, or no such file */
  RN_NPY_ERROR_UNSUPPORTED, /* a type or an order of numbers that is not taken */
} RnNpyError;

RnTensor *rn_npy_read     (const char      *path,
                           GError         **error);
RnTensor *rn_npy_read_fd  (int              fd,
                           const char      *label,
                           GError         **error);
RnTensor *rn_npy_parse    (const char      *bytes,
                           gsize            n_bytes,
                           const char      *label,
                           GError         **error);
GBytes   *rn_npy_to_bytes (const RnTensor  *tensor);

G_END_DECLS
