/* A difference in the list beside the graphs. */
#pragma once

#include <gtk/gtk.h>

#include "engine/model/comparison.h"

G_BEGIN_DECLS

GtkWidget *rn_difference_row_new (const RnDifference *difference);

G_END_DECLS
