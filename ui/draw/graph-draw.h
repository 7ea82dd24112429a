/* Draws a laid out graph with cairo and Pango. */
#pragma once

#include <pango/pangocairo.h>

#include "ui/draw/graph-layout.h"

G_BEGIN_DECLS

/**
 * RnInk:
 * @dark: what stands for black
 * @light: what stands for white
 *
 * Colours of a plot on screen, where it follows the desktop's light or dark theme.
 */
typedef struct
{
  RnColor dark;
  RnColor light;
} RnInk;

void rn_stroke_draw (const RnStroke *stroke, cairo_t *cr, PangoLayout *text, const RnInk *ink);
void rn_graph_layout_draw (const RnGraphLayout *self, cairo_t *cr);

G_END_DECLS
