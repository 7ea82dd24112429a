/* A set of named weight tensors as a file gave them, and their binding to a model. */
#pragma once

#include "engine/model/model.h"
#include "engine/tensor/tensor.h"

G_BEGIN_DECLS

#define RN_WEIGHTS_ERROR (rn_weights_error_quark ())
GQuark rn_weights_error_quark (void);

typedef enum
{
  RN_WEIGHTS_ERROR_FORMAT,   /* the file is damaged or of another kind */
  RN_WEIGHTS_ERROR_MISMATCH, /* the weights are another network's */
  RN_WEIGHTS_ERROR_LIMIT,    /* more than this program takes */
} RnWeightsError;

/**
 * RnWeightsInfo:
 * @name: what to call these weights, e.g. a file's base name
 * @origin: where they come from; %NULL where the file does not say
 * @license: likewise
 * @trained: FALSE for random weights
 * @preprocess: "caffe", "torch", "unit", "raw", or %NULL where the file does not say
 * @input_size: height and width trained at; 0 where the file does not say
 * @epsilon: batch norm's epsilon the weights were trained with; 0 where not known
 * @stride_on_3x3: whether the network has its strides on the 3x3 convolutions of its bottlenecks
 *   ("ResNet v1.5", as torchvision) where Keras has them on the first 1x1
 * @n_classes: how many classes are named; 0 where the file does not say
 * @classes: ids (WordNet ids), @n_classes of them
 * @labels: readable names, likewise
 */
typedef struct
{
  char *name;
  char *origin;
  char *license;
  gboolean trained;
  char *preprocess;
  int input_size;
  float epsilon;
  gboolean stride_on_3x3;
  int n_classes;
  char **classes;
  char **labels;
} RnWeightsInfo;

typedef struct _RnWeights RnWeights;

RnWeights           *rn_weights_new           (void);
RnWeights           *rn_weights_new_random    (const RnModel    *model,
                                               guint32           seed,
                                               GError          **error);
RnWeights           *rn_weights_ref           (RnWeights        *self);
void                 rn_weights_unref         (RnWeights        *self);

RnWeightsInfo       *rn_weights_get_info      (RnWeights        *self);
void                 rn_weights_info_copy     (const RnWeightsInfo *from,
                                               RnWeightsInfo    *to);
void                 rn_weights_add_layer     (RnWeights        *self,
                                               const char       *layer);
gboolean             rn_weights_add           (RnWeights        *self,
                                               const char       *layer,
                                               const char       *weight,
                                               RnTensor         *tensor,
                                               GError          **error);
int                  rn_weights_get_n_layers  (const RnWeights  *self);
const char          *rn_weights_get_layer_name (const RnWeights *self,
                                               int               i);
int                  rn_weights_get_n_tensors (const RnWeights  *self,
                                               int               i);
RnTensor            *rn_weights_get_tensor    (const RnWeights  *self,
                                               int               i,
                                               int               j,
                                               const char      **weight_name);
RnTensor            *rn_weights_find          (const RnWeights  *self,
                                               const char       *layer,
                                               const char       *weight);

/**
 * RnBinding:
 *
 * Weights that fit a model: for each layer its tensors in the order of its weight specs, every name
 * and shape checked. Immutable, reference-counted.
 */
typedef struct _RnBinding RnBinding;

RnBinding           *rn_binding_new           (RnModel          *model,
                                               RnWeights        *weights,
                                               GError          **error);
RnBinding           *rn_binding_ref           (RnBinding        *self);
void                 rn_binding_unref         (RnBinding        *self);
RnModel             *rn_binding_get_model     (RnBinding        *self);
RnWeights           *rn_binding_get_weights   (RnBinding        *self);
RnTensor            *rn_binding_get_tensor    (const RnBinding  *self,
                                               int               layer,
                                               int               i);
float                rn_binding_get_epsilon   (const RnBinding  *self,
                                               int               layer);
const char          *rn_binding_get_source    (const RnBinding  *self,
                                               int               layer);
gboolean             rn_binding_is_identity   (const RnBinding  *self);
int                  rn_binding_get_n_unused  (const RnBinding  *self);
const char          *rn_binding_get_unused    (const RnBinding  *self,
                                               int               i);
int                  rn_binding_count_unused_classes (const RnBinding *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnWeights, rn_weights_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnBinding, rn_binding_unref)

G_END_DECLS
