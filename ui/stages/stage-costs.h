/* What each part of a network costs. */
#pragma once

#include <gio/gio.h>

#include "engine/model/model.h"

G_BEGIN_DECLS

/**
 * RnStageCost:
 * @n_parameters: of its layers
 * @n_macs: multiply-adds for one picture
 * @n_bytes: of all its layers' outputs for one picture
 * @ms: measured; 0 where it has not been
 */
typedef struct
{
  gint64 n_parameters;
  gint64 n_macs;
  gint64 n_bytes;
  double ms;
} RnStageCost;

/* Returns: (transfer full): a cost for each part (see rn_structure_find_part()), the total behind */
RnStageCost *rn_stage_costs_new            (const RnModel        *model);
void         rn_stage_costs_measure_async  (RnModel              *model,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
double      *rn_stage_costs_measure_finish (GAsyncResult         *result,
                                            GError              **error);

G_END_DECLS
