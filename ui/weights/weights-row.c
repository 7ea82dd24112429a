#include "ui/weights/weights-row.h"

#include <glib/gi18n.h>

#include "ui/weights/fetch-status.h"

struct _RnWeightsRow
{
  GtkListBoxRow parent_instance;

  /* template */
  GtkLabel *title;
  GtkLabel *detail;
  RnFetchStatus *status;
  GtkButton *button;
  GtkWidget *in_use;

  /* owned */
  RnWeightsItem *item;
  RnWeightsStore *store;
  RnDocument *document;
};

G_DEFINE_FINAL_TYPE (RnWeightsRow, rn_weights_row, GTK_TYPE_LIST_BOX_ROW)

static gboolean
is_in_use (RnWeightsRow *self)
{
  RnNetwork *network = rn_document_get_network (self->document);

  return network != NULL
         && g_strcmp0 (rn_network_get_path (network), rn_weights_item_get_path (self->item)) == 0;
}

static const char *
get_verb (RnWeightsRow *self)
{
  switch (rn_weights_item_get_state (self->item))
    {
    case RN_WEIGHTS_ABSENT:
      return _ ("_Fetch");
    case RN_WEIGHTS_PARTIAL:
      return _ ("_Resume");
    case RN_WEIGHTS_FETCHING:
      return _ ("_Cancel");
    case RN_WEIGHTS_READY:
      return rn_weights_item_get_kind (self->item) == RN_WEIGHTS_RECENT ? _ ("_Open") : _ ("_Use");
    default:
      g_assert_not_reached ();
    }
}

static void
update (RnWeightsRow *self)
{
  RnWeightsState state = rn_weights_item_get_state (self->item);
  gboolean in_use = state == RN_WEIGHTS_READY && is_in_use (self);

  gtk_button_set_label (self->button, get_verb (self));
  gtk_widget_set_visible (GTK_WIDGET (self->button), !in_use);
  gtk_widget_set_visible (self->in_use, in_use);
}

static void
use (RnWeightsRow *self)
{
  const char *path = rn_weights_item_get_path (self->item);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *name = g_path_get_basename (path);

  if (rn_weights_item_get_kind (self->item) == RN_WEIGHTS_BUNDLED)
    {
      *strrchr (name, '.') = '\0';
      rn_document_use_bundled (self->document, name);
    }
  else
    rn_document_open (self->document, file);
}

/* Does what the button says. */
void
rn_weights_row_act (RnWeightsRow *self)
{
  switch (rn_weights_item_get_state (self->item))
    {
    case RN_WEIGHTS_ABSENT:
    case RN_WEIGHTS_PARTIAL:
      rn_weights_store_fetch (self->store, self->item);
      break;
    case RN_WEIGHTS_FETCHING:
      rn_weights_store_cancel (self->store, self->item);
      break;
    case RN_WEIGHTS_READY:
      use (self);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
rn_weights_row_dispose (GObject *object)
{
  RnWeightsRow *self = RN_WEIGHTS_ROW (object);

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->document);
  g_clear_object (&self->item);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (rn_weights_row_parent_class)->dispose (object);
}

static void
rn_weights_row_class_init (RnWeightsRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_weights_row_dispose;
  g_type_ensure (RN_TYPE_FETCH_STATUS);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/weights/weights-row.ui");
  gtk_widget_class_bind_template_child (widget_class, RnWeightsRow, title);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsRow, detail);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsRow, status);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsRow, button);
  gtk_widget_class_bind_template_child (widget_class, RnWeightsRow, in_use);
  gtk_widget_class_bind_template_callback (widget_class, rn_weights_row_act);
}

static void
rn_weights_row_init (RnWeightsRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
rn_weights_row_new (RnWeightsItem *item, RnWeightsStore *store, RnDocument *document)
{
  RnWeightsRow *self = g_object_new (RN_TYPE_WEIGHTS_ROW, NULL);

  self->item = g_object_ref (item);
  self->store = g_object_ref (store);
  self->document = g_object_ref (document);
  gtk_label_set_label (self->title, rn_weights_item_get_title (item));
  gtk_label_set_label (self->detail, rn_weights_item_get_detail (item));
  rn_fetch_status_set_item (self->status, item);
  g_signal_connect_swapped (item, "changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (document, "notify::model", G_CALLBACK (update), self);
  update (self);

  return GTK_WIDGET (self);
}

RnWeightsItem *
rn_weights_row_get_item (RnWeightsRow *self)
{
  return self->item;
}

/* Returns: (nullable): what the button does; %NULL where these weights are in use */
const char *
rn_weights_row_get_verb (RnWeightsRow *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self->button)) ? gtk_button_get_label (self->button)
                                                            : NULL;
}

/* Returns: how far it is, or what went wrong; empty where there is nothing to say */
const char *
rn_weights_row_get_status (RnWeightsRow *self)
{
  return rn_fetch_status_get_text (self->status);
}
