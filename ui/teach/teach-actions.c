#include "ui/teach/teach-actions.h"

#include <glib/gi18n.h>

#include "ui/window/child-window.h"

#define KEY "rn-teach-actions"

/* Belongs to the main window. */
typedef struct
{
  GtkApplicationWindow *parent;
  RnDocument *document;
  RnTeaching *teaching; /* NULL until it is first asked for */
  GtkWidget *window;    /* NULL while it is not shown */
  GtkWidget *question;  /* NULL while none is asked */
  gboolean sure;        /* that what is unsaved may be lost */
} TeachActions;

static RnTeaching *
ensure_teaching (TeachActions *self)
{
  if (self->teaching == NULL)
    {
      self->teaching = rn_teaching_new (rn_document_get_data_dir (self->document),
                                        rn_document_get_reader_program (self->document));
      if (rn_document_get_picture (self->document) != NULL)
        rn_teaching_set_test (self->teaching, rn_document_get_picture (self->document),
                              rn_document_get_picture_name (self->document));
    }

  return self->teaching;
}

static void
show_window (TeachActions *self)
{
  if (self->window == NULL)
    rn_child_window_adopt (&self->window,
                           rn_teach_window_new (ensure_teaching (self), self->document),
                           GTK_WINDOW (self->parent));
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
on_teach (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  show_window (data);
}

static void
on_answered (GtkDialog *dialog, int response, TeachActions *self)
{
  gtk_window_destroy (GTK_WINDOW (dialog));
  if (response == GTK_RESPONSE_ACCEPT)
    {
      show_window (self);
      gtk_widget_activate_action (self->window, "teach.save", NULL);
    }
  else if (response == GTK_RESPONSE_REJECT)
    {
      self->sure = TRUE;
      gtk_window_close (GTK_WINDOW (self->parent));
    }
}

static void
ask (TeachActions *self)
{
  self->question = gtk_message_dialog_new (
      GTK_WINDOW (self->parent), GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
      GTK_MESSAGE_QUESTION, GTK_BUTTONS_NONE, _ ("Save the classes that you taught?"));
  gtk_message_dialog_format_secondary_text (GTK_MESSAGE_DIALOG (self->question),
                                            _ ("The network with its new classes has not been "
                                               "saved. Your pictures stay where they are."));
  gtk_dialog_add_buttons (GTK_DIALOG (self->question), _ ("_Close without saving"),
                          GTK_RESPONSE_REJECT, _ ("_Cancel"), GTK_RESPONSE_CANCEL, _ ("_Save…"),
                          GTK_RESPONSE_ACCEPT, NULL);
  gtk_dialog_set_default_response (GTK_DIALOG (self->question), GTK_RESPONSE_ACCEPT);
  g_object_add_weak_pointer (G_OBJECT (self->question), (gpointer *)&self->question);
  g_signal_connect (self->question, "response", G_CALLBACK (on_answered), self);
  gtk_window_present (GTK_WINDOW (self->question));
}

static gboolean
on_close_request (GtkWindow *window, TeachActions *self)
{
  if (self->sure || self->teaching == NULL || !rn_teaching_is_unsaved (self->teaching))
    return GDK_EVENT_PROPAGATE;
  if (self->question == NULL)
    ask (self);

  return GDK_EVENT_STOP;
}

static void
actions_free (gpointer data)
{
  TeachActions *self = data;

  rn_child_window_forget (&self->window);
  rn_child_window_forget (&self->question);
  if (self->teaching != NULL)
    g_object_run_dispose (G_OBJECT (self->teaching)); /* ends its work */
  g_clear_object (&self->teaching);
  g_object_unref (self->document);
  g_free (self);
}

/**
 * rn_teach_actions_add:
 * @window: the main window, which gets the action `win.teach`; before it closes it asks for what
 * was taught and not saved
 * @document: whose picture may be asked about
 */
void
rn_teach_actions_add (GtkApplicationWindow *window, RnDocument *document)
{
  static const GActionEntry entries[] = { { .name = "teach", .activate = on_teach } };
  TeachActions *self = g_new0 (TeachActions, 1);

  self->parent = window;
  self->document = g_object_ref (document);
  g_object_set_data_full (G_OBJECT (window), KEY, self, actions_free);
  g_signal_connect (window, "close-request", G_CALLBACK (on_close_request), self);
  g_action_map_add_action_entries (G_ACTION_MAP (window), entries, G_N_ELEMENTS (entries), self);
}

/* Returns: (transfer none): what a main window teaches; nothing is started by asking */
RnTeaching *
rn_teach_actions_get_teaching (GtkApplicationWindow *window)
{
  return ensure_teaching (g_object_get_data (G_OBJECT (window), KEY));
}

/* Returns: (transfer none) (nullable): the window, while it is there */
RnTeachWindow *
rn_teach_actions_get_window (GtkApplicationWindow *window)
{
  TeachActions *self = g_object_get_data (G_OBJECT (window), KEY);

  return self->window != NULL ? RN_TEACH_WINDOW (self->window) : NULL;
}
