#include "ui/teach/teach-window.h"

#include <glib/gi18n.h>
#include <math.h>

struct _RnTeachWindow
{
  GtkWindow parent_instance;

  /* template */
  GtkDropDown *base;
  GtkButton *tune;
  GtkProgressBar *progress;
  GtkWidget *message_bar;
  GtkLabel *message;
  GtkButton *open_saved;
  GtkBox *cards;
  GtkLabel *status;
  GtkSpinner *spinner;
  RnTeachTrial *trial;

  /* owned */
  RnTeaching *teaching;
  RnDocument *document;
  GtkFileChooserNative *chooser;
  char *problem; /* what could not be done last, or NULL */
  GFile *saved;  /* the last one, or NULL */
  GFile *saving; /* the one that is being written, or NULL */
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (RnTeachWindow, rn_teach_window, GTK_TYPE_WINDOW)

static void
show_message (RnTeachWindow *self)
{
  const char *told = rn_teaching_get_message (self->teaching);
  g_autofree char *name = self->saved != NULL ? g_file_get_basename (self->saved) : NULL;
  g_autofree char *saved =
      name != NULL ? g_strdup_printf (_ ("Saved as “%s”, a Keras model."), name) : NULL;
  const char *lines[] = { self->problem, told, saved };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    if (lines[i] != NULL)
      g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", lines[i]);
  gtk_label_set_label (self->message, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->open_saved), saved != NULL);
  gtk_widget_set_visible (self->message_bar, text->len > 0);
}

static void
report (RnTeachWindow *self, const char *problem)
{
  g_free (self->problem);
  self->problem = g_strdup (problem);
  show_message (self);
}

static void
show_tuning (RnTeachWindow *self)
{
  double share = rn_teaching_get_tuning_share (self->teaching);
  gboolean tuning = !isnan (share);

  gtk_widget_set_visible (GTK_WIDGET (self->progress), tuning);
  gtk_progress_bar_set_fraction (self->progress, tuning ? share : 0);
  gtk_button_set_label (self->tune, tuning ? _ ("Stop") : _ ("Train the last stage too"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "teach.tune",
                                 tuning || (rn_teaching_get_n_classes (self->teaching) >= 2 &&
                                            !rn_teaching_is_busy (self->teaching)));
}

static void
show_status (RnTeachWindow *self)
{
  g_autofree char *text = rn_teaching_describe (self->teaching);
  g_autofree char *with_time = NULL;

  if (rn_teaching_get_n_classes (self->teaching) > 0)
    with_time = g_strdup_printf (_ ("%s Trained in %.0f ms."), text,
                                 rn_teaching_get_train_ms (self->teaching));
  gtk_label_set_label (self->status, with_time != NULL ? with_time : text);
  gtk_spinner_set_spinning (self->spinner, rn_teaching_is_busy (self->teaching));
}

static void
on_changed (RnTeachWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->filling = TRUE;
  gtk_drop_down_set_selected (self->base,
                              g_str_equal (rn_teaching_get_base (self->teaching), "resnet50"));
  self->filling = FALSE;
  show_message (self);
  show_tuning (self);
  show_status (self);
  gtk_widget_action_set_enabled (widget, "teach.save",
                                 rn_teaching_get_n_classes (self->teaching) >= 2 &&
                                     !rn_teaching_is_busy (self->teaching));
}

/* A card a box, in the boxes' order. */
static void
on_boxes_changed (RnTeachWindow *self, guint position, guint removed, guint added)
{
  GListModel *boxes = rn_teaching_get_boxes (self->teaching);
  GtkWidget *before = NULL;

  for (guint i = 0; i < position; i++)
    before = GTK_WIDGET (rn_teach_window_get_card (self, (int)i));
  for (guint i = 0; i < removed; i++)
    gtk_box_remove (self->cards, GTK_WIDGET (rn_teach_window_get_card (self, (int)position)));
  for (guint i = 0; i < added; i++)
    {
      g_autoptr (RnTeachBox) box = g_list_model_get_item (boxes, position + i);
      GtkWidget *card = rn_teach_card_new (self->teaching, box);

      g_signal_connect_object (card, "problem", G_CALLBACK (report), self, G_CONNECT_SWAPPED);
      gtk_box_insert_child_after (self->cards, card, before);
      before = card;
    }
}

static void
on_base_chosen (RnTeachWindow *self)
{
  if (!self->filling)
    rn_teaching_set_base (self->teaching,
                          gtk_drop_down_get_selected (self->base) == 1 ? "resnet50" : "resnet18");
}

static void
on_add (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RnTeachWindow *self = RN_TEACH_WINDOW (widget);
  RnTeachCard *card;

  rn_teaching_add_box (self->teaching);
  card = RN_TEACH_CARD (gtk_widget_get_last_child (GTK_WIDGET (self->cards)));
  gtk_widget_grab_focus (GTK_WIDGET (rn_teach_card_get_name (card)));
}

static void
on_tune (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RnTeachWindow *self = RN_TEACH_WINDOW (widget);

  if (isnan (rn_teaching_get_tuning_share (self->teaching)))
    rn_teaching_tune (self->teaching);
  else
    rn_teaching_stop_tuning (self->teaching);
}

static void
on_paste (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rn_teach_trial_paste (RN_TEACH_WINDOW (widget)->trial);
}

static void
on_shown_picture (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RnTeachWindow *self = RN_TEACH_WINDOW (widget);
  RnPicture *picture = rn_document_get_picture (self->document);

  if (picture != NULL)
    rn_teaching_set_test (self->teaching, picture, rn_document_get_picture_name (self->document));
}

static void
on_document_picture (RnTeachWindow *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "teach.shown-picture",
                                 rn_document_get_picture (self->document) != NULL);
}

