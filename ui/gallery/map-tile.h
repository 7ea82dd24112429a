/* One map of a gallery. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RN_TYPE_MAP_TILE (rn_map_tile_get_type ())
G_DECLARE_FINAL_TYPE (RnMapTile, rn_map_tile, RN, MAP_TILE, GtkWidget)

/* Room around the map for its outline. */
#define RN_MAP_TILE_BORDER 2

GtkWidget *rn_map_tile_new       (void);
void       rn_map_tile_set       (RnMapTile  *self,
                                  GdkTexture *texture,
                                  const char *label,
                                  int         position,
                                  int         n_positions);
void       rn_map_tile_set_state (RnMapTile  *self,
                                  gboolean    selected,
                                  gboolean    hovered);

G_END_DECLS
