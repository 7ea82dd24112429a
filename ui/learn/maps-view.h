/* Kernels and features of a network that learns. */
#pragma once

#include <gtk/gtk.h>

#include "ui/learn/learning.h"

G_BEGIN_DECLS

#define RN_TYPE_MAPS_VIEW (rn_maps_view_get_type ())
G_DECLARE_FINAL_TYPE (RnMapsView, rn_maps_view, RN, MAPS_VIEW, GtkWidget)

void rn_maps_view_set_learning (RnMapsView *self,
                                RnLearning *learning,
                                int         run);
void rn_maps_view_update       (RnMapsView *self);

G_END_DECLS
