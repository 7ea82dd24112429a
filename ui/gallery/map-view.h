/* One map enlarged, each value a square: the pointer or the arrow keys pick a unit. */
#pragma once

#include <gtk/gtk.h>

#include "ui/gallery/maps.h"

G_BEGIN_DECLS

#define RN_TYPE_MAP_VIEW (rn_map_view_get_type ())
G_DECLARE_FINAL_TYPE (RnMapView, rn_map_view, RN, MAP_VIEW, GtkWidget)

void     rn_map_view_set_map     (RnMapView  *self,
                                  RnMaps     *maps,
                                  int         channel,
                                  GdkTexture *texture);
gboolean rn_map_view_get_pointed (RnMapView  *self,
                                  int        *y,
                                  int        *x);

G_END_DECLS
