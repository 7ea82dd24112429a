/* The graph of a model to look at and to move in. */
#pragma once

#include <gtk/gtk.h>

#include "ui/draw/scene.h"

G_BEGIN_DECLS

#define RN_TYPE_CANVAS (rn_canvas_get_type ())
G_DECLARE_FINAL_TYPE (RnCanvas, rn_canvas, RN, CANVAS, GtkWidget)

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
void rn_canvas_reveal_selection (RnCanvas *self);

gboolean rn_canvas_get_block_open (RnCanvas *self, int block);
void rn_canvas_set_block_open (RnCanvas *self, int block, gboolean open);
void rn_canvas_set_all_open (RnCanvas *self, gboolean open);

void rn_canvas_begin_run (RnCanvas *self);
void rn_canvas_set_layer_done (RnCanvas *self, int layer, gboolean done);
void rn_canvas_end_run (RnCanvas *self);
void rn_canvas_set_thumbnail (RnCanvas *self, int layer, GdkTexture *texture);
void rn_canvas_set_edits (RnCanvas *self, const char *const *edits);
void rn_canvas_set_marks (RnCanvas *self, const int *layers, int n_layers);

double rn_canvas_get_zoom (RnCanvas *self);
void rn_canvas_get_view (RnCanvas *self, RnRect *view);
void rn_canvas_zoom_at (RnCanvas *self, double factor, double x, double y);
void rn_canvas_pan (RnCanvas *self, double dx, double dy);
void rn_canvas_fit (RnCanvas *self);

G_END_DECLS
