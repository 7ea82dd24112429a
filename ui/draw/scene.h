/* Where everything of a model stands on the canvas, in one of its looks. */
#pragma once

#include "engine/model/model.h"
#include "ui/draw/graph-layout.h"

G_BEGIN_DECLS

typedef enum
{
  RN_LOOK_BLOCKS, /* ours: stages side by side, their blocks below each other */
  RN_LOOK_KERAS2, /* plot_model's of Keras 2 */
  RN_LOOK_KERAS3, /* plot_model's of Keras 3 */
  RN_N_LOOKS
} RnLook;

/**
 * RnSceneLayer:
 * @bounds: its box
 * @thumbnail: where its picture goes; width 0 where none does
 * @visible: FALSE inside a closed block or part, and where it is folded into another layer
 * @host: the layer in whose box it stands: itself, or the convolution it is folded into
 */
typedef struct
{
  RnRect bounds;
  RnRect thumbnail;
  gboolean visible;
  int host;
} RnSceneLayer;

/**
 * RnSceneBlock:
 * @frame: the box around it
 * @header: where its label stands
 * @thumbnail: where a closed block shows the picture of its output
 * @sum: the centre of a closed block's plus sign
 * @open: whether its layers are visible
 * @visible: FALSE inside a closed part
 */
typedef struct
{
  RnRect frame;
  RnRect header;
  RnRect thumbnail;
  RnPoint sum;
  gboolean open;
  gboolean visible;
} RnSceneBlock;

/**
 * RnScenePart:
 * @frame: of a closed part its card; of an open one where its titles stand; width 0 where it has no
 *   layers, and in plots
 * @thumbnail: where a closed part shows the picture of its output
 * @first: its first layer
 * @last: its last layer
 * @open: whether its blocks and layers are visible
 *
 * Stem, stages and head, in this order.
 */
typedef struct
{
  RnRect frame;
  RnRect thumbnail;
  int first, last;
  gboolean open;
} RnScenePart;

/* A part of the network with its title above; a long part has several columns. */
typedef struct
{
  int part;
  char *title;
  char *subtitle;
  RnRect header;
} RnSceneColumn;

/**
 * RnSceneLevels:
 * @open_blocks: (nullable): for each block whether its layers are shown; %NULL for none
 * @closed_parts: (nullable): for each part whether it is shown as one; %NULL for none
 * @fold: whether batch norm and ReLU stand in the box of the convolution that they follow
 */
typedef struct
{
  const gboolean *open_blocks;
  const gboolean *closed_parts;
  gboolean fold;
} RnSceneLevels;

/**
 * RnScenePlace:
 *
 * What stands for a layer on the screen: one of them is set, the others are -1.
 */
typedef struct
{
  int layer;
  int block;
  int part;
} RnScenePlace;

typedef enum
{
  RN_EDGE_FLOW,       /* from one layer to the next */
  RN_EDGE_IDENTITY,   /* a shortcut that leaves its input as it is */
  RN_EDGE_PROJECTION, /* a shortcut through layers */
} RnEdgeKind;

/**
 * RnSceneEdge:
 * @from: the layer whose output flows
 * @to: the layer that takes it
 * @block: the block whose shortcut this is part of, or -1
 * @arrow: whether it ends in an arrowhead
 * @points: 3n + 1 points of cubic Bézier curves that follow one another
 * @bounds: a box that holds it
 */
typedef struct
{
  int from;
  int to;
  int block;
  RnEdgeKind kind;
  gboolean arrow;
  int n_points;
  RnPoint *points;
  RnRect bounds;
} RnSceneEdge;

/**
 * RnScene:
 * @width: of the whole
 * @height: likewise
 * @layers: one for each layer of the model
 * @blocks: one for each block of its structure
 * @parts: stem, stages and head
 * @plot: of the Keras looks, what to draw; else %NULL
 *
 * Units are points of the screen at zoom 1, from the top left. Immutable, reference-counted; may be
 * shared between threads.
 */
typedef struct
{
  RnModel *model;
  RnLook look;
  double width;
  double height;
  int n_layers;
  RnSceneLayer *layers;
  int n_blocks;
  RnSceneBlock *blocks;
  int n_parts;
  RnScenePart *parts;
  int n_columns;
  RnSceneColumn *columns;
  int n_edges;
  RnSceneEdge *edges;
  RnGraphLayout *plot;

  /*< private >*/
  gint ref_count;
} RnScene;

RnScene *rn_scene_new_blocks (RnModel *model, const RnSceneLevels *levels);
RnScene *rn_scene_new_plot (RnModel *model, RnLook look, GError **error);
RnScene *rn_scene_interpolate (RnScene *from, RnScene *to, double progress);
RnScene *rn_scene_ref (RnScene *self);
void rn_scene_unref (RnScene *self);

int rn_scene_find_layer (const RnScene *self, double x, double y);
int rn_scene_find_block (const RnScene *self, double x, double y);
int rn_scene_find_edge (const RnScene *self, double x, double y, double distance);
int rn_scene_find_part (const RnScene *self, double x, double y);
RnScenePlace rn_scene_get_place (const RnScene *self, int layer);
gboolean rn_scene_place_equal (RnScenePlace a, RnScenePlace b);
RnRect rn_scene_get_place_bounds (const RnScene *self, RnScenePlace place);
RnRect rn_scene_get_layer_bounds (const RnScene *self, int layer);
int rn_scene_get_fold_end (const RnScene *self, int layer);

int rn_structure_get_n_parts (const RnStructure *structure);
int rn_structure_find_part (const RnStructure *structure, int layer);

gboolean rn_rect_contains (const RnRect *rect, double x, double y);
gboolean rn_rect_intersects (const RnRect *a, const RnRect *b);
RnRect rn_rect_union (const RnRect *a, const RnRect *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RnScene, rn_scene_unref)

G_END_DECLS
