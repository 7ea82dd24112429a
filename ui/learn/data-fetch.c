#include "ui/learn/data-fetch.h"

#include <glib/gi18n.h>

#include "ui/weights/fetch-status.h"

struct _RnDataFetch
{
  GtkWidget parent_instance;

  /* template */
  GtkLabel *detail;
  RnFetchStatus *status;
  GtkButton *button;

  /* owned */
  RnWeightsStore *store;
  RnWeightsItem *item;
};

G_DEFINE_FINAL_TYPE (RnDataFetch, rn_data_fetch, GTK_TYPE_WIDGET)

static void
update (RnDataFetch *self)
{
  RnWeightsState state = rn_weights_item_get_state (self->item);

  gtk_button_set_label (self->button, state == RN_WEIGHTS_FETCHING  ? _ ("_Cancel")
                                      : state == RN_WEIGHTS_PARTIAL ? _ ("_Resume")
                                                                    : _ ("_Fetch"));
}

/* Does what the button says. */
void
rn_data_fetch_act (RnDataFetch *self)
{
  if (rn_weights_item_get_state (self->item) == RN_WEIGHTS_FETCHING)
    rn_weights_store_cancel (self->store, self->item);
  else
    rn_weights_store_fetch (self->store, self->item);
}

static void
rn_data_fetch_dispose (GObject *object)
{
  RnDataFetch *self = RN_DATA_FETCH (object);
  GtkWidget *child;

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->item);
  g_clear_object (&self->store);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (rn_data_fetch_parent_class)->dispose (object);
}

static void
rn_data_fetch_class_init (RnDataFetchClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_data_fetch_dispose;
  g_type_ensure (RN_TYPE_FETCH_STATUS);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/learn/data-fetch.ui");
  gtk_widget_class_bind_template_child (widget_class, RnDataFetch, detail);
  gtk_widget_class_bind_template_child (widget_class, RnDataFetch, status);
  gtk_widget_class_bind_template_child (widget_class, RnDataFetch, button);
  gtk_widget_class_bind_template_callback (widget_class, rn_data_fetch_act);
}

static void
rn_data_fetch_init (RnDataFetch *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Offers the pictures of @store, which has some. Called once. */
void
rn_data_fetch_set_store (RnDataFetch *self, RnWeightsStore *store)
{
  g_return_if_fail (RN_IS_DATA_FETCH (self) && self->store == NULL);
  g_return_if_fail (rn_weights_store_get_pictures (store) != NULL);

  self->store = g_object_ref (store);
  self->item = g_object_ref (rn_weights_store_get_pictures (store));
  gtk_label_set_label (self->detail, rn_weights_item_get_detail (self->item));
  rn_fetch_status_set_item (self->status, self->item);
  g_signal_connect_swapped (self->item, "changed", G_CALLBACK (update), self);
  update (self);
}

/* Returns: what the button does */
const char *
rn_data_fetch_get_verb (RnDataFetch *self)
{
  return gtk_button_get_label (self->button);
}

/* Returns: how far it is, or what went wrong; empty where there is nothing to say */
const char *
rn_data_fetch_get_text (RnDataFetch *self)
{
  return rn_fetch_status_get_text (self->status);
}
