#include "ui/picture/picture-pane.h"

#include <glib/gi18n.h>

struct _RnPicturePane
{
  GtkWidget parent_instance;

  /* template */
  GtkStack *stack;
  GtkPicture *picture;
  GtkLabel *name;
  GtkLabel *size;

  /* owned */
  RnDocument *document;
};

G_DEFINE_FINAL_TYPE (RnPicturePane, rn_picture_pane, GTK_TYPE_WIDGET)

static void
update (RnPicturePane *self)
{
  GdkTexture *seen = rn_document_get_seen (self->document);
  const char *name = rn_document_get_picture_name (self->document);
  const RnPicture *picture = rn_document_get_picture (self->document);
  g_autofree char *size = NULL;
  g_autofree char *tooltip = NULL;

  gtk_stack_set_visible_child_name (self->stack, seen != NULL ? "picture" : "empty");
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (seen));
  gtk_picture_set_alternative_text (self->picture, name);
  gtk_label_set_label (self->name, name != NULL ? name : "");
  if (seen == NULL)
    return;

  size = g_strdup_printf ("%d×%d", gdk_texture_get_width (seen), gdk_texture_get_height (seen));
  tooltip = g_strdup_printf (_ ("%s, %d×%d pixels. The network sees the %s pixels shown here."),
                             name, picture->width, picture->height, size);
  gtk_label_set_label (self->size, size);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), tooltip);
}

static void
rn_picture_pane_dispose (GObject *object)
{
  RnPicturePane *self = RN_PICTURE_PANE (object);
  GtkWidget *child;

  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_object (&self->document);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (rn_picture_pane_parent_class)->dispose (object);
}

static void
rn_picture_pane_class_init (RnPicturePaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_picture_pane_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/picture/picture-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, RnPicturePane, stack);
  gtk_widget_class_bind_template_child (widget_class, RnPicturePane, picture);
  gtk_widget_class_bind_template_child (widget_class, RnPicturePane, name);
  gtk_widget_class_bind_template_child (widget_class, RnPicturePane, size);
}

static void
rn_picture_pane_init (RnPicturePane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
rn_picture_pane_set_document (RnPicturePane *self, RnDocument *document)
{
  g_return_if_fail (RN_IS_PICTURE_PANE (self) && RN_IS_DOCUMENT (document));
  g_return_if_fail (self->document == NULL);

  self->document = g_object_ref (document);
  g_signal_connect_swapped (document, "notify::seen", G_CALLBACK (update), self);
  update (self);
}

/* Returns: the name shown; "" where there is no picture */
const char *
rn_picture_pane_get_name (RnPicturePane *self)
{
  return gtk_label_get_label (self->name);
}

/* Returns: (transfer none) (nullable): the picture shown */
GdkPaintable *
rn_picture_pane_get_paintable (RnPicturePane *self)
{
  return gtk_picture_get_paintable (self->picture);
}
