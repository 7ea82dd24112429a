#include "ui/weights/weights-actions.h"

struct _RnWeightsActions
{
  GObject parent_instance;

  GtkApplicationWindow *window; /* borrowed: it owns this */
  RnDocument *document;
  RnWeightsStore *store;
  GtkWindow *dialog; /* weak: while it is open */
};

G_DEFINE_FINAL_TYPE (RnWeightsActions, rn_weights_actions, G_TYPE_OBJECT)

static void
on_weights (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RnWeightsActions *self = data;

  if (self->dialog == NULL)
    g_set_weak_pointer (&self->dialog, rn_weights_dialog_new (GTK_WINDOW (self->window),
                                                              self->store, self->document));
  gtk_window_present (self->dialog);
}

static void
on_open_recent (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  RnWeightsActions *self = data;
  g_autoptr (GFile) file = g_file_new_for_path (g_variant_get_string (parameter, NULL));

  rn_document_open (self->document, file);
}

static void
rn_weights_actions_dispose (GObject *object)
{
  RnWeightsActions *self = RN_WEIGHTS_ACTIONS (object);

  rn_weights_actions_stop (self);
  g_clear_weak_pointer (&self->dialog);
  g_clear_object (&self->store);
  g_clear_object (&self->document);

  G_OBJECT_CLASS (rn_weights_actions_parent_class)->dispose (object);
}

static void
rn_weights_actions_class_init (RnWeightsActionsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rn_weights_actions_dispose;
}

static void
rn_weights_actions_init (RnWeightsActions *self)
{
}

/**
 * rn_weights_actions_new:
 * @window: gets the actions
 * @recent_menu: gets the files that were opened before
 *
 * Remembers from now on what @document opens.
 */
RnWeightsActions *
rn_weights_actions_new (GtkApplicationWindow *window, RnDocument *document, GMenu *recent_menu)
{
  static const GActionEntry entries[] = {
    { .name = "weights", .activate = on_weights },
    { .name = "open-recent", .activate = on_open_recent, .parameter_type = "s" },
  };
  RnWeightsActions *self = g_object_new (RN_TYPE_WEIGHTS_ACTIONS, NULL);

  self->window = window;
  self->document = g_object_ref (document);
  self->store = rn_weights_store_new (rn_document_get_data_dir (document),
                                      gtk_recent_manager_get_default ());
  g_action_map_add_action_entries (G_ACTION_MAP (window), entries, G_N_ELEMENTS (entries), self);
  g_menu_append_section (recent_menu, NULL, rn_weights_store_get_recent (self->store));
  g_signal_connect_object (document, "network-opened", G_CALLBACK (rn_weights_store_remember),
                           self->store, G_CONNECT_SWAPPED);

  return self;
}

/* Ends what is being fetched, and takes the actions back. */
void
rn_weights_actions_stop (RnWeightsActions *self)
{
  if (self->window == NULL)
    return;

  g_action_map_remove_action (G_ACTION_MAP (self->window), "weights");
  g_action_map_remove_action (G_ACTION_MAP (self->window), "open-recent");
  self->window = NULL;
  rn_weights_store_stop (self->store);
}

RnWeightsStore *
rn_weights_actions_get_store (RnWeightsActions *self)
{
  return self->store;
}

/* Returns: (transfer none) (nullable): the window of all weights while it is open */
RnWeightsDialog *
rn_weights_actions_get_dialog (RnWeightsActions *self)
{
  return (RnWeightsDialog *) self->dialog;
}
