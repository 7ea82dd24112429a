/* What a sweep found, as a chart and as a table. */
#pragma once

#include "engine/runtime/sweep.h"
#include "ui/draw/chart.h"

G_BEGIN_DECLS

RnChart *rn_sweep_chart_new    (const RnSweep *sweep,
                                RnEditKind     kind,
                                const RnModel *model,
                                int            own,
                                gboolean       dark);
char    *rn_sweep_write_csv    (const RnSweep *sweep,
                                RnEditKind     kind,
                                const RnModel *model,
                                GPtrArray     *names);

G_END_DECLS
