#include "ui/weights/fetch-status.h"

struct _RnFetchStatus
{
  GtkWidget parent_instance;

  /* template */
  GtkProgressBar *bar;
  GtkLabel *status;
  GtkLabel *error;

  /* owned */
  RnWeightsItem *item;
};

G_DEFINE_FINAL_TYPE (RnFetchStatus, rn_fetch_status, GTK_TYPE_WIDGET)

static void
show_progress (RnFetchStatus *self)
{
  RnWeightsState state = rn_weights_item_get_state (self->item);
  gboolean some = state == RN_WEIGHTS_PARTIAL || state == RN_WEIGHTS_FETCHING;
  double fraction = rn_weights_item_get_fraction (self->item);
  g_autofree char *text = some ? rn_weights_item_get_progress (self->item) : g_strdup ("");

  gtk_widget_set_visible (GTK_WIDGET (self->bar), some);
  gtk_widget_set_visible (GTK_WIDGET (self->status), some);
  gtk_label_set_label (self->status, text);
  if (some && fraction >= 0)
    gtk_progress_bar_set_fraction (self->bar, fraction);
  else if (some)
    gtk_progress_bar_pulse (self->bar);
}

static void
update (RnFetchStatus *self)
{
  const char *error = rn_weights_item_get_error (self->item);

  show_progress (self);
  gtk_label_set_label (self->error, error != NULL ? error : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error), error != NULL);
}

static void
rn_fetch_status_dispose (GObject *object)
{
  RnFetchStatus *self = RN_FETCH_STATUS (object);
  GtkWidget *child;

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->item);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (rn_fetch_status_parent_class)->dispose (object);
}

static void
rn_fetch_status_class_init (RnFetchStatusClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_fetch_status_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/weights/fetch-status.ui");
  gtk_widget_class_bind_template_child (widget_class, RnFetchStatus, bar);
  gtk_widget_class_bind_template_child (widget_class, RnFetchStatus, status);
  gtk_widget_class_bind_template_child (widget_class, RnFetchStatus, error);
}

static void
rn_fetch_status_init (RnFetchStatus *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Shows @item from now on. Called once. */
void
rn_fetch_status_set_item (RnFetchStatus *self, RnWeightsItem *item)
{
  g_return_if_fail (RN_IS_FETCH_STATUS (self) && self->item == NULL);

  self->item = g_object_ref (item);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  rn_weights_item_get_title (item), -1);
  g_signal_connect_swapped (item, "changed", G_CALLBACK (update), self);
  update (self);
}

/* Returns: how far it is, or what went wrong; empty where there is nothing to say */
const char *
rn_fetch_status_get_text (RnFetchStatus *self)
{
  return gtk_label_get_label (gtk_widget_get_visible (GTK_WIDGET (self->error)) ? self->error
                                                                                : self->status);
}
