#include "ui/learn/learn-actions.h"

#include "ui/learn/learn-window.h"
#include "ui/window/child-window.h"

#define KEY "rn-learn-actions"

/* Belongs to the main window. */
typedef struct
{
  GtkApplicationWindow *parent;
  RnDocument *document;
  RnWeightsStore *store;
  RnLearning *learning; /* NULL until it is first asked for */
  GtkWidget *window;    /* NULL while it is not shown */
} LearnActions;

static RnLearning *
ensure_learning (LearnActions *self)
{
  if (self->learning == NULL)
    {
      g_autofree char *folder =
          g_build_filename (g_get_user_data_dir (), "resnet-explorer", "learn", NULL);

      self->learning = rn_learning_new (rn_document_get_reader_program (self->document), folder);
    }

  return self->learning;
}

static void
show_window (LearnActions *self)
{
  if (self->window == NULL)
    rn_child_window_adopt (&self->window,
                           rn_learn_window_new (ensure_learning (self), self->store),
                           GTK_WINDOW (self->parent));
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
on_learn (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  show_window (data);
}

static void
on_learn_with (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  LearnActions *self = data;
  g_autoptr (GError) error = NULL;

  if (!rn_learning_apply (ensure_learning (self), g_variant_get_string (parameter, NULL), &error))
    rn_document_report (self->document, error->message);
  show_window (self);
}

static void
actions_free (gpointer data)
{
  LearnActions *self = data;

  rn_child_window_forget (&self->window);
  g_clear_object (&self->learning);
  g_object_unref (self->document);
  g_object_unref (self->store);
  g_free (self);
}

/**
 * rn_learn_actions_add:
 * @window: the main window, which gets two actions: `win.learn` opens the learn view, and
 *   `win.learn-with` does so with a setup, a string as rn_learning_apply() reads it
 * @document: whose messages say what is wrong with such a string
 * @store: fetches pictures to learn from
 */
void
rn_learn_actions_add (GtkApplicationWindow *window, RnDocument *document, RnWeightsStore *store)
{
  static const GActionEntry entries[] = {
    { .name = "learn", .activate = on_learn },
    { .name = "learn-with", .activate = on_learn_with, .parameter_type = "s" },
  };
  LearnActions *self = g_new0 (LearnActions, 1);

  self->parent = window;
  self->document = g_object_ref (document);
  self->store = g_object_ref (store);
  g_object_set_data_full (G_OBJECT (window), KEY, self, actions_free);
  g_action_map_add_action_entries (G_ACTION_MAP (window), entries, G_N_ELEMENTS (entries), self);
}

/* Returns: (transfer none): the two networks of a main window; nothing is started by asking */
RnLearning *
rn_learn_actions_get_learning (GtkApplicationWindow *window)
{
  return ensure_learning (g_object_get_data (G_OBJECT (window), KEY));
}

/* Returns: (transfer none): the learn view, in front of the others */
GtkWindow *
rn_learn_actions_show (GtkApplicationWindow *window)
{
  LearnActions *self = g_object_get_data (G_OBJECT (window), KEY);

  show_window (self);

  return GTK_WINDOW (self->window);
}

/* Returns: (transfer none) (nullable): the learn view, while it is there */
GtkWindow *
rn_learn_actions_get_window (GtkApplicationWindow *window)
{
  LearnActions *self = g_object_get_data (G_OBJECT (window), KEY);

  return self->window != NULL ? GTK_WINDOW (self->window) : NULL;
}
