/* One of two networks that are compared: a built-in model or a file. */
#pragma once

#include "app/common/model-options.h"
#include "engine/tensor/picture.h"

G_BEGIN_DECLS

/* Instead of a model: the built-in one that is nearest to the other side. */
#define RN_SIDE_NEAREST "nearest"

/**
 * RnSide:
 * @name: what the command line calls it
 * @model: the network
 * @variant: (nullable): which variant of a built-in model was taken
 * @binding: (nullable): it with its weights, where it has any and can be run
 */
typedef struct
{
  char *name;
  RnModel *model;
  char *variant;
  RnBinding *binding;
} RnSide;

void         rn_side_clear          (RnSide        *self);
gboolean     rn_side_load           (RnSide        *self,
                                     const char    *name,
                                     const char    *weights,
                                     gboolean       as_written,
                                     GError       **error);
gboolean     rn_side_adapt          (RnSide        *self,
                                     const RnSide  *other,
                                     GError       **error);
RnPreprocess rn_side_get_preprocess (const RnSide  *self,
                                     const RnSide  *other,
                                     const char    *asked);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RnSide, rn_side_clear)

G_END_DECLS
