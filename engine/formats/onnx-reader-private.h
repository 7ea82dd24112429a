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
 * @alpha, @beta: what Gemm multiplies matrix and bias with; 0 for 1
 */
typedef struct
{
  const Onnx__TensorProto *kernel;
  const Onnx__TensorProto *bias;
  const Onnx__TensorProto *norm[4];
  gboolean transposed;
  float alpha, beta;
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
  GHashTable *shape_of;   /* layer's name to RnShape, where it is known */
  int n_unsupported;
} RnOnnxReader;

/* The most numbers that an attribute of a supported node has. */
#define RN_ONNX_MAX_INTS 16

/* A node while it is read; @reason stays NULL while all is supported. */
typedef struct
{
  RnOnnxReader *reader;
  const Onnx__NodeProto *node;
  RnLayerKind kind;
  RnLayerConfig config;
  RnOnnxWeights weights;
  gboolean alias;  /* passes its first input on */
  gboolean pixel;  /* keeps height and width of one */
  size_t n_inputs; /* layers that feed it */
  const char *reason;
  const Onnx__NodeProto *named; /* the node that gives the layer its name, if another */
} RnOnnxParse;

const Onnx__AttributeProto *rn_onnx_find_attribute (const Onnx__NodeProto *node,
                                                    const char            *name);
gint64                   rn_onnx_get_int           (const Onnx__NodeProto   *node,
                                                    const char              *name,
                                                    gint64                   otherwise);
float                    rn_onnx_get_float         (const Onnx__NodeProto   *node,
                                                    const char              *name,
                                                    float                    otherwise);
size_t                   rn_onnx_get_list          (RnOnnxParse             *parse,
                                                    const char              *name,
                                                    size_t                   input,
                                                    gint64                   values[RN_ONNX_MAX_INTS]);
void                     rn_onnx_get_pair          (RnOnnxParse             *parse,
                                                    const char              *name,
                                                    int                      otherwise,
                                                    int                      pair[2]);
gboolean                 rn_onnx_get_scalar        (RnOnnxParse             *parse,
                                                    const char              *name,
                                                    size_t                   input,
                                                    float                   *value);
RnShape                  rn_onnx_get_input_shape   (const RnOnnxParse       *parse);
void                     rn_onnx_read_conv         (RnOnnxParse             *parse);
void                     rn_onnx_read_pool         (RnOnnxParse             *parse);
void                     rn_onnx_read_pad          (RnOnnxParse             *parse);
void                     rn_onnx_read_slice        (RnOnnxParse             *parse);

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
