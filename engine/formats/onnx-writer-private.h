/* What the files of onnx-writer* share. */
#pragma once

#include "engine/formats/onnx-graph.h"
#include "engine/formats/onnx-writer.h"

G_BEGIN_DECLS

/* The channels' axis: behind the batch, in maps as in vectors. */
#define RN_ONNX_CHANNEL_AXIS 1

typedef struct
{
  RnBinding *binding;
  const RnModel *model;
  RnOnnxGraph *graph;
} RnOnnxWriter;

const char    *rn_onnx_input_name        (const RnOnnxWriter  *writer,
                                          const RnLayer       *layer,
                                          int                  i);
const RnShape *rn_onnx_input_shape       (const RnOnnxWriter  *writer,
                                          const RnLayer       *layer,
                                          int                  i);
RnOnnxNode    *rn_onnx_add_unary         (const RnOnnxWriter  *writer,
                                          const char          *op_type,
                                          const char          *name,
                                          const char          *input);
void           rn_onnx_add_activation    (const RnOnnxWriter  *writer,
                                          const RnLayer       *layer,
                                          RnActivation         function,
                                          float                max_value,
                                          const char          *input);
gboolean       rn_onnx_is_folded         (const RnOnnxWriter  *writer,
                                          const RnLayer       *layer);
const char    *rn_onnx_find_window_input (const RnOnnxWriter  *writer,
                                          const RnLayer       *layer,
                                          RnPadding            padding,
                                          const RnPads        *explicit_pads,
                                          const int            kernel[2],
                                          const int            stride[2],
                                          const int            dilation[2],
                                          RnPads              *pads);
void           rn_onnx_set_window        (RnOnnxNode          *node,
                                          const int            kernel[2],
                                          const int            stride[2],
                                          const RnPads        *pads);
gboolean       rn_onnx_write_conv        (const RnOnnxWriter  *writer,
                                          const RnLayer       *layer,
                                          GError             **error);
gboolean       rn_onnx_write_batch_norm  (const RnOnnxWriter  *writer,
                                          const RnLayer       *layer,
                                          GError             **error);
gboolean       rn_onnx_write_dense       (const RnOnnxWriter  *writer,
                                          const RnLayer       *layer,
                                          GError             **error);

G_END_DECLS
