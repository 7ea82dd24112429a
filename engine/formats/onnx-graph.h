/* An ONNX model while it is put together: protobuf messages and the memory behind them. */
#pragma once

#include <gio/gio.h>

#include "engine/tensor/tensor.h"

G_BEGIN_DECLS

typedef struct _RnOnnxGraph RnOnnxGraph;

/* A node whose attributes may still be added. */
typedef struct _RnOnnxNode RnOnnxNode;

RnOnnxGraph *rn_onnx_graph_new           (const char         *name,
                                          int                 opset);
void         rn_onnx_graph_free          (RnOnnxGraph        *self);
void         rn_onnx_graph_set_input     (RnOnnxGraph        *self,
                                          const char         *name,
                                          const gint64       *dims,
                                          int                 rank);
void         rn_onnx_graph_add_output    (RnOnnxGraph        *self,
                                          const char         *name,
                                          const gint64       *dims,
                                          int                 rank);
RnOnnxNode  *rn_onnx_graph_add_node      (RnOnnxGraph        *self,
                                          const char         *op_type,
                                          const char         *name,
                                          const char *const  *inputs,
                                          const char         *output);
void         rn_onnx_graph_add_f32       (RnOnnxGraph        *self,
                                          const char         *name,
                                          RnTensor           *tensor);
void         rn_onnx_graph_add_i64       (RnOnnxGraph        *self,
                                          const char         *name,
                                          const gint64       *values,
                                          int                 n);
void         rn_onnx_node_set_int        (RnOnnxNode         *self,
                                          const char         *name,
                                          gint64              value);
void         rn_onnx_node_set_ints       (RnOnnxNode         *self,
                                          const char         *name,
                                          const gint64       *values,
                                          int                 n);
void         rn_onnx_node_set_float      (RnOnnxNode         *self,
                                          const char         *name,
                                          float               value);
void         rn_onnx_node_set_string     (RnOnnxNode         *self,
                                          const char         *name,
                                          const char         *value);
void         rn_onnx_graph_add_property  (RnOnnxGraph        *self,
                                          const char         *key,
                                          const char         *value);
GBytes      *rn_onnx_graph_to_bytes      (RnOnnxGraph        *self,
                                          GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnOnnxGraph, rn_onnx_graph_free)

G_END_DECLS
