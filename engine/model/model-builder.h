/* The only way to make an RnModel: collect layers by name, then check the whole. */
#pragma once

#include "engine/model/model.h"

G_BEGIN_DECLS

typedef struct _RnModelBuilder RnModelBuilder;

RnModelBuilder *rn_model_builder_new        (const char           *name,
                                             const char           *title);
void            rn_model_builder_free       (RnModelBuilder       *self);

void            rn_model_builder_add        (RnModelBuilder       *self,
                                             RnLayerKind           kind,
                                             const char           *name,
                                             const RnLayerConfig  *config,
                                             const char *const    *inputs);
const char     *rn_model_builder_chain      (RnModelBuilder       *self,
                                             RnLayerKind           kind,
                                             const char           *name,
                                             const RnLayerConfig  *config,
                                             const char           *input);
const char     *rn_model_builder_merge      (RnModelBuilder       *self,
                                             RnLayerKind           kind,
                                             const char           *name,
                                             const char           *first,
                                             const char           *second);
void            rn_model_builder_add_unsupported (RnModelBuilder      *self,
                                                  const char          *keras_class,
                                                  const char          *name,
                                                  const RnShape       *shape,
                                                  const char *const   *inputs);
void            rn_model_builder_add_note   (RnModelBuilder       *self,
                                             const char           *note);
const char     *rn_model_builder_get_last   (RnModelBuilder       *self);
void            rn_model_builder_add_output (RnModelBuilder       *self,
                                             const char           *name);
RnModel        *rn_model_builder_build      (RnModelBuilder       *self,
                                             GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnModelBuilder, rn_model_builder_free)

G_END_DECLS
