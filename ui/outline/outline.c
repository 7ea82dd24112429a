#include "ui/outline/outline.h"

#include "ui/outline/outline-item.h"
#include "ui/outline/outline-row.h"

struct _RnOutline
{
  GtkWidget parent_instance;

  /* template */
  GtkListView *list;

  /* owned */
  RnDocument *document;
  GtkTreeListModel *tree;
  GtkSingleSelection *selection;

  gboolean following; /* the list is being made to show the document's selection */
};

G_DEFINE_FINAL_TYPE (RnOutline, rn_outline, GTK_TYPE_WIDGET)

static GListModel *
list_children (gpointer item, gpointer data)
{
  GListModel *children = rn_outline_item_get_children (item);

  return children != NULL ? g_object_ref (children) : NULL;
}

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *list_item, RnOutline *self)
{
  GtkWidget *expander = gtk_tree_expander_new ();

  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), rn_outline_row_new ());
  gtk_list_item_set_child (list_item, expander);
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *list_item, RnOutline *self)
{
  GtkTreeExpander *expander = GTK_TREE_EXPANDER (gtk_list_item_get_child (list_item));
  GtkTreeListRow *row = gtk_list_item_get_item (list_item);
  g_autoptr (RnOutlineItem) item = gtk_tree_list_row_get_item (row);

  gtk_tree_expander_set_list_row (expander, row);
  rn_outline_row_set_item (RN_OUTLINE_ROW (gtk_tree_expander_get_child (expander)), item);
}

static void
on_unbind (GtkSignalListItemFactory *factory, GtkListItem *list_item, RnOutline *self)
{
  gtk_tree_expander_set_list_row (GTK_TREE_EXPANDER (gtk_list_item_get_child (list_item)), NULL);
}

/* Enter or a double click opens and closes what has something inside. */
static void
on_activate (RnOutline *self, guint position)
{
  g_autoptr (GtkTreeListRow) row = gtk_tree_list_model_get_row (self->tree, position);

  if (row != NULL && gtk_tree_list_row_is_expandable (row))
    gtk_tree_list_row_set_expanded (row, !gtk_tree_list_row_get_expanded (row));
}

static void
on_selected (RnOutline *self)
{
  GtkTreeListRow *row = gtk_single_selection_get_selected_item (self->selection);
  g_autoptr (RnOutlineItem) item = NULL;

  if (self->following || row == NULL)
    return;

  item = gtk_tree_list_row_get_item (row);
  if (rn_outline_item_get_layer (item) >= 0)
    rn_document_select_layer (self->document, rn_outline_item_get_layer (item));
  else if (rn_outline_item_get_block (item) >= 0)
    rn_document_select_block (self->document, rn_outline_item_get_block (item));
  else
    gtk_tree_list_row_set_expanded (row, TRUE);
}

/* The row of a layer or block, after all that holds it has been opened. */
static guint
open_to (RnOutline *self, RnSelection selection)
{
  guint i = 0;

  while (i < g_list_model_get_n_items (G_LIST_MODEL (self->tree)))
    {
      g_autoptr (GtkTreeListRow) row = gtk_tree_list_model_get_row (self->tree, i);
      g_autoptr (RnOutlineItem) item = gtk_tree_list_row_get_item (row);

      if (rn_outline_item_contains (item, selection.layer, selection.block))
        {
          if (selection.layer >= 0 ? rn_outline_item_get_layer (item) == selection.layer
                                   : rn_outline_item_get_block (item) == selection.block)
            return i;
          gtk_tree_list_row_set_expanded (row, TRUE);
        }
      i++;
    }

  return GTK_INVALID_LIST_POSITION;
}

static void
follow_selection (RnOutline *self)
{
  RnSelection selection = rn_document_get_selection (self->document);
  guint position = GTK_INVALID_LIST_POSITION;

  if (self->tree == NULL)
    return;

  self->following = TRUE;
  if (selection.layer >= 0 || selection.block >= 0)
    position = open_to (self, selection);
  if (position != gtk_single_selection_get_selected (self->selection))
    {
      gtk_single_selection_set_selected (self->selection, position);
      if (position != GTK_INVALID_LIST_POSITION)
        gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
    }
  self->following = FALSE;
}

static void
show_model (RnOutline *self)
{
  RnModel *model = rn_document_get_model (self->document);

  self->following = TRUE;
  gtk_list_view_set_model (self->list, NULL);
  g_clear_object (&self->selection);
  self->tree = NULL;
  if (model != NULL)
    {
      self->tree = gtk_tree_list_model_new (rn_outline_item_list (model), FALSE, FALSE,
                                            list_children, NULL, NULL);
      self->selection = gtk_single_selection_new (G_LIST_MODEL (self->tree));
      gtk_single_selection_set_autoselect (self->selection, FALSE);
      gtk_single_selection_set_can_unselect (self->selection, TRUE);
      gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
      g_signal_connect_swapped (self->selection, "notify::selected", G_CALLBACK (on_selected),
                                self);
      gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
    }
  self->following = FALSE;
  follow_selection (self);
}

static void
rn_outline_dispose (GObject *object)
{
  RnOutline *self = RN_OUTLINE (object);
  GtkWidget *child;

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_object (&self->document);
  g_clear_object (&self->selection);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (rn_outline_parent_class)->dispose (object);
}

static void
rn_outline_class_init (RnOutlineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_outline_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/outline/outline.ui");
  gtk_widget_class_bind_template_child (widget_class, RnOutline, list);
  gtk_widget_class_bind_template_callback (widget_class, on_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_unbind);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
}

static void
rn_outline_init (RnOutline *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
rn_outline_set_document (RnOutline *self, RnDocument *document)
{
  g_return_if_fail (RN_IS_OUTLINE (self) && RN_IS_DOCUMENT (document));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  g_signal_connect_swapped (document, "notify::model", G_CALLBACK (show_model), self);
  g_signal_connect_swapped (document, "notify::selected-layer", G_CALLBACK (follow_selection),
                            self);
  g_signal_connect_swapped (document, "notify::selected-block", G_CALLBACK (follow_selection),
                            self);
  show_model (self);
}

/* Returns: (transfer full) (nullable): the title of the row that is selected */
char *
rn_outline_get_selected_title (RnOutline *self)
{
  GtkTreeListRow *row
      = self->selection != NULL ? gtk_single_selection_get_selected_item (self->selection) : NULL;
  g_autoptr (RnOutlineItem) item = row != NULL ? gtk_tree_list_row_get_item (row) : NULL;

  return item != NULL ? g_strdup (rn_outline_item_get_title (item)) : NULL;
}
