#include "ui/teach/teach-card.h"

#include <glib/gi18n.h>

#include "ui/incoming/incoming.h"
#include "ui/teach/teach-tile.h"

struct _RnTeachCard
{
  GtkBox parent_instance;

  /* template */
  GtkWidget *name;
  GtkLabel *counted;
  GtkStack *stack;
  GtkFlowBox *tiles;

  RnTeaching *teaching;
  RnTeachBox *box;
  GtkFileChooserNative *chooser;
};

enum
{
  PROBLEM,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RnTeachCard, rn_teach_card, GTK_TYPE_BOX)

static int
count_wrong (RnTeachCard *self)
{
  GListModel *pictures = rn_teach_box_get_pictures (self->box);
  int n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (pictures); i++)
    {
      g_autoptr (RnTeachPicture) picture = g_list_model_get_item (pictures, i);

      n += rn_teach_picture_get_taken_for (picture, NULL) != NULL;
    }

  return n;
}

static void
show_count (RnTeachCard *self)
{
  int n = rn_teach_box_get_n (self->box), n_wrong = count_wrong (self);
  g_autofree char *text = g_strdup_printf (ngettext ("%d picture", "%d pictures", n), n);
  g_autofree char *wrong = g_strdup_printf (
      ngettext (", %d taken for another", ", %d taken for another", n_wrong), n_wrong);
  g_autofree char *both = g_strconcat (text, n_wrong > 0 ? wrong : "", NULL);

  gtk_label_set_label (self->counted, both);
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "tiles" : "empty");
}

static void
show_name (RnTeachCard *self)
{
  const char *name = rn_teach_box_get_name (self->box);

  if (!g_str_equal (gtk_editable_get_text (GTK_EDITABLE (self->name)), name))
    gtk_editable_set_text (GTK_EDITABLE (self->name), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->tiles), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
}

/* A name that cannot be stays written until it is mended or left; then the old one is back. */
static void
take_name (RnTeachCard *self, gboolean leaving)
{
  g_autoptr (GError) error = NULL;

  if (self->box == NULL)
    return;
  if (!rn_teaching_rename_box (self->teaching, self->box,
                               gtk_editable_get_text (GTK_EDITABLE (self->name)), &error))
    g_signal_emit (self, signals[PROBLEM], 0, error->message);
  if (error == NULL || leaving)
    show_name (self);
}

static void
on_name_activated (RnTeachCard *self)
{
  take_name (self, FALSE);
}

static void
on_name_left (RnTeachCard *self)
{
  take_name (self, TRUE);
}

static void
take (gpointer data, const RnIncoming *incoming)
{
  RnTeachCard *self = data;

  for (guint i = 0; i < incoming->n_files; i++)
    rn_teaching_add_file (self->teaching, self->box, incoming->files[i]);
  if (incoming->picture != NULL)
    rn_teaching_add_bytes (self->teaching, self->box, incoming->picture, incoming->name);
}

static void
miss (GtkWidget *widget, const char *why)
{
  gtk_widget_error_bell (widget);
}

static void
on_paste (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rn_incoming_paste (widget, take, miss);
}

static void
on_chosen (RnTeachCard *self, int response)
{
  g_autoptr (GListModel) files = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (self->chooser));
  for (guint i = 0; files != NULL && i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      rn_teaching_add_file (self->teaching, self->box, file);
    }
  g_clear_object (&self->chooser);
}

static void
on_open (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RnTeachCard *self = RN_TEACH_CARD (widget);
  g_autofree char *title = NULL;

  if (self->chooser != NULL)
    return;
  title = g_strdup_printf (_ ("Pictures of “%s”"), rn_teach_box_get_name (self->box));
  self->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (widget)),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->chooser), TRUE);
  g_signal_connect_swapped (self->chooser, "response", G_CALLBACK (on_chosen), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
on_remove_box (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RnTeachCard *self = RN_TEACH_CARD (widget);
  g_autoptr (RnTeachBox) box = g_object_ref (self->box);

  rn_teaching_remove_box (self->teaching, box);
}

static void
on_remove_picture (RnTeachCard *self, RnTeachTile *tile)
{
  g_autoptr (RnTeachPicture) picture = g_object_ref (rn_teach_tile_get_picture (tile));

  rn_teaching_remove_picture (self->teaching, self->box, picture);
}

static GtkWidget *
make_tile (gpointer item, gpointer data)
{
  GtkWidget *tile = rn_teach_tile_new (item);

  g_signal_connect_object (tile, "remove", G_CALLBACK (on_remove_picture), data, G_CONNECT_SWAPPED);

  return tile;
}

static void
rn_teach_card_dispose (GObject *object)
{
  RnTeachCard *self = RN_TEACH_CARD (object);

  g_clear_object (&self->chooser);
  g_clear_object (&self->teaching);
  g_clear_object (&self->box);

  G_OBJECT_CLASS (rn_teach_card_parent_class)->dispose (object);
}

static void
rn_teach_card_class_init (RnTeachCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_teach_card_dispose;
  /* Something that cannot be done, in a sentence. */
  signals[PROBLEM] = g_signal_new ("problem", RN_TYPE_TEACH_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/teach/teach-card.ui");
  gtk_widget_class_bind_template_child (widget_class, RnTeachCard, name);
  gtk_widget_class_bind_template_child (widget_class, RnTeachCard, counted);
  gtk_widget_class_bind_template_child (widget_class, RnTeachCard, stack);
  gtk_widget_class_bind_template_child (widget_class, RnTeachCard, tiles);
  gtk_widget_class_bind_template_callback (widget_class, on_name_activated);
  gtk_widget_class_install_action (widget_class, "card.open", NULL, on_open);
  gtk_widget_class_install_action (widget_class, "card.paste", NULL, on_paste);
  gtk_widget_class_install_action (widget_class, "card.remove", NULL, on_remove_box);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, GDK_CONTROL_MASK, "card.paste",
                                       NULL);
}

static void
rn_teach_card_init (RnTeachCard *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (on_name_left), self);
  gtk_widget_add_controller (self->name, focus);
  rn_incoming_add_target (GTK_WIDGET (self), take, self);
}

/* Returns: (transfer floating): @box of @teaching; emits "problem" with what cannot be done */
GtkWidget *
rn_teach_card_new (RnTeaching *teaching, RnTeachBox *box)
{
  RnTeachCard *self = g_object_new (RN_TYPE_TEACH_CARD, NULL);

  self->teaching = g_object_ref (teaching);
  self->box = g_object_ref (box);
  gtk_flow_box_bind_model (self->tiles, rn_teach_box_get_pictures (box), make_tile, self, NULL);
  g_signal_connect_object (box, "notify::name", G_CALLBACK (show_name), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (teaching, "changed", G_CALLBACK (show_count), self, G_CONNECT_SWAPPED);
  show_name (self);
  show_count (self);

  return GTK_WIDGET (self);
}

RnTeachBox *
rn_teach_card_get_box (RnTeachCard *self)
{
  return self->box;
}

/* Where its name is written. */
GtkEditable *
rn_teach_card_get_name (RnTeachCard *self)
{
  return GTK_EDITABLE (self->name);
}

/* Of #RnTeachTile. */
GtkFlowBox *
rn_teach_card_get_tiles (RnTeachCard *self)
{
  return self->tiles;
}

const char *
rn_teach_card_get_counted (RnTeachCard *self)
{
  return gtk_label_get_label (self->counted);
}
