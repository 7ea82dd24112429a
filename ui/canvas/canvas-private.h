#pragma once

#include "ui/canvas/canvas.h"
#include "ui/canvas/palette.h"

G_BEGIN_DECLS

/* Where the scene lies in the widget: widget = scene * zoom + (x, y). */
typedef struct
{
  double zoom;
  double x, y;
} RnView;

typedef enum
{
  RN_FIT_NONE,  /* the person moved it */
  RN_FIT_WHOLE, /* everything is in sight, whatever the widget's size */
  RN_FIT_WIDTH, /* as wide as the widget, from the top */
} RnFit;

/* How a layer stands to what is selected. */
typedef enum
{
  RN_KIN_NONE,
  RN_KIN_SELECTED,  /* it belongs to it */
  RN_KIN_NEIGHBOUR, /* it feeds it, or is fed by it */
} RnKin;

/* What is drawn of the edits; see canvas-edits.c. */
typedef struct _RnCanvasEdits RnCanvasEdits;

struct _RnCanvas
{
  GtkWidget parent_instance;

  /* What is shown. */
  RnModel *model;
  RnLook look;
  RnScene *scene;       /* where things are to be; of the model but while a layout is under way */
  RnScene *shown;       /* what is drawn: the scene, or one on the way to it */
  RnScene *motion_from; /* while there is motion */
  gint64 motion_start;
  GCancellable *layout;
  gboolean *open;         /* for each block of the model */
  gboolean *closed_parts; /* for each part of the model */
  gboolean fold;          /* batch norm and ReLU into their convolution */
  gboolean weigh_edges;   /* by the size of what flows */
  gboolean ready;         /* the scene is that of model and look */

  /* View. */
  RnView view;
  RnFit fit;
  RnView view_from, view_to; /* while the view moves */
  gint64 view_start;         /* 0: it does not */
  guint tick;
  gint64 zoomed_at;  /* when the zoom last changed */
  guint refine;      /* source that draws finely once zooming has stopped */

  /* Selection. */
  int selected_layer, selected_block, selected_part; /* one of them at most; else -1 */
  RnScenePlace hovered;
  GHashTable *marks; /* of layers */
  RnCanvasEdits *edits; /* NULL: none */
  GArray *history;   /* of RnScenePlace: what was selected, oldest first */
  int history_at;    /* the selection's place in it, or -1 */
  GPtrArray *undo;   /* of RnViewState, oldest first */

  /* Run. */
  int n_model_layers; /* of the arrays here */
  gboolean running;
  guint8 *done;      /* for each layer */
  gint64 *done_time; /* when it lit up */
  GdkTexture **thumbnails;
  GskRenderNode **thumbnail_nodes; /* of a unit square, made when first drawn */

  /* What does not change from frame to frame. */
  RnPalette palette;
  GskRenderNode **layer_nodes;
  GskRenderNode **block_nodes;
  GskRenderNode **part_nodes;
  GskRenderNode **column_nodes;
  GskRenderNode **edge_nodes;
  GskRenderNode **arrow_nodes;
  GskRenderNode *map_node;
  int n_layers, n_blocks, n_parts, n_columns, n_edges; /* of the arrays above */

  /* Input. */
  double pointer_x, pointer_y;
  gboolean dragging, dragging_map;
  double drag_x, drag_y;
  double pinch_zoom;
};

#define RN_NO_PLACE ((RnScenePlace){ -1, -1, -1 })

#define RN_MOTION_US (220 * 1000)
#define RN_FLASH_US G_GINT64_CONSTANT (600000)
#define RN_ARROW_SIZE 6.5
#define RN_MIN_ZOOM 0.02
#define RN_MAX_ZOOM 12.0

void rn_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot);
void rn_canvas_drop_nodes (RnCanvas *self);
void rn_canvas_drop_edge_nodes (RnCanvas *self);
void rn_canvas_update_scene (RnCanvas *self);
gboolean rn_canvas_shows_model (RnCanvas *self);

void rn_canvas_set_selection (RnCanvas *self, RnScenePlace place);
void rn_canvas_activate_layer (RnCanvas *self, int layer);
RnKin *rn_canvas_find_kin (RnCanvas *self);
void rn_canvas_announce_levels (RnCanvas *self);
void rn_canvas_start_levels (RnCanvas *self);
void rn_canvas_clear_levels (RnCanvas *self);

typedef struct _RnViewState RnViewState;

void rn_canvas_remember_selection (RnCanvas *self);
void rn_canvas_remember_view (RnCanvas *self);
void rn_canvas_clear_history (RnCanvas *self);
void rn_canvas_init_history (RnCanvas *self);

void rn_canvas_add_controllers (RnCanvas *self);
void rn_canvas_class_add_keys (GtkWidgetClass *widget_class);

gboolean rn_canvas_to_scene (RnCanvas *self, double x, double y, RnPoint *point);
void rn_canvas_set_view (RnCanvas *self, RnView view, gboolean animate);
void rn_canvas_start_tick (RnCanvas *self);
void rn_canvas_apply_fit (RnCanvas *self, gboolean animate);
void rn_canvas_keep_part (RnCanvas *self, const RnScene *from);
gboolean rn_canvas_get_map (RnCanvas *self, RnRect *map);
gboolean rn_canvas_can_animate (RnCanvas *self);

void rn_canvas_append_row_box (RnCanvas *self,
                               GtkSnapshot *snapshot,
                               int layer,
                               const RnRect *bounds);
GskRenderNode *rn_canvas_make_layer_node (RnCanvas *self, int layer);
GskRenderNode *rn_canvas_make_block_node (RnCanvas *self, int block);
GskRenderNode *rn_canvas_make_part_node (RnCanvas *self, int part);
GskRenderNode *rn_canvas_make_column_node (RnCanvas *self, int column);
GskRenderNode *rn_canvas_make_plot_node (RnCanvas *self, int layer);
GskRenderNode *rn_canvas_make_edge_node (RnCanvas *self, int edge, gboolean strong);
GskRenderNode *rn_canvas_make_arrow_node (RnCanvas *self, int edge, gboolean strong);
GskRenderNode *rn_canvas_make_map_node (RnCanvas *self);

G_END_DECLS
