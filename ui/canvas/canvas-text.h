/* Texts of the canvas' boxes. */
#pragma once

#include <gtk/gtk.h>

#include "ui/draw/scene.h"

G_BEGIN_DECLS

typedef struct
{
  double size; /* in points of the scene */
  gboolean bold;
  double width; /* where longer text is cut; 0 for anywhere */
} RnTextStyle;

double rn_canvas_text_width (GtkWidget *widget, const char *text, const RnTextStyle *style);
void rn_canvas_snapshot_text (GtkSnapshot *snapshot,
                              GtkWidget *widget,
                              const char *text,
                              const RnTextStyle *style,
                              const GdkRGBA *color,
                              double x,
                              double y);

char *rn_canvas_shape_text (const RnShape *shape);
char *rn_canvas_layer_text (const RnLayer *layer);
char *rn_canvas_folded_text (const RnScene *scene, const RnLayer *layer);
char *rn_canvas_layer_tooltip (const RnModel *model, int layer);
char *rn_canvas_block_text (const RnModel *model, int block);
char *rn_canvas_block_tooltip (const RnModel *model, int block);
char *rn_canvas_part_title (const RnModel *model, int part);
char *rn_canvas_part_text (const RnModel *model, int part);
char *rn_canvas_part_tooltip (const RnModel *model, int part);

G_END_DECLS
