#include "data/samples/scenes.h"

const RnScene rn_scenes[] = {
  { "gratings", rn_draw_gratings },
  { "zone-plate", rn_draw_zone_plate },
  { "colour-wheel", rn_draw_colour_wheel },
  { "golf-ball", rn_draw_golf_ball },
  { "parachute", rn_draw_parachute },
  { "chain-saw", rn_draw_chain_saw },
  { "church", rn_draw_church },
  { "gas-pump", rn_draw_gas_pump },
  { "garbage-truck", rn_draw_garbage_truck },
  { "french-horn", rn_draw_french_horn },
  { "tench", rn_draw_tench },
  { "cassette-player", rn_draw_cassette_player },
  { NULL, NULL },
};

/* Returns: (transfer full): the scene as an RGB24 image surface, RN_SKETCH_SIZE each way */
cairo_surface_t *
rn_scene_render (const RnScene *scene)
{
  g_autoptr (RnSketch) sketch = rn_sketch_new ();

  scene->draw (sketch);
  return rn_sketch_finish (sketch);
}
