#include "ui/experiments/edit-actions.h"

static void
undo (GSimpleAction *action, GVariant *parameter, gpointer document)
{
  rn_edits_undo (rn_document_get_edits (document));
}

static void
redo (GSimpleAction *action, GVariant *parameter, gpointer document)
{
  rn_edits_redo (rn_document_get_edits (document));
}

static void
clear (GSimpleAction *action, GVariant *parameter, gpointer document)
{
  const char *const none[] = { NULL };

  rn_edits_set (rn_document_get_edits (document), none);
}

static void
set_enabled (GActionMap *map, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (map, name)), enabled);
}

/* What cannot be done now cannot be chosen. */
static void
follow (RnEdits *edits, GActionMap *map)
{
  set_enabled (map, "undo", rn_edits_can_undo (edits));
  set_enabled (map, "redo", rn_edits_can_redo (edits));
  set_enabled (map, "clear-edits", rn_edits_get_n (edits) > 0);
}

/**
 * rn_edit_actions_add:
 * @map: a window; the actions live as long as it does
 * @document: whose edits they change; outlives @map
 */
void
rn_edit_actions_add (GActionMap *map, RnDocument *document)
{
  const GActionEntry entries[] = {
    { .name = "undo", .activate = undo },
    { .name = "redo", .activate = redo },
    { .name = "clear-edits", .activate = clear },
  };

  g_action_map_add_action_entries (map, entries, G_N_ELEMENTS (entries), document);
  g_signal_connect_object (rn_document_get_edits (document), "changed", G_CALLBACK (follow), map,
                           0);
  follow (rn_document_get_edits (document), map);
}
