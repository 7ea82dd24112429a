#include "ui/weights/weights-dialog.h"

#include <glib/gi18n.h>

#include "ui/window/child-window.h"

struct _RnWeightsDialog
{
  GtkWindow parent_instance;

  /* template */
  GtkListBox *list;
  GtkEditable *mirror;
  GtkLabel *place;
  GtkLabel *trouble;

  /* owned */
  RnWeightsStore *store;
  RnDocument *document;
};

G_DEFINE_FINAL_TYPE (RnWeightsDialog, rn_weights_dialog, GTK_TYPE_WINDOW)

static const char *
get_section (RnWeightsKind kind)
{
  switch (kind)
    {
    case RN_WEIGHTS_BUNDLED:
      return _ ("Bundled with the program");
    case RN_WEIGHTS_PUBLISHED:
      return _ ("Published for ImageNet: fetched when you ask for it");
    case RN_WEIGHTS_RECENT:
      return _ ("Opened before");
    case RN_WEIGHTS_PICTURES: /* no row of the list */
    default:
      g_assert_not_reached ();
    }
}

/* A title above the first row of each kind. */
static void
update_header (GtkListBoxRow *row, GtkListBoxRow *before, gpointer unused)
{
  RnWeightsKind kind = rn_weights_item_get_kind (rn_weights_row_get_item (RN_WEIGHTS_ROW (row)));

  if (before != NULL
      && rn_weights_item_get_kind (rn_weights_row_get_item (RN_WEIGHTS_ROW (before))) == kind)
    gtk_list_box_row_set_header (row, NULL);
  else
    gtk_list_box_row_set_header (
        row, g_object_new (GTK_TYPE_LABEL, "label", get_section (kind), "xalign", 0.0, "css-classes",
                           (const char *const[]) { "section", "weights-section", NULL }, NULL));
}

static GtkWidget *
create_row (gpointer item, gpointer data)
{
  RnWeightsDialog *self = data;

  return rn_weights_row_new (item, self->store, self->document);
}

static gboolean
on_escape (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  gtk_window_close (GTK_WINDOW (widget));

  return TRUE;
}

static void
rn_weights_dialog_dispose (GObject *object)
{
  RnWeightsDialog *self = RN_WEIGHTS_DIALOG (object);

  g_clear_object (&self->document);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (rn_weights_dialog_parent_class)->dispose (object);
}

static void
rn_weights_dialog_class_init (RnWeightsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_weights_dialog_dispose;
  g_type_ensure (RN_TYPE_WEIGHTS_ROW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/weights/weights-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RnWeightsDialog, list);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsDialog, mirror);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsDialog, place);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsDialog, trouble);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, on_escape, NULL);
}

static void
rn_weights_dialog_init (RnWeightsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->list, update_header, NULL, NULL);
}

/**
 * rn_weights_dialog_new:
 * @parent: the window that shows @document
 *
 * What is being fetched goes on when the dialog is closed.
 */
GtkWindow *
rn_weights_dialog_new (GtkWindow *parent, RnWeightsStore *store, RnDocument *document)
{
  RnWeightsDialog *self = g_object_new (RN_TYPE_WEIGHTS_DIALOG, "destroy-with-parent", TRUE, NULL);
  const char *trouble = rn_weights_store_get_trouble (store);
  g_autofree char *place =
      g_strdup_printf (_ ("Fetched files are kept in %s"), rn_weights_store_get_directory (store));

  rn_child_window_set_parent (GTK_WINDOW (self), parent);
  self->store = g_object_ref (store);
  self->document = g_object_ref (document);
  rn_weights_store_look (store);
  gtk_label_set_label (self->place, place);
  gtk_label_set_label (self->trouble, trouble != NULL ? trouble : "");
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), trouble != NULL);
  gtk_list_box_bind_model (self->list, rn_weights_store_get_items (store), create_row, self, NULL);
  g_object_bind_property (store, "mirror", self->mirror, "text",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);

  gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);

  return GTK_WINDOW (self);
}

/* Returns: (transfer none) (nullable): the row of an item of the store */
RnWeightsRow *
rn_weights_dialog_get_row (RnWeightsDialog *self, int i)
{
  return (RnWeightsRow *) gtk_list_box_get_row_at_index (self->list, i);
}
