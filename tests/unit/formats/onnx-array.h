/* Tensors of ONNX's test data. */
#pragma once

#include "engine/tensor/tensor.h"
#include "onnx.pb-c.h"

G_BEGIN_DECLS

/* Numbers with their dimensions, row-major. */
typedef struct
{
  int rank;
  gint64 dims[8];
  gint64 n;
  float *data;
} OnnxArray;

Onnx__TensorProto *onnx_load_tensor     (const char              *folder,
                                         const char              *name,
                                         int                      i);
const char        *onnx_array_read      (OnnxArray               *array,
                                         const Onnx__TensorProto *proto);
void               onnx_array_clear     (OnnxArray               *array);
RnTensor          *onnx_array_to_tensor (const OnnxArray         *array);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OnnxArray, onnx_array_clear)

G_END_DECLS
