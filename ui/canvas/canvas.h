/* The graph of a model to look at and to move in. */
#pragma once

#include <gtk/gtk.h>

#include "ui/draw/graphic.h"
#include "ui/draw/scene.h"

G_BEGIN_DECLS

#define RN_TYPE_CANVAS (rn_canvas_get_type ())
G_DECLARE_FINAL_TYPE (RnCanvas, rn_canvas, RN, CANVAS, GtkWidget)

/* How much of the Blocks look is shown as one. */
typedef enum
{
  RN_LEVEL_MIXED = -1, /* some of it is, and some is not */
  RN_LEVEL_PARTS,      /* stem, stages and head */
  RN_LEVEL_BLOCKS,
  RN_LEVEL_LAYERS,
  RN_N_LEVELS
} RnLevel;

GtkWidget *rn_canvas_new (void);

RnModel *rn_canvas_get_model (RnCanvas *self);
void rn_canvas_set_model (RnCanvas *self, RnModel *model);
RnLook rn_canvas_get_look (RnCanvas *self);
void rn_canvas_set_look (RnCanvas *self, RnLook look);
gboolean rn_canvas_is_ready (RnCanvas *self);
RnScene *rn_canvas_get_scene (RnCanvas *self);

int rn_canvas_get_selected_layer (RnCanvas *self);
int rn_canvas_get_selected_block (RnCanvas *self);
void rn_canvas_select_layer (RnCanvas *self, int layer);
void rn_canvas_select_block (RnCanvas *self, int block);
int rn_canvas_get_selected_part (RnCanvas *self);
void rn_canvas_select_part (RnCanvas *self, int part);
void rn_canvas_step_out (RnCanvas *self);
gboolean rn_canvas_can_go (RnCanvas *self, int direction);
void rn_canvas_go (RnCanvas *self, int direction);
void rn_canvas_reveal_selection (RnCanvas *self);
gboolean rn_canvas_stands_out (RnCanvas *self, int layer);

gboolean rn_canvas_get_block_open (RnCanvas *self, int block);
void rn_canvas_set_block_open (RnCanvas *self, int block, gboolean open);
gboolean rn_canvas_get_part_open (RnCanvas *self, int part);
void rn_canvas_set_part_open (RnCanvas *self, int part, gboolean open);
RnLevel rn_canvas_get_level (RnCanvas *self);
void rn_canvas_set_level (RnCanvas *self, RnLevel level);
gboolean rn_canvas_get_fold (RnCanvas *self);
void rn_canvas_set_fold (RnCanvas *self, gboolean fold);
gboolean rn_canvas_get_weigh_edges (RnCanvas *self);
void rn_canvas_set_weigh_edges (RnCanvas *self, gboolean weigh);
gboolean rn_canvas_can_undo (RnCanvas *self);
void rn_canvas_undo (RnCanvas *self);

void rn_canvas_begin_run (RnCanvas *self);
void rn_canvas_set_layer_done (RnCanvas *self, int layer, gboolean done);
void rn_canvas_end_run (RnCanvas *self);
void rn_canvas_set_thumbnail (RnCanvas *self, int layer, GdkTexture *texture);
void rn_canvas_set_edits (RnCanvas *self, const char *const *edits);
GdkTexture *rn_canvas_get_thumbnail (RnCanvas *self, int layer);
void rn_canvas_set_marks (RnCanvas *self, const int *layers, int n_layers);
void rn_canvas_reveal_marks (RnCanvas *self);

double rn_canvas_get_zoom (RnCanvas *self);
void rn_canvas_get_view (RnCanvas *self, RnRect *view);
void rn_canvas_zoom_at (RnCanvas *self, double factor, double x, double y);
void rn_canvas_pan (RnCanvas *self, double dx, double dy);
void rn_canvas_fit (RnCanvas *self);
gboolean rn_canvas_get_fits (RnCanvas *self);
void rn_canvas_follow (RnCanvas *self, RnCanvas *from);

RnGraphic *rn_canvas_record (RnCanvas *self, gboolean whole);

G_END_DECLS
