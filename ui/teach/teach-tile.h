/* A picture of a class as a small tile, marked where it is taken for another class. */
#pragma once

#include <gtk/gtk.h>

#include "ui/teach/teach-picture.h"

G_BEGIN_DECLS

#define RN_TYPE_TEACH_TILE (rn_teach_tile_get_type ())
G_DECLARE_FINAL_TYPE (RnTeachTile, rn_teach_tile, RN, TEACH_TILE, GtkFlowBoxChild)

GtkWidget      *rn_teach_tile_new         (RnTeachPicture *picture);
RnTeachPicture *rn_teach_tile_get_picture (RnTeachTile    *self);
gboolean        rn_teach_tile_is_wrong    (RnTeachTile    *self);

G_END_DECLS
