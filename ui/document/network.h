/* A model, built-in or opened, with weights, ready to run on any thread, whole or edited. */
#pragma once

#include "engine/analysis/explanation.h"
#include "engine/model/catalog.h"
#include "engine/runtime/session.h"
#include "ui/document/run.h"

G_BEGIN_DECLS

/**
 * RnNetwork:
 *
 * Everything here but the getters may take long and belongs on a worker; calls from several threads
 * wait for one another.
 */
typedef struct _RnNetwork RnNetwork;

/**
 * RnNetworkFunc:
 * @layer: index of a layer that has just been computed
 *
 * Called on the thread that runs the network.
 */
typedef void (*RnNetworkFunc) (int      layer,
                               gpointer data);

RnNetwork            *rn_network_new            (const char           *id,
                                                 RnWeights            *weights,
                                                 GError              **error);
RnNetwork            *rn_network_new_variant    (const char           *id,
                                                 RnWeights            *weights,
                                                 const RnVariant      *variant,
                                                 GError              **error);
const RnVariant      *rn_network_get_variant    (const RnNetwork      *self);
RnWeights            *rn_network_get_source     (const RnNetwork      *self);
RnNetwork            *rn_network_new_opened     (const char           *id,
                                                 RnModel              *model,
                                                 RnWeights            *weights,
                                                 GError              **error);
RnNetwork            *rn_network_ref            (RnNetwork            *self);
void                  rn_network_unref          (RnNetwork            *self);
const char           *rn_network_get_id         (const RnNetwork      *self);
const RnCatalogEntry *rn_network_get_entry      (const RnNetwork      *self);
const char           *rn_network_get_trouble    (const RnNetwork      *self);
RnPreprocess          rn_network_get_preprocess (const RnNetwork      *self);
void                  rn_network_set_path       (RnNetwork            *self,
                                                 const char           *path);
const char           *rn_network_get_path       (const RnNetwork      *self);
RnModel              *rn_network_get_model      (const RnNetwork      *self);
RnBinding            *rn_network_get_binding    (const RnNetwork      *self);
const RnWeightsInfo  *rn_network_get_weights    (const RnNetwork      *self);
RnRun                *rn_network_run            (RnNetwork            *self,
                                                 RnPicture            *picture,
                                                 const char *const    *edits,
                                                 RnNetworkFunc         func,
                                                 gpointer              data,
                                                 GCancellable         *cancellable,
                                                 GError              **error);
RnTensor             *rn_network_get_activation (RnNetwork            *self,
                                                 const RnRun          *run,
                                                 int                   layer,
                                                 GError              **error);
RnExplanation        *rn_network_explain        (RnNetwork            *self,
                                                 const RnRun          *run,
                                                 int                   layer,
                                                 RnUnit                unit,
                                                 RnModel             **model,
                                                 GError              **error);
gboolean              rn_network_get_range      (RnNetwork            *self,
                                                 const RnRun          *run,
                                                 RnLayerKind           kind,
                                                 float                *low,
                                                 float                *high,
                                                 GCancellable         *cancellable,
                                                 GError              **error);
RnBinding            *rn_network_get_run_binding (RnNetwork           *self,
                                                 const RnRun          *run,
                                                 GError              **error);
RnTensor             *rn_network_make_class_map (RnNetwork            *self,
                                                 const RnRun          *run,
                                                 int                   class_index,
                                                 GError              **error);
char                 *rn_network_get_class_label (RnNetwork           *self,
                                                 int                   index);
RnTensor             *rn_network_make_input     (RnNetwork            *self,
                                                 RnPicture            *picture,
                                                 GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnNetwork, rn_network_unref)

G_END_DECLS
