/* The list in which the rows of two graphs stand. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkSingleSelection *rn_aligned_list_set_up    (GtkListView *list);
void                rn_aligned_list_scroll_to (GtkListView *list,
                                               guint        position);

G_END_DECLS
