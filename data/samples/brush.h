/* Strokes that several scenes share. */
#pragma once

#include "data/samples/sketch.h"

G_BEGIN_DECLS

void rn_set_colour (cairo_t *cr, RnColour colour);
void rn_fill_vertical (cairo_t *cr, double top, double bottom, RnColour from, RnColour to);
void rn_fill_across (
    cairo_t *cr, double left, double right, RnColour from, RnColour middle, RnColour to);
void rn_round_box (cairo_t *cr, double x, double y, double width, double height, double radius);
void rn_draw_grass (cairo_t *cr,
                    guint32 seed,
                    double top,
                    double bottom,
                    double height,
                    int n,
                    RnColour dark,
                    RnColour light);
void rn_draw_foliage (cairo_t *cr,
                      guint32 seed,
                      double x,
                      double y,
                      double rx,
                      double ry,
                      int n,
                      RnColour dark,
                      RnColour light);

G_END_DECLS