static void
on_open_test (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rn_teach_trial_choose (RN_TEACH_WINDOW (widget)->trial);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RnTeachWindow) self = data;
  g_autoptr (GError) error = NULL;
  gboolean saved = rn_teaching_save_finish (RN_TEACHING (source), result, &error);

  if (self->teaching == NULL) /* closed meanwhile */
    return;
  if (saved)
    g_set_object (&self->saved, self->saving);
  g_clear_object (&self->saving);
  report (self, error != NULL ? error->message : NULL);
}

static void
on_save_chosen (RnTeachWindow *self, int response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser))
                               : NULL;

  g_clear_object (&self->chooser);
  if (file != NULL)
    rn_teach_window_save (self, file);
}

static void
on_save (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RnTeachWindow *self = RN_TEACH_WINDOW (widget);

  if (self->chooser != NULL)
    return;
  self->chooser =
      gtk_file_chooser_native_new (_ ("Save the network with its new classes"), GTK_WINDOW (self),
                                   GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), "my-classes.h5");
  g_signal_connect_swapped (self->chooser, "response", G_CALLBACK (on_save_chosen), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
on_open_saved (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RnTeachWindow *self = RN_TEACH_WINDOW (widget);
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  if (self->saved == NULL)
    return;
  rn_document_open (self->document, self->saved);
  if (parent != NULL)
    gtk_window_present (parent);
}

static void
on_dismiss (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RnTeachWindow *self = RN_TEACH_WINDOW (widget);

  g_clear_object (&self->saved);
  g_clear_pointer (&self->problem, g_free);
  rn_teaching_dismiss (self->teaching);
  show_message (self);
}

static void
rn_teach_window_dispose (GObject *object)
{
  RnTeachWindow *self = RN_TEACH_WINDOW (object);

  g_clear_object (&self->chooser);
  g_clear_object (&self->teaching);
  g_clear_object (&self->document);
  g_clear_object (&self->saved);
  g_clear_object (&self->saving);
  g_clear_pointer (&self->problem, g_free);

  G_OBJECT_CLASS (rn_teach_window_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "teach.add", NULL, on_add);
  gtk_widget_class_install_action (widget_class, "teach.tune", NULL, on_tune);
  gtk_widget_class_install_action (widget_class, "teach.paste", NULL, on_paste);
  gtk_widget_class_install_action (widget_class, "teach.open-test", NULL, on_open_test);
  gtk_widget_class_install_action (widget_class, "teach.shown-picture", NULL, on_shown_picture);
  gtk_widget_class_install_action (widget_class, "teach.save", NULL, on_save);
  gtk_widget_class_install_action (widget_class, "teach.open-saved", NULL, on_open_saved);
  gtk_widget_class_install_action (widget_class, "teach.dismiss", NULL, on_dismiss);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_n, GDK_CONTROL_MASK, "teach.add",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_o, GDK_CONTROL_MASK, "teach.open-test",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "teach.save",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, GDK_CONTROL_MASK, "teach.paste",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close",
                                       NULL);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, RnTeachWindow, base);
  gtk_widget_class_bind_template_child (widget_class, RnTeachWindow, tune);
  gtk_widget_class_bind_template_child (widget_class, RnTeachWindow, progress);
  gtk_widget_class_bind_template_child (widget_class, RnTeachWindow, message_bar);
  gtk_widget_class_bind_template_child (widget_class, RnTeachWindow, message);
  gtk_widget_class_bind_template_child (widget_class, RnTeachWindow, open_saved);
  gtk_widget_class_bind_template_child (widget_class, RnTeachWindow, cards);
  gtk_widget_class_bind_template_child (widget_class, RnTeachWindow, status);
  gtk_widget_class_bind_template_child (widget_class, RnTeachWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, RnTeachWindow, trial);
  gtk_widget_class_bind_template_callback (widget_class, on_base_chosen);
}

