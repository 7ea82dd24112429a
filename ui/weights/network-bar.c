#include "ui/weights/network-bar.h"

#include <glib/gi18n.h>

#include "ui/tooltip/tooltip.h"
#include "ui/weights/weights-words.h"

struct _RnNetworkBar
{
  GtkWidget parent_instance;

  /* template */
  GtkToggleButton *opened;
  GtkLabel *opened_name;
  GtkMenuButton *button;
  GtkLabel *weights;
  RnWeightsPopover *popover;

  /* owned */
  RnDocument *document;
};

G_DEFINE_FINAL_TYPE (RnNetworkBar, rn_network_bar, GTK_TYPE_WIDGET)

static void
show_weights (RnNetworkBar *self)
{
  RnNetwork *network = rn_document_get_network (self->document);
  g_autofree char *title = network != NULL ? rn_get_weights_title (network) : g_strdup ("…");
  g_autofree char *tooltip = g_strdup_printf (_ ("Weights: %s"), title);

  gtk_label_set_label (self->weights, title);
  rn_tooltip_set (GTK_WIDGET (self->button), tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  tooltip, -1);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), network != NULL);
  if (network != NULL && !rn_network_get_weights (network)->trained)
    gtk_widget_add_css_class (GTK_WIDGET (self->weights), "untrained");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->weights), "untrained");
}

/* A model from a file stands beside the built-in ones. */
static void
show_opened (RnNetworkBar *self)
{
  const char *id = rn_document_get_opened_id (self->document);
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->opened), id != NULL);
  if (id == NULL)
    return;

  path = g_filename_display_name (id);
  name = g_filename_display_basename (id);
  gtk_label_set_label (self->opened_name, name);
  rn_tooltip_set (GTK_WIDGET (self->opened), path);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->opened), "s", id);
}

static void
rn_network_bar_dispose (GObject *object)
{
  RnNetworkBar *self = RN_NETWORK_BAR (object);
  GtkWidget *child;

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (rn_network_bar_parent_class)->dispose (object);
}

static void
rn_network_bar_class_init (RnNetworkBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_network_bar_dispose;
  g_type_ensure (RN_TYPE_WEIGHTS_POPOVER);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/weights/network-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, RnNetworkBar, opened);
  gtk_widget_class_bind_template_child (widget_class, RnNetworkBar, opened_name);
  gtk_widget_class_bind_template_child (widget_class, RnNetworkBar, button);
  gtk_widget_class_bind_template_child (widget_class, RnNetworkBar, weights);
  gtk_widget_class_bind_template_child (widget_class, RnNetworkBar, popover);
}

static void
rn_network_bar_init (RnNetworkBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
rn_network_bar_set_document (RnNetworkBar *self, RnDocument *document)
{
  g_return_if_fail (RN_IS_NETWORK_BAR (self) && RN_IS_DOCUMENT (document));

  g_set_object (&self->document, document);
  rn_weights_popover_set_document (self->popover, document);
  g_signal_connect_swapped (document, "notify::model", G_CALLBACK (show_weights), self);
  g_signal_connect_swapped (document, "notify::opened-id", G_CALLBACK (show_opened), self);
  show_weights (self);
  show_opened (self);
}

/* Returns: what the weights are called */
const char *
rn_network_bar_get_weights (RnNetworkBar *self)
{
  return gtk_label_get_label (self->weights);
}

/* Returns: (transfer none): the button of the model from a file, visible where there is one */
GtkWidget *
rn_network_bar_get_opened (RnNetworkBar *self)
{
  return GTK_WIDGET (self->opened);
}

RnWeightsPopover *
rn_network_bar_get_popover (RnNetworkBar *self)
{
  return self->popover;
}
