/* What the parts of the ONNX reader share. */
#pragma once

#include "engine/formats/onnx-reader.h"
#include "engine/model/model-builder.h"
#include "onnx.pb-c.h"

G_BEGIN_DECLS

/**
 * RnOnnxWeights:
 * @kernel, @bias: (nullable): of convolutions and Dense layers
 * @norm: (nullable): of batch norms: scale, offset, mean, variance
 * @transposed: the matrix is [out, in]
 */
typedef struct
{
  const Onnx__TensorProto *kernel;
  const Onnx__TensorProto *bias;
  const Onnx__TensorProto *norm[4];
  gboolean transposed;
} RnOnnxWeights;

/**
 * RnOnnxReader:
 * @tensors: constants by name: initializers and Constant nodes
 * @layer_of: layers by the name of the value that they compute
 * @consumers: the nodes that take a value, by its name
 * @weights_of: by layer
 * @aliased: nodes that another layer stands for
 * @last: nodes that flatten what a Transpose has turned to channels last, @last_names their layers
 */
typedef struct
{
  const char *label;
  const Onnx__GraphProto *graph;
  RnModelBuilder *builder;
  GHashTable *tensors;    /* name to Onnx__TensorProto */
  GHashTable *layer_of;   /* value to layer's name */
  GHashTable *consumers;  /* value to GPtrArray of Onnx__NodeProto */
  GHashTable *weights_of; /* layer's name to RnOnnxWeights */
  GHashTable *names;      /* layers' names */
  GHashTable *aliased;    /* of Onnx__NodeProto */
  GHashTable *last;       /* likewise: those that flatten channels last */
  GHashTable *last_names; /* the layers that they become */
  int n_unsupported;
} RnOnnxReader;

gboolean                 rn_onnx_read_node         (RnOnnxReader            *self,
                                                    const Onnx__NodeProto   *node,
                                                    GError                 **error);
const Onnx__NodeProto   *rn_onnx_get_only_consumer (const RnOnnxReader      *self,
                                                    const char              *value);
const Onnx__TensorProto *rn_onnx_find_tensor       (const RnOnnxReader      *self,
                                                    const Onnx__NodeProto   *node,
                                                    size_t                   input);
gboolean                 rn_onnx_get_ints          (const Onnx__TensorProto *tensor,
                                                    gint64                  *values,
                                                    size_t                   max,
                                                    size_t                  *n);
float                   *rn_onnx_get_floats        (const Onnx__TensorProto *tensor,
                                                    gint64                   n_wanted,
                                                    GError                 **error);
RnWeights               *rn_onnx_make_weights      (RnOnnxReader            *self,
                                                    const RnModel           *model,
                                                    GError                 **error);

G_END_DECLS
