/* Occlusion maps: what a class loses where the picture is covered. */
#pragma once

#include "engine/runtime/session.h"

G_BEGIN_DECLS

/**
 * RnOcclusionFunc:
 * @done: covers tried
 * @total: of how many
 * @map: the map so far, F32 [1, rows, columns, 1]; where nothing has been tried it is 0; only valid
 *   during the call
 *
 * Called from the thread that computes.
 */
typedef void (*RnOcclusionFunc) (int             done,
                                 int             total,
                                 const RnTensor *map,
                                 gpointer        data);

RnTensor *rn_occlusion_run (RnBinding        *binding,
                            RnTensor         *input,
                            int               class_index,
                            int               cover,
                            RnOcclusionFunc   func,
                            gpointer          data,
                            GCancellable     *cancellable,
                            GError          **error);

G_END_DECLS
