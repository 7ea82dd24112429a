#include "ui/sheet/sheet.h"

#include <glib/gi18n.h>

#include "engine/formats/keras-code.h"
#include "engine/model/number.h"
#include "engine/model/summary.h"
#include "ui/sheet/summary-row.h"

struct _RnSheet
{
  GtkWindow parent_instance;

  /* template */
  GtkStack *stack;
  GtkColumnView *table;
  GtkLabel *totals;
  GtkToggleButton *selected_button;
  GtkToggleButton *whole_button;
  GtkLabel *what;
  GtkTextView *code;

  /* owned */
  RnDocument *document;
  GListStore *rows; /* of RnSummaryRow */
  GtkSingleSelection *selection;
  char *text; /* the code that is shown */
  gboolean following;
};

G_DEFINE_FINAL_TYPE (RnSheet, rn_sheet, GTK_TYPE_WINDOW)

/* The code of what is selected, or of all; a sentence where there is none. */
static char *
make_code (RnSheet *self, RnModel *model)
{
  RnSelection selection = rn_document_get_selection (self->document);
  g_autoptr (GError) error = NULL;
  char *code;

  if (gtk_toggle_button_get_active (self->whole_button))
    code = rn_model_to_keras_code (model, &error);
  else if (selection.layer >= 0)
    code = rn_model_layer_to_keras_code (model, selection.layer, &error);
  else if (selection.block >= 0)
    code = rn_model_block_to_keras_code (model, selection.block, &error);
  else
    code = g_strdup (_ ("# Select a layer or a block in the graph.\n"));

  return code != NULL ? code : g_strdup_printf ("# %s\n", error->message);
}

static void
show_code (RnSheet *self)
{
  RnModel *model = self->document != NULL ? rn_document_get_model (self->document) : NULL;

  g_clear_pointer (&self->text, g_free);
  self->text = model != NULL ? make_code (self, model) : g_strdup ("");
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->code), self->text, -1);
}

static void
scroll_to_selection (RnSheet *self)
{
  guint selected = gtk_single_selection_get_selected (self->selection);

  if (selected != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action (gtk_widget_get_last_child (GTK_WIDGET (self->table)),
                                "list.scroll-to-item", "u", selected);
}

/* Before the table has a size there is nothing to scroll. */
static gboolean
on_tick (GtkWidget *table, GdkFrameClock *clock, gpointer data)
{
  if (gtk_widget_get_height (table) == 0)
    return G_SOURCE_CONTINUE;
  scroll_to_selection (data);

  return G_SOURCE_REMOVE;
}

static void
on_table_map (RnSheet *self)
{
  gtk_widget_add_tick_callback (GTK_WIDGET (self->table), on_tick, self, NULL);
}

static void
follow_selection (RnSheet *self)
{
  RnSelection selection = rn_document_get_selection (self->document);

  show_code (self);
  if (self->following)
    return;
  self->following = TRUE;
  gtk_single_selection_set_selected (self->selection, selection.layer >= 0
                                                          ? (guint) selection.layer
                                                          : GTK_INVALID_LIST_POSITION);
  if (selection.layer >= 0 && gtk_widget_get_mapped (GTK_WIDGET (self->table)))
    scroll_to_selection (self);
  self->following = FALSE;
}

static void
on_row_selected (RnSheet *self)
{
  RnSummaryRow *row = gtk_single_selection_get_selected_item (self->selection);

  if (self->following || row == NULL)
    return;
  self->following = TRUE;
  rn_document_select_layer (self->document, rn_summary_row_get_layer (row));
  self->following = FALSE;
}

static void
show_totals (RnSheet *self, RnModel *model)
{
  g_autofree char *total = rn_number_to_string (rn_model_get_n_parameters (model));
  g_autofree char *trainable = rn_number_to_string (rn_model_get_n_trainable (model));
  g_autofree char *fixed = rn_number_to_string (rn_model_get_n_non_trainable (model));
  g_autofree char *text
      = g_strdup_printf (_ ("Total params: %s\nTrainable params: %s\nNon-trainable params: %s"),
                         total, trainable, fixed);

  gtk_label_set_label (self->totals, text);
}

static void
show_model (RnSheet *self)
{
  RnModel *model = rn_document_get_model (self->document);
  int n = model != NULL ? rn_model_get_n_layers (model) : 0;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);

  for (int i = 0; i < n; i++)
    g_ptr_array_add (rows, rn_summary_row_new (model, i));
  self->following = TRUE;
  g_list_store_splice (self->rows, 0, g_list_model_get_n_items (G_LIST_MODEL (self->rows)),
                       rows->pdata, rows->len);
  self->following = FALSE;
  gtk_label_set_label (self->what, model != NULL ? rn_model_get_title (model) : "");
  if (model != NULL)
    show_totals (self, model);
  follow_selection (self);
}

static void
do_copy (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RnSheet *self = RN_SHEET (widget);
  RnModel *model = rn_document_get_model (self->document);
  g_autofree char *summary = NULL;

  if (model == NULL)
    return;
  if (rn_sheet_shows_code (self))
    {
      gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), self->text);
      return;
    }
  summary = rn_model_to_summary (model);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), summary);
}

