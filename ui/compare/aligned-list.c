#include "ui/compare/aligned-list.h"

#include "ui/compare/aligned-cell.h"

static void
on_setup_row (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  gtk_list_item_set_child (item, rn_aligned_cell_new ());
}

static void
on_bind_row (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  rn_aligned_cell_set_row (RN_ALIGNED_CELL (gtk_list_item_get_child (item)),
                           gtk_list_item_get_item (item));
}

/* Gives the list its cells. Returns: (transfer full): what is selected in it, still without rows */
GtkSingleSelection *
rn_aligned_list_set_up (GtkListView *list)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkSingleSelection *selection = gtk_single_selection_new (NULL);

  gtk_single_selection_set_autoselect (selection, FALSE);
  gtk_single_selection_set_can_unselect (selection, TRUE);
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup_row), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind_row), NULL);
  gtk_list_view_set_factory (list, factory);
  gtk_list_view_set_model (list, GTK_SELECTION_MODEL (selection));
  gtk_list_view_set_single_click_activate (list, TRUE);

  return selection;
}

/* Selects a row and brings it into sight. */
void
rn_aligned_list_scroll_to (GtkListView *list, guint position)
{
  gtk_single_selection_set_selected (GTK_SINGLE_SELECTION (gtk_list_view_get_model (list)),
                                     position);
  gtk_widget_activate_action (GTK_WIDGET (list), "list.scroll-to-item", "u", position);
}
