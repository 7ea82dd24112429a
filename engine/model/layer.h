/* One layer of a network: its kind, its configuration, and what follows from them. */
#pragma once

#include "engine/model/shape.h"

G_BEGIN_DECLS

/* The kinds of layer, each the counterpart of a Keras class. */
typedef enum
{
  RN_LAYER_INPUT,
  RN_LAYER_ZERO_PADDING,
  RN_LAYER_CONV,
  RN_LAYER_DEPTHWISE_CONV,
  RN_LAYER_SEPARABLE_CONV,
  RN_LAYER_BATCH_NORM,
  RN_LAYER_ACTIVATION,
  RN_LAYER_RELU,
  RN_LAYER_MAX_POOL,
  RN_LAYER_AVERAGE_POOL,
  RN_LAYER_GLOBAL_MAX_POOL,
  RN_LAYER_GLOBAL_AVERAGE_POOL,
  RN_LAYER_ADD,
  RN_LAYER_CONCATENATE,
  RN_LAYER_MULTIPLY,
  RN_LAYER_FLATTEN,
  RN_LAYER_RESHAPE,
  RN_LAYER_DROPOUT,
  RN_LAYER_DENSE,
  RN_LAYER_SHORTCUT_PADDING,
  RN_LAYER_UNSUPPORTED, /* drawn and named, but nothing that is known here computes it */
  RN_N_LAYER_KINDS
} RnLayerKind;

typedef enum
{
  RN_PADDING_VALID,    /* no padding */
  RN_PADDING_SAME,     /* Keras' rule: output = ceil (input / stride), the odd pixel after */
  RN_PADDING_EXPLICIT, /* as the configuration's `pads` say */
} RnPadding;

typedef enum
{
  RN_ACTIVATION_LINEAR,
  RN_ACTIVATION_RELU,
  RN_ACTIVATION_SOFTMAX,
  RN_ACTIVATION_SIGMOID,
  RN_ACTIVATION_TANH,
  RN_ACTIVATION_SWISH,
  RN_N_ACTIVATIONS
} RnActivation;

/* Borders in pixels. */
typedef struct
{
  int top, bottom, left, right;
} RnPads;

/* Conv2D, DepthwiseConv2D and SeparableConv2D. Pairs are [vertical, horizontal]. */
typedef struct
{
  int filters; /* output channels; of a depthwise convolution, inferred */
  int kernel[2];
  int stride[2];
  int dilation[2];
  int groups;
  int depth_multiplier; /* depthwise and separable only */
  RnPadding padding;
  RnPads pads; /* with RN_PADDING_EXPLICIT */
  gboolean use_bias;
  RnActivation activation;
} RnConvConfig;

typedef struct
{
  int pool[2];
  int stride[2];
  RnPadding padding;
  RnPads pads;
  gboolean count_padding; /* average pooling divides by the whole window (ONNX), not what is inside */
} RnPoolConfig;

typedef struct
{
  float epsilon;
  float momentum;
  gboolean scale;  /* has gamma */
  gboolean center; /* has beta */
} RnBatchNormConfig;

typedef struct
{
  RnActivation function;
  float max_value; /* of a ReLU; INFINITY where it has none */
} RnActivationConfig;

typedef struct
{
  int units;
  gboolean use_bias;
  RnActivation activation;
} RnDenseConfig;

/* He et al. 2015, sec. 3.3, option A: every stride-th pixel, and channels of zeros added. */
typedef struct
{
  int stride;
  int before, after; /* channels of zeros */
} RnShortcutPaddingConfig;

typedef union
{
  RnShape input;
  RnPads zero_padding;
  RnConvConfig conv;
  RnPoolConfig pool;
  RnBatchNormConfig batch_norm;
  RnActivationConfig activation; /* also of RN_LAYER_RELU */
  RnDenseConfig dense;
  RnShape reshape;
  float dropout_rate;
  RnShortcutPaddingConfig shortcut_padding;
  RnShape unsupported; /* the output's shape; rank 0 where it is not known */
} RnLayerConfig;

/**
 * RnWeightSpec:
 * @name: Keras' name of the weight: "kernel", "bias", "gamma", "beta", "moving_mean", …
 * @rank: number of dimensions
 * @dims: kernels [height, width, in, out] (HWIO), depthwise [height, width, in, multiplier],
 *   dense [in, out], vectors [channels]
 * @trainable: FALSE for batch norm's running statistics
 */
typedef struct
{
  const char *name;
  int rank;
  int dims[4];
  gboolean trainable;
} RnWeightSpec;

#define RN_LAYER_MAX_WEIGHTS 4

/**
 * RnLayer:
 * @index: its place in the model
 * @inputs: indices of the layers that feed it, in the order of its arguments
 * @outputs: indices of the layers that it feeds, ascending
 * @keras_class: its class as Keras (or the file) calls it; of %RN_LAYER_UNSUPPORTED the only trace of
 *   what it is
 * @output_shape: rank 0 where it is not known, which only happens behind an unsupported layer
 *
 * A layer belongs to its model and lives as long; it never changes.
 */
typedef struct
{
  int index;
  char *name;
  const char *keras_class;
  RnLayerKind kind;
  RnLayerConfig config;
  int n_inputs, n_outputs;
  int *inputs;
  int *outputs;
  RnShape output_shape;
  int n_weights;
  RnWeightSpec weights[RN_LAYER_MAX_WEIGHTS];
} RnLayer;

const char *rn_layer_kind_get_keras_class (RnLayerKind    kind);
gboolean    rn_layer_kind_from_keras_class (const char   *keras_class,
                                            RnLayerKind  *kind);
const char *rn_activation_get_keras_name  (RnActivation   activation);
gboolean    rn_activation_from_keras_name (const char    *name,
                                           RnActivation  *activation);

char       *rn_layer_kinds_to_string      (void);

gboolean    rn_layer_config_equal         (RnLayerKind          kind,
                                           const RnLayerConfig *a,
                                           const RnLayerConfig *b);

gint64      rn_weight_spec_get_n_elements (const RnWeightSpec *spec);
gint64      rn_layer_get_n_trainable      (const RnLayer *layer);
gint64      rn_layer_get_n_non_trainable  (const RnLayer *layer);
gint64      rn_layer_get_n_parameters     (const RnLayer *layer);

RnPads      rn_window_get_pads            (RnPadding      padding,
                                           const RnPads  *explicit_pads,
                                           const RnShape *input,
                                           const int      kernel[2],
                                           const int      stride[2],
                                           const int      dilation[2]);

G_END_DECLS
