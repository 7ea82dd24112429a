/* A network: an immutable, checked graph of layers. */
#pragma once

#include "engine/model/layer.h"
#include "engine/model/structure.h"

G_BEGIN_DECLS

#define RN_MODEL_ERROR (rn_model_error_quark ())
GQuark rn_model_error_quark (void);

typedef enum
{
  RN_MODEL_ERROR_CONFIG,     /* a layer's own numbers make no sense */
  RN_MODEL_ERROR_CONNECTION, /* a missing, doubled or circular connection */
  RN_MODEL_ERROR_SHAPE,      /* shapes that do not fit */
  RN_MODEL_ERROR_UNKNOWN,    /* a name that is not known */
  RN_MODEL_ERROR_UNSUPPORTED, /* a layer that is known to Keras or ONNX, but not here */
} RnModelError;

#define RN_MODEL_MAX_LAYERS 20000

typedef struct _RnModel RnModel;

RnModel           *rn_model_ref                 (RnModel       *self);
void               rn_model_unref               (RnModel       *self);

const char        *rn_model_get_name            (const RnModel *self);
const char        *rn_model_get_title           (const RnModel *self);
int                rn_model_get_n_layers        (const RnModel *self);
const RnLayer     *rn_model_get_layer           (const RnModel *self,
                                                 int            index);
const RnLayer     *rn_model_find_layer          (const RnModel *self,
                                                 const char    *name,
                                                 GError       **error);
const RnLayer     *rn_model_get_input           (const RnModel *self);
int                rn_model_get_n_outputs       (const RnModel *self);
const RnLayer     *rn_model_get_output          (const RnModel *self,
                                                 int            i);
RnShape            rn_model_get_input_shape     (const RnModel *self,
                                                 int            layer,
                                                 int            i);
gint64             rn_model_get_n_trainable     (const RnModel *self);
gint64             rn_model_get_n_non_trainable (const RnModel *self);
gint64             rn_model_get_n_parameters    (const RnModel *self);
gboolean           rn_model_has_top             (const RnModel *self);
gboolean           rn_model_check_runnable      (const RnModel *self,
                                                 GError       **error);
const char *const *rn_model_get_notes           (const RnModel *self);
const RnStructure *rn_model_get_structure       (const RnModel *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnModel, rn_model_unref)

G_END_DECLS
