#include "ui/window/variant-popover.h"

struct _RnVariantPopover
{
  GtkPopover parent_instance;

  /* template */
  GtkSwitch *top;
  GtkSpinButton *classes;
  GtkSpinButton *size;
  GtkDropDown *names;

  /* owned */
  RnDocument *document;
};

G_DEFINE_FINAL_TYPE (RnVariantPopover, rn_variant_popover, GTK_TYPE_POPOVER)

/* The controls say what is shown. */
static void
show_variant (RnVariantPopover *self)
{
  RnNetwork *network = self->document != NULL ? rn_document_get_network (self->document) : NULL;
  const RnCatalogEntry *entry;
  const RnModel *model;

  if (network == NULL)
    return;
  entry = rn_network_get_entry (network);
  model = rn_network_get_model (network);
  /* A model from a file is as it is. */
  gtk_widget_set_sensitive (gtk_popover_get_child (GTK_POPOVER (self)), entry != NULL);
  if (entry == NULL)
    return;
  gtk_switch_set_active (self->top, rn_model_has_top (model));
  if (rn_model_has_top (model))
    gtk_spin_button_set_value (
        self->classes, rn_shape_get_channels (&rn_model_get_output (model, 0)->output_shape));
  gtk_spin_button_set_range (self->size, entry->min_input_size, 1024);
  gtk_spin_button_set_value (self->size, rn_model_get_input (model)->output_shape.dims[0]);
  gtk_drop_down_set_selected (self->names,
                              rn_network_get_variant (network)->names == RN_NAMES_KERAS3);
  /* Only this one has names of both generations. */
  gtk_widget_set_sensitive (GTK_WIDGET (self->names), g_str_equal (entry->id, "resnet50"));
}

/* What is seldom looked at is not kept up to date unseen. */
static void
on_model (RnVariantPopover *self)
{
  if (gtk_widget_get_visible (GTK_WIDGET (self)))
    show_variant (self);
}

static void
on_rebuild (RnVariantPopover *self)
{
  RnVariant variant = RN_VARIANT_DEFAULT;

  variant.top = gtk_switch_get_active (self->top);
  variant.classes = variant.top ? gtk_spin_button_get_value_as_int (self->classes) : 0;
  variant.input_size = gtk_spin_button_get_value_as_int (self->size);
  variant.names
      = gtk_drop_down_get_selected (self->names) == 1 ? RN_NAMES_KERAS3 : RN_NAMES_KERAS2;
  rn_document_set_variant (self->document, &variant);
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
rn_variant_popover_dispose (GObject *object)
{
  g_clear_object (&RN_VARIANT_POPOVER (object)->document);

  G_OBJECT_CLASS (rn_variant_popover_parent_class)->dispose (object);
}

static void
rn_variant_popover_class_init (RnVariantPopoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_variant_popover_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/window/variant-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, RnVariantPopover, top);
  gtk_widget_class_bind_template_child (widget_class, RnVariantPopover, classes);
  gtk_widget_class_bind_template_child (widget_class, RnVariantPopover, size);
  gtk_widget_class_bind_template_child (widget_class, RnVariantPopover, names);
  gtk_widget_class_bind_template_callback (widget_class, on_rebuild);
}

static void
rn_variant_popover_init (RnVariantPopover *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "show", G_CALLBACK (show_variant), NULL);
}

void
rn_variant_popover_set_document (RnVariantPopover *self, RnDocument *document)
{
  g_return_if_fail (RN_IS_VARIANT_POPOVER (self) && RN_IS_DOCUMENT (document));

  g_set_object (&self->document, document);
  g_signal_connect_object (document, "notify::model", G_CALLBACK (on_model), self,
                           G_CONNECT_SWAPPED);
}

/* Sets the controls as a person would, and rebuilds. */
void
rn_variant_popover_apply (RnVariantPopover *self, const RnVariant *variant)
{
  g_return_if_fail (RN_IS_VARIANT_POPOVER (self) && variant != NULL);

  show_variant (self);
  gtk_switch_set_active (self->top, variant->top);
  if (variant->classes > 0)
    gtk_spin_button_set_value (self->classes, variant->classes);
  if (variant->input_size > 0)
    gtk_spin_button_set_value (self->size, variant->input_size);
  gtk_drop_down_set_selected (self->names, variant->names == RN_NAMES_KERAS3);
  on_rebuild (self);
}
