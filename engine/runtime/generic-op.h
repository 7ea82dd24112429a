/* Any layer on plain NHWC tensors: the path that knows every kind and every shape. */
#pragma once

#include "engine/tensor/weights.h"

G_BEGIN_DECLS

#define RN_GENERIC_MAX_PASSES 2

/**
 * RnGenericOp:
 *
 * One layer made ready to run: its weights as float32 and its work cut into units. A layer has one
 * or two passes; the units of a pass are independent of each other and may run on any thread in any
 * order, and a pass begins when the one before it is complete. The units depend on shapes alone, so
 * results have the same bits with any number of threads.
 */
typedef struct _RnGenericOp RnGenericOp;

RnGenericOp *rn_generic_op_new         (RnBinding           *binding,
                                        int                  layer,
                                        gboolean             reference,
                                        GError             **error);
void         rn_generic_op_free        (RnGenericOp         *self);

void         rn_generic_op_set_batch   (RnGenericOp         *self,
                                        int                  batch);
gboolean     rn_generic_op_is_alias    (const RnGenericOp   *self);
int          rn_generic_op_get_n_passes (const RnGenericOp  *self);
gint64       rn_generic_op_get_n_units (const RnGenericOp   *self,
                                        int                  pass);
gsize        rn_generic_op_get_scratch (const RnGenericOp   *self);
void         rn_generic_op_run         (const RnGenericOp   *self,
                                        int                  pass,
                                        gint64               unit,
                                        const float *const  *inputs,
                                        float               *scratch,
                                        float               *output);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnGenericOp, rn_generic_op_free)

G_END_DECLS