static void
on_setup_cell (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  gtk_list_item_set_child (item, g_object_new (GTK_TYPE_LABEL, "xalign",
                                               GPOINTER_TO_INT (column) == RN_SUMMARY_PARAMETERS
                                                   ? 1.0
                                                   : 0.0,
                                               NULL));
}

static void
on_bind_cell (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  g_autofree char *text
      = rn_summary_row_get_text (gtk_list_item_get_item (item), GPOINTER_TO_INT (column));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

/* The headings are model.summary()'s own. */
static void
add_columns (RnSheet *self)
{
  static const char *const titles[]
      = { "Layer (type)", "Output Shape", "Param #", "Connected to" };

  for (int i = 0; i < RN_N_SUMMARY_COLUMNS; i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new (titles[i], factory);

      g_signal_connect (factory, "setup", G_CALLBACK (on_setup_cell), GINT_TO_POINTER (i));
      g_signal_connect (factory, "bind", G_CALLBACK (on_bind_cell), GINT_TO_POINTER (i));
      gtk_column_view_column_set_resizable (column, TRUE);
      gtk_column_view_column_set_expand (column, i == 0 || i == RN_N_SUMMARY_COLUMNS - 1);
      gtk_column_view_append_column (self->table, column);
    }
}

static void
do_show_page (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_stack_set_visible_child_name (RN_SHEET (widget)->stack, g_variant_get_string (parameter, NULL));
}

static void
rn_sheet_dispose (GObject *object)
{
  RnSheet *self = RN_SHEET (object);

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  g_clear_object (&self->selection);
  g_clear_object (&self->rows);
  g_clear_pointer (&self->text, g_free);

  G_OBJECT_CLASS (rn_sheet_parent_class)->dispose (object);
}

static void
rn_sheet_class_init (RnSheetClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_sheet_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/sheet/sheet.ui");
  gtk_widget_class_bind_template_child (widget_class, RnSheet, stack);
  gtk_widget_class_bind_template_child (widget_class, RnSheet, table);
  gtk_widget_class_bind_template_child (widget_class, RnSheet, totals);
  gtk_widget_class_bind_template_child (widget_class, RnSheet, selected_button);
  gtk_widget_class_bind_template_child (widget_class, RnSheet, whole_button);
  gtk_widget_class_bind_template_child (widget_class, RnSheet, what);
  gtk_widget_class_bind_template_child (widget_class, RnSheet, code);
  gtk_widget_class_bind_template_callback (widget_class, show_code);
  gtk_widget_class_install_action (widget_class, "sheet.copy", NULL, do_copy);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c,
                                       GDK_CONTROL_MASK | GDK_SHIFT_MASK, "sheet.copy", NULL);
  gtk_widget_class_install_action (widget_class, "sheet.show-page", "s", do_show_page);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_m, GDK_CONTROL_MASK,
                                       "sheet.show-page", "s", "summary");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_k, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "sheet.show-page", "s", "code");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
rn_sheet_init (RnSheet *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->table, "map", G_CALLBACK (on_table_map), self);
  self->rows = g_list_store_new (RN_TYPE_SUMMARY_ROW);
  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->rows)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_column_view_set_model (self->table, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_swapped (self->selection, "notify::selected", G_CALLBACK (on_row_selected),
                            self);
  add_columns (self);
}

/* Returns: (transfer none): a window of its own, not yet shown */
RnSheet *
rn_sheet_new (RnDocument *document)
{
  RnSheet *self = g_object_new (RN_TYPE_SHEET, "title", _ ("Model"), NULL);

  self->document = g_object_ref (document);
  g_signal_connect_swapped (document, "notify::model", G_CALLBACK (show_model), self);
  g_signal_connect_swapped (document, "notify::selected-layer", G_CALLBACK (follow_selection),
                            self);
  g_signal_connect_swapped (document, "notify::selected-block", G_CALLBACK (follow_selection),
                            self);
  show_model (self);

  return self;
}

void
rn_sheet_show_page (RnSheet *self, RnSheetPage page)
{
  g_return_if_fail (RN_IS_SHEET (self));

  gtk_stack_set_visible_child_name (self->stack, page == RN_SHEET_CODE ? "code" : "summary");
  gtk_window_present (GTK_WINDOW (self));
}

/* Whether its page is the code's, rather than the summary's. */
gboolean
rn_sheet_shows_code (RnSheet *self)
{
  g_return_val_if_fail (RN_IS_SHEET (self), FALSE);

  return g_str_equal (gtk_stack_get_visible_child_name (self->stack), "code");
}

/* Whether the code is of the whole model, rather than of what is selected. */
void
rn_sheet_set_whole_code (RnSheet *self, gboolean whole)
{
  g_return_if_fail (RN_IS_SHEET (self));

  gtk_toggle_button_set_active (whole ? self->whole_button : self->selected_button, TRUE);
}

/* Returns: the code that is shown */
const char *
rn_sheet_get_code (RnSheet *self)
{
  g_return_val_if_fail (RN_IS_SHEET (self), NULL);

  return self->text;
}

/* Returns: (transfer none): the rows of the table, RnSummaryRow, and which of them is selected */
GtkSelectionModel *
rn_sheet_get_rows (RnSheet *self)
{
  g_return_val_if_fail (RN_IS_SHEET (self), NULL);

  return GTK_SELECTION_MODEL (self->selection);
}