static void
rn_teach_window_class_init (RnTeachWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rn_teach_window_dispose;
  g_type_ensure (RN_TYPE_TEACH_TRIAL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/resnet_explorer/ResNetExplorer/teach/teach-window.ui");
  bind_children (widget_class);
  install_actions (widget_class);
}

static void
rn_teach_window_init (RnTeachWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * rn_teach_window_new:
 * @document: whose picture may be asked about, and which opens what is saved
 *
 * Returns: (transfer none): a window of its own; what is taught stays when it is closed
 */
GtkWidget *
rn_teach_window_new (RnTeaching *teaching, RnDocument *document)
{
  RnTeachWindow *self = g_object_new (RN_TYPE_TEACH_WINDOW, NULL);
  GListModel *boxes = rn_teaching_get_boxes (teaching);

  self->teaching = g_object_ref (teaching);
  self->document = g_object_ref (document);
  g_signal_connect_object (boxes, "items-changed", G_CALLBACK (on_boxes_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (teaching, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "notify::picture-name", G_CALLBACK (on_document_picture), self,
                           G_CONNECT_SWAPPED);
  rn_teach_trial_set_teaching (self->trial, teaching);
  on_boxes_changed (self, 0, 0, g_list_model_get_n_items (boxes));
  on_document_picture (self);
  on_changed (self);

  return GTK_WIDGET (self);
}

RnTeachCard *
rn_teach_window_get_card (RnTeachWindow *self, int index)
{
  GtkWidget *card = gtk_widget_get_first_child (GTK_WIDGET (self->cards));

  while (card != NULL && index-- > 0)
    card = gtk_widget_get_next_sibling (card);

  return card != NULL ? RN_TEACH_CARD (card) : NULL;
}

/* Returns: (transfer none): the side where what was taught is put to the test */
RnTeachTrial *
rn_teach_window_get_trial (RnTeachWindow *self)
{
  return self->trial;
}

const char *
rn_teach_window_get_status (RnTeachWindow *self)
{
  return gtk_label_get_label (self->status);
}

/* Returns: (nullable): what is said above the boxes */
const char *
rn_teach_window_get_message (RnTeachWindow *self)
{
  return gtk_widget_get_visible (self->message_bar) ? gtk_label_get_label (self->message) : NULL;
}

/* In the background; a message says how it went. */
void
rn_teach_window_save (RnTeachWindow *self, GFile *file)
{
  g_autofree char *path = g_file_get_path (file);

  g_clear_object (&self->saved);
  if (path == NULL || self->saving != NULL)
    {
      report (self, path == NULL ? _ ("Networks can be saved on this computer only.")
                                 : _ ("The network is being saved already."));
      return;
    }
  self->saving = g_object_ref (file);
  rn_teaching_save_async (self->teaching, path, on_saved, g_object_ref (self));
}
