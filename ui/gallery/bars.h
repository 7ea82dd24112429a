/* The numbers of a vector as bars. */
#pragma once

#include <gtk/gtk.h>

#include "ui/gallery/maps.h"

G_BEGIN_DECLS

#define RN_TYPE_BARS (rn_bars_get_type ())
G_DECLARE_FINAL_TYPE (RnBars, rn_bars, RN, BARS, GtkWidget)

void rn_bars_set_maps (RnBars *self,
                       RnMaps *maps);

G_END_DECLS
