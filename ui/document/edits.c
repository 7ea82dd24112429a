#include "ui/document/edits.h"

/* How many steps back are remembered. */
#define MAX_HISTORY 200

/* The states that a model's list went through; @now is the one in force. */
typedef struct
{
  GPtrArray *states; /* of char ** */
  guint now;
} History;

struct _RnEdits
{
  GObject parent_instance;

  GHashTable *histories; /* id of a model → History */
  History *current;      /* borrowed from there */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RnEdits, rn_edits, G_TYPE_OBJECT)

static void
history_free (gpointer data)
{
  History *history = data;

  g_ptr_array_unref (history->states);
  g_free (history);
}

static void
history_clear (History *history)
{
  g_ptr_array_set_size (history->states, 0);
  g_ptr_array_add (history->states, g_new0 (char *, 1));
  history->now = 0;
}

static History *
history_new (void)
{
  History *history = g_new0 (History, 1);

  history->states = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  history_clear (history);

  return history;
}

static void
tell (RnEdits *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
rn_edits_finalize (GObject *object)
{
  g_hash_table_unref (RN_EDITS (object)->histories);

  G_OBJECT_CLASS (rn_edits_parent_class)->finalize (object);
}

static void
rn_edits_class_init (RnEditsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rn_edits_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
rn_edits_init (RnEdits *self)
{
  self->histories = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, history_free);
  rn_edits_choose_model (self, "");
}

/* Returns: (transfer full): no edits on any model */
RnEdits *
rn_edits_new (void)
{
  return g_object_new (RN_TYPE_EDITS, NULL);
}

/* From now on the edits are those of the model @id. */
void
rn_edits_choose_model (RnEdits *self, const char *id)
{
  History *history = g_hash_table_lookup (self->histories, id);

  if (history == NULL)
    {
      history = history_new ();
      g_hash_table_insert (self->histories, g_strdup (id), history);
    }
  if (history == self->current)
    return;
  self->current = history;
  tell (self);
}

/* Returns: (transfer none): the edits in force, %NULL-terminated, until the next change */
const char *const *
rn_edits_get (RnEdits *self)
{
  return g_ptr_array_index (self->current->states, self->current->now);
}

guint
rn_edits_get_n (RnEdits *self)
{
  return g_strv_length ((char **) rn_edits_get (self));
}

gboolean
rn_edits_contains (RnEdits *self, const char *edit)
{
  return g_strv_contains (rn_edits_get (self), edit);
}

/**
 * rn_edits_set:
 * @edits: %NULL-terminated
 *
 * Puts these edits in the place of those in force, in one step that can be undone.
 */
void
rn_edits_set (RnEdits *self, const char *const *edits)
{
  History *history = self->current;

  if (g_strv_equal (edits, rn_edits_get (self)))
    return;
  g_ptr_array_set_size (history->states, history->now + 1);
  g_ptr_array_add (history->states, g_strdupv ((char **) edits));
  if (history->states->len > MAX_HISTORY)
    g_ptr_array_remove_index (history->states, 0);
  history->now = history->states->len - 1;
  tell (self);
}

/* Adds an edit behind the others. */
void
rn_edits_add (RnEdits *self, const char *edit)
{
  const char *const *edits = rn_edits_get (self);
  g_autoptr (GPtrArray) next = g_ptr_array_new ();

  for (guint i = 0; edits[i] != NULL; i++)
    g_ptr_array_add (next, (char *) edits[i]);
  g_ptr_array_add (next, (char *) edit);
  g_ptr_array_add (next, NULL);
  rn_edits_set (self, (const char *const *) next->pdata);
}

/* Takes an edit away, if it is in force. */
void
rn_edits_remove (RnEdits *self, const char *edit)
{
  const char *const *edits = rn_edits_get (self);
  g_autoptr (GPtrArray) next = g_ptr_array_new ();

  for (guint i = 0; edits[i] != NULL; i++)
    if (!g_str_equal (edits[i], edit))
      g_ptr_array_add (next, (char *) edits[i]);
  g_ptr_array_add (next, NULL);
  rn_edits_set (self, (const char *const *) next->pdata);
}

/* The model is whole, and has no history: as for one that has just been loaded. */
void
rn_edits_forget (RnEdits *self)
{
  history_clear (self->current);
  tell (self);
}

gboolean
rn_edits_can_undo (RnEdits *self)
{
  return self->current->now > 0;
}

gboolean
rn_edits_can_redo (RnEdits *self)
{
  return self->current->now + 1 < self->current->states->len;
}

void
rn_edits_undo (RnEdits *self)
{
  if (!rn_edits_can_undo (self))
    return;
  self->current->now--;
  tell (self);
}

void
rn_edits_redo (RnEdits *self)
{
  if (!rn_edits_can_redo (self))
    return;
  self->current->now++;
  tell (self);
}
