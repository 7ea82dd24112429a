/* What plot_model's picture shows; the options have its arguments' names. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RN_PLOT_KERAS2, /* record boxes, as Keras 2.3.1 draws them */
  RN_PLOT_KERAS3, /* tables with a black header, as Keras 3 draws them */
} RnPlotStyle;

/**
 * RnPlotOptions:
 * @style: whose look
 * @show_shapes: input and output shapes
 * @show_dtype: the type of the output's numbers
 * @show_layer_names: names; otherwise classes alone
 * @show_layer_activations: the activation of layers that have one
 * @show_trainable: whether layers with weights are trainable
 * @expand_nested: accepted for plot_model's sake; these models have no nested ones
 * @rankdir: where the data flows: "TB", "BT", "LR" or "RL"
 * @splines: how edges run (Graphviz' attribute, Keras 3 only), e.g. "polyline", or %NULL for
 *   Graphviz' own choice. Keras' "ortho" goes into .dot files; pictures have splines instead,
 *   for Graphviz' own router of right angles cannot be relied on
 * @nodesep: room between boxes side by side in inches; 0 for Graphviz' own 0.25, as Keras has it
 * @dpi: dots per inch of a PNG; 0 for what Keras takes (96, and 200 of Keras 3), or less where the
 *   picture would be too large
 */
typedef struct
{
  RnPlotStyle style;
  gboolean show_shapes;
  gboolean show_dtype;
  gboolean show_layer_names;
  gboolean show_layer_activations;
  gboolean show_trainable;
  gboolean expand_nested;
  const char *rankdir;
  const char *splines;
  double nodesep;
  double dpi;
} RnPlotOptions;

/* Keras 2.3.1's defaults. */
#define RN_PLOT_OPTIONS_DEFAULT                                                                    \
  ((RnPlotOptions){ .style = RN_PLOT_KERAS2, .show_layer_names = TRUE, .rankdir = "TB" })

/* Keras 3's defaults, with names shown. */
#define RN_PLOT_OPTIONS_KERAS3                                                                     \
  ((RnPlotOptions){                                                                                \
      .style = RN_PLOT_KERAS3, .show_layer_names = TRUE, .rankdir = "TB", .splines = "ortho" })

/* The resolution asked for, or the one that Keras takes. */
static inline double
rn_plot_options_get_dpi (const RnPlotOptions *options)
{
  if (options->dpi > 0)
    return options->dpi;

  return options->style == RN_PLOT_KERAS3 ? 200 : 96;
}

G_END_DECLS
