/* The sample pictures, one file each. A scene depends on nothing but the numbers in its file. */
#pragma once

#include "data/samples/sketch.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name; /* of the file, without ".png" */
  void (*draw) (RnSketch *sketch);
} RnScene;

/* All of them, closed by a scene without a name. */
extern const RnScene rn_scenes[];

void rn_draw_gratings (RnSketch *sketch);
void rn_draw_zone_plate (RnSketch *sketch);
void rn_draw_colour_wheel (RnSketch *sketch);
void rn_draw_golf_ball (RnSketch *sketch);
void rn_draw_parachute (RnSketch *sketch);
void rn_draw_chain_saw (RnSketch *sketch);
void rn_draw_church (RnSketch *sketch);
void rn_draw_gas_pump (RnSketch *sketch);
void rn_draw_garbage_truck (RnSketch *sketch);
void rn_draw_french_horn (RnSketch *sketch);
void rn_draw_tench (RnSketch *sketch);
void rn_draw_cassette_player (RnSketch *sketch);

cairo_surface_t *rn_scene_render (const RnScene *scene);

G_END_DECLS
