/* A network that runs: model, weights, and the activations of the last pictures. */
#pragma once

#include "engine/tensor/weights.h"

G_BEGIN_DECLS

#define RN_SESSION_ERROR (rn_session_error_quark ())
GQuark rn_session_error_quark (void);

typedef enum
{
  RN_SESSION_ERROR_INPUT,        /* not of the model's input shape */
  RN_SESSION_ERROR_NOT_COMPUTED, /* the layer has no activation yet */
} RnSessionError;

typedef struct _RnSession RnSession;

/* Which activations are kept as a run computes them. Any other can be had as well: it is computed
 * again from the nearest kept one. The model's input and outputs always are. */
typedef enum
{
  RN_KEEP_STEPS,   /* all that is written anyway, every convolution's with what is fused to it: any
                      other is one step away */
  RN_KEEP_BLOCKS,  /* what enters and leaves each residual block; everything where there is none */
  RN_KEEP_OUTPUTS, /* nothing else: the least memory */
} RnKeep;

/**
 * RnSessionOptions:
 * @n_threads: threads that compute; 0 for as many as the process may use
 * @keep: which activations are at hand after a run
 */
typedef struct
{
  int n_threads;
  RnKeep keep;
} RnSessionOptions;

/**
 * RnLayerFunc:
 * @layer: index of a layer that has just been computed
 * @data: as given to rn_session_set_observer()
 *
 * Called from the thread that runs the session, in the order of computing. Must return quickly.
 */
typedef void (*RnLayerFunc) (RnSession *session,
                             int        layer,
                             gpointer   data);

RnSession  *rn_session_new            (RnBinding               *binding,
                                       const RnSessionOptions  *options,
                                       GError                 **error);
RnSession  *rn_session_new_beside     (RnSession               *other,
                                       int                      n_threads,
                                       GError                 **error);
RnSession  *rn_session_ref            (RnSession               *self);
void        rn_session_unref          (RnSession               *self);
gboolean    rn_session_rebind         (RnSession               *self,
                                       RnBinding               *binding,
                                       GError                 **error);
RnModel    *rn_session_get_model      (RnSession               *self);
RnBinding  *rn_session_get_binding    (RnSession               *self);
int         rn_session_get_n_threads  (RnSession               *self);
const char *rn_session_get_isa        (RnSession               *self);
double      rn_session_measure_peak   (RnSession               *self);
void        rn_session_set_observer   (RnSession               *self,
                                       RnLayerFunc              func,
                                       gpointer                 data);
gboolean    rn_session_run            (RnSession               *self,
                                       RnTensor                *input,
                                       GCancellable            *cancellable,
                                       GError                 **error);
void        rn_session_touch_layer    (RnSession               *self,
                                       int                      layer);
gboolean    rn_session_rerun          (RnSession               *self,
                                       GCancellable            *cancellable,
                                       GError                 **error);
RnTensor   *rn_session_get_activation (RnSession               *self,
                                       int                      layer,
                                       GError                 **error);
double      rn_session_get_layer_ms   (RnSession               *self,
                                       int                      layer);
double      rn_session_get_run_ms     (RnSession               *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnSession, rn_session_unref)

G_END_DECLS
