/* A picture being drawn: a cairo surface at twice the final size, so that everything comes out
 * smooth, with the few things that cairo lacks and a photograph has: shading pixel by pixel, blur
 * and shadows. User space is the final picture, RN_SKETCH_SIZE units each way, y downwards. */
#pragma once

#include <cairo.h>

#include "data/samples/colour.h"

G_BEGIN_DECLS

#define RN_SKETCH_SIZE 320

typedef struct _RnSketch RnSketch;

/* The colour at (x, y) of user space. */
typedef RnColour (*RnShader) (double x, double y, gconstpointer data);

RnSketch *rn_sketch_new (void);
void rn_sketch_free (RnSketch *sketch);
cairo_t *rn_sketch_get_cairo (RnSketch *sketch);
void rn_sketch_shade (RnSketch *sketch, RnShader shader, gconstpointer data);
void rn_sketch_blur (RnSketch *sketch, double radius);
void rn_sketch_add (RnSketch *sketch, RnSketch *layer, double opacity);
void rn_sketch_add_inside (RnSketch *sketch, RnSketch *layer, double opacity);
void rn_sketch_cast_shadow (
    RnSketch *sketch, RnSketch *thing, double dx, double dy, double radius, double opacity);
void rn_sketch_vignette (RnSketch *sketch, double amount);
cairo_surface_t *rn_sketch_finish (RnSketch *sketch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnSketch, rn_sketch_free)

G_END_DECLS
