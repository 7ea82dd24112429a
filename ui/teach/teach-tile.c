#include "ui/teach/teach-tile.h"

#include <glib/gi18n.h>

#define SIDE 76 /* pixels */

struct _RnTeachTile
{
  GtkFlowBoxChild parent_instance;

  RnTeachPicture *picture;
  GtkWidget *mark;
};

enum
{
  REMOVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RnTeachTile, rn_teach_tile, GTK_TYPE_FLOW_BOX_CHILD)

static void
show_judgement (RnTeachTile *self)
{
  double probability;
  const char *name = rn_teach_picture_get_name (self->picture);
  const char *taken_for = rn_teach_picture_get_taken_for (self->picture, &probability);
  g_autofree char *text =
      taken_for != NULL
          ? g_strdup_printf (
                _ ("%s: taken for “%s” (%.0f %%) by a classifier that has not seen it"), name,
                taken_for, probability * 100)
          : g_strdup (name);

  gtk_label_set_label (GTK_LABEL (self->mark), taken_for != NULL ? taken_for : "");
  gtk_widget_set_visible (self->mark, taken_for != NULL);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  if (taken_for != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), "wrong");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "wrong");
}

static void
on_remove (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[REMOVE], 0);
}

static void
rn_teach_tile_dispose (GObject *object)
{
  g_clear_object (&RN_TEACH_TILE (object)->picture);

  G_OBJECT_CLASS (rn_teach_tile_parent_class)->dispose (object);
}

static void
rn_teach_tile_class_init (RnTeachTileClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_teach_tile_dispose;
  /* Take the picture out of its class. */
  signals[REMOVE] = g_signal_new ("remove", RN_TYPE_TEACH_TILE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  gtk_widget_class_install_action (widget_class, "tile.remove", NULL, on_remove);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "tile.remove", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Delete, 0, "tile.remove", NULL);
}

static void
rn_teach_tile_init (RnTeachTile *self)
{
  gtk_widget_add_css_class (GTK_WIDGET (self), "teach-tile");
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_START);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_START);
}

static GtkWidget *
make_remove_button (void)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("window-close-symbolic");

  gtk_widget_set_halign (button, GTK_ALIGN_END);
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  gtk_widget_add_css_class (button, "tile-remove");
  gtk_widget_set_tooltip_text (button, _ ("Take this picture out (Delete)"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "tile.remove");

  return button;
}

/* Returns: (transfer floating): emits "remove" where the picture is to be taken out */
GtkWidget *
rn_teach_tile_new (RnTeachPicture *picture)
{
  RnTeachTile *self = g_object_new (RN_TYPE_TEACH_TILE, NULL);
  GtkWidget *overlay = gtk_overlay_new ();
  GtkWidget *image =
      gtk_image_new_from_paintable (GDK_PAINTABLE (rn_teach_picture_get_texture (picture)));

  self->picture = g_object_ref (picture);
  self->mark =
      g_object_new (GTK_TYPE_LABEL, "ellipsize", PANGO_ELLIPSIZE_END, "valign", GTK_ALIGN_END,
                    "css-classes", (const char *const[]){ "tile-mark", NULL }, NULL);
  gtk_image_set_pixel_size (GTK_IMAGE (image), SIDE);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), image);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->mark);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), make_remove_button ());
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (self), overlay);
  g_signal_connect_object (picture, "notify::taken-for", G_CALLBACK (show_judgement), self,
                           G_CONNECT_SWAPPED);
  show_judgement (self);

  return GTK_WIDGET (self);
}

RnTeachPicture *
rn_teach_tile_get_picture (RnTeachTile *self)
{
  return self->picture;
}

gboolean
rn_teach_tile_is_wrong (RnTeachTile *self)
{
  return gtk_widget_has_css_class (GTK_WIDGET (self), "wrong");
}
