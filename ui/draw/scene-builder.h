/* How a scene of the Blocks look is put together, item by item. */
#pragma once

#include "ui/draw/scene.h"

G_BEGIN_DECLS

typedef struct
{
  RnScene *scene;
  const RnStructure *structure;
  const RnSceneLevels *levels;
  GArray *edges;   /* of RnSceneEdge */
  GArray *columns; /* of RnSceneColumn */
  double x;        /* left of the column under way */
  double y;
  double spine;        /* x of the column's line */
  double column_width; /* so far */
  int n_rows;
  int last;          /* the layer that flows on, or -1 */
  double last_spine; /* where it stands */
  double last_y;
} RnSceneBuilder;

void rn_scene_builder_add_edge (RnSceneBuilder *self,
                                int from,
                                int to,
                                RnEdgeKind kind,
                                int block,
                                gboolean arrow,
                                GArray *points);
void rn_scene_builder_flow_to (RnSceneBuilder *self, int layer, double x, double y);
void rn_scene_builder_flow_from (RnSceneBuilder *self, int layer, double y);
void rn_scene_builder_place_layer (RnSceneBuilder *self, int layer);
void rn_scene_builder_place_block (RnSceneBuilder *self, int block);
void rn_scene_builder_place_part (RnSceneBuilder *self, int part);

G_END_DECLS
