/* plot_model's picture of a network, in a file. */
#pragma once

#include <gio/gio.h>

#include "ui/draw/graph-layout.h"
#include "ui/draw/plot-dot.h"

G_BEGIN_DECLS

gboolean rn_plot_options_check (const RnPlotOptions *options, GError **error);
RnGraphLayout *rn_plot_lay_out (const RnModel *model, const RnPlotOptions *options, GError **error);
gboolean rn_plot_write (const RnModel *model,
                        const RnPlotOptions *options,
                        const char *path,
                        GError **error);

G_END_DECLS
