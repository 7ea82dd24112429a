#include "ui/picture/picture-strip.h"

#include <glib/gi18n.h>

#include "ui/tooltip/tooltip.h"

#define SIZE 44

struct _RnPictureStrip
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkWidget *box; /* of toggle buttons */

  RnDocument *document;
};

G_DEFINE_FINAL_TYPE (RnPictureStrip, rn_picture_strip, GTK_TYPE_WIDGET)

static int
get_place (GtkWidget *button)
{
  int place = 0;

  while ((button = gtk_widget_get_prev_sibling (button)) != NULL)
    place++;

  return place;
}

static void
on_toggled (RnPictureStrip *self, GtkToggleButton *button)
{
  if (gtk_toggle_button_get_active (button))
    rn_document_show_picture (self->document, get_place (GTK_WIDGET (button)));
}

static GtkWidget *
get_button (RnPictureStrip *self, int place)
{
  GtkWidget *button = gtk_widget_get_first_child (self->box);

  while (button != NULL && place-- > 0)
    button = gtk_widget_get_next_sibling (button);

  return button;
}

static void
mark_shown (RnPictureStrip *self)
{
  int index = rn_document_get_picture_index (self->document);
  GtkWidget *button = index >= 0 ? get_button (self, index) : NULL;

  if (button != NULL)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
}

static GtkWidget *
make_button (RnPictureStrip *self, RnShownPicture *shown)
{
  GtkWidget *button = gtk_toggle_button_new ();
  GtkWidget *picture = gtk_picture_new_for_paintable (GDK_PAINTABLE (rn_shown_picture_get_seen (shown)));
  GtkWidget *first = gtk_widget_get_first_child (self->box);

  gtk_widget_set_size_request (picture, SIZE, SIZE);
  gtk_picture_set_can_shrink (GTK_PICTURE (picture), TRUE);
  gtk_button_set_child (GTK_BUTTON (button), picture);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "strip-picture");
  rn_tooltip_set (button, rn_shown_picture_get_name (shown));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  rn_shown_picture_get_name (shown), -1);
  if (first != NULL)
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), GTK_TOGGLE_BUTTON (first));
  g_signal_connect_swapped (button, "toggled", G_CALLBACK (on_toggled), self);

  return button;
}

static void
on_pictures_changed (RnPictureStrip *self, guint position, guint n_removed, guint n_added)
{
  GListModel *pictures = rn_document_get_pictures (self->document);
  GtkWidget *before = position > 0 ? get_button (self, position - 1) : NULL;

  for (guint i = 0; i < n_removed; i++)
    gtk_box_remove (GTK_BOX (self->box), get_button (self, position));
  for (guint i = 0; i < n_added; i++)
    {
      g_autoptr (RnShownPicture) shown = g_list_model_get_item (pictures, position + i);
      GtkWidget *button = make_button (self, shown);

      gtk_box_insert_child_after (GTK_BOX (self->box), button, before);
      before = button;
    }
  /* One picture is no strip. */
  gtk_widget_set_visible (GTK_WIDGET (self), g_list_model_get_n_items (pictures) > 1);
  mark_shown (self);
}

static void
rn_picture_strip_dispose (GObject *object)
{
  RnPictureStrip *self = RN_PICTURE_STRIP (object);

  if (self->document != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->document, self);
      g_signal_handlers_disconnect_by_data (rn_document_get_pictures (self->document), self);
    }
  g_clear_object (&self->document);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);

  G_OBJECT_CLASS (rn_picture_strip_parent_class)->dispose (object);
}

static void
rn_picture_strip_class_init (RnPictureStripClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rn_picture_strip_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
rn_picture_strip_init (RnPictureStrip *self)
{
  self->box = g_object_new (GTK_TYPE_BOX, "spacing", 2, NULL);
  self->scroller = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "vscrollbar-policy", GTK_POLICY_NEVER,
                                 "child", self->box, NULL);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Pictures opened together"), -1);
}

void
rn_picture_strip_set_document (RnPictureStrip *self, RnDocument *document)
{
  GListModel *pictures = rn_document_get_pictures (document);

  g_return_if_fail (RN_IS_PICTURE_STRIP (self) && self->document == NULL);

  self->document = g_object_ref (document);
  g_signal_connect_swapped (pictures, "items-changed", G_CALLBACK (on_pictures_changed), self);
  g_signal_connect_swapped (document, "notify::picture-index", G_CALLBACK (mark_shown), self);
  on_pictures_changed (self, 0, 0, g_list_model_get_n_items (pictures));
}

/* Returns: how many pictures there are to choose from */
int
rn_picture_strip_get_n (RnPictureStrip *self)
{
  return g_list_model_get_n_items (rn_document_get_pictures (self->document));
}
