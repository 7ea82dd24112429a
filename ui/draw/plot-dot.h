/* A model as text in Graphviz' DOT language. */
#pragma once

#include "engine/model/model.h"
#include "ui/draw/plot-options.h"

G_BEGIN_DECLS

char *rn_plot_to_dot (const RnModel *model, const RnPlotOptions *options);

G_END_DECLS
