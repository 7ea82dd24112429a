/* The document's work: loading networks, opening files, running. Results that went stale, because
 * something else was asked for since, are dropped here. */
#include "ui/document/document-private.h"

#include "engine/runtime/edit.h"
#include "ui/document/loading.h"

static void start_run (RnDocument *self);

static void
stop_progress (RnDocument *self)
{
  if (self->progress != NULL)
    rn_progress_stop (self->progress);
  g_clear_pointer (&self->progress, rn_progress_unref);
}

static void
forget_progress (RnDocument *self)
{
  int n_layers = self->network != NULL ? rn_model_get_n_layers (rn_document_get_model (self)) : 0;

  stop_progress (self);
  g_array_set_size (self->layers_done, 0);
  g_array_set_size (self->layers_done, n_layers);
}

static void
cancel_run (RnDocument *self)
{
  g_cancellable_cancel (self->run_cancellable);
  g_clear_object (&self->run_cancellable);
}

static void
set_run (RnDocument *self, RnRun *run)
{
  if (run == self->run)
    return;

  g_clear_pointer (&self->run, rn_run_unref);
  self->run = run != NULL ? rn_run_ref (run) : NULL;
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_RUN);
}

/* Every layer that a run has. */
static void
finish_progress (RnDocument *self, const RnRun *run)
{
  for (guint i = 0; i < self->layers_done->len; i++)
    g_array_index (self->layers_done, gboolean, i) = rn_run_has_layer (run, i);
}

/* The edits of the network that is shown from now on; those that do not fit other weights go. */
static void
adopt_edits (RnDocument *self, RnNetwork *network)
{
  g_autoptr (RnBinding) edited = NULL;

  rn_edits_choose_model (self->edits, rn_network_get_id (network));
  if (rn_network_get_binding (network) != NULL)
    edited = rn_edits_apply (rn_edits_get (self->edits), rn_network_get_binding (network), NULL);
  if (edited == NULL)
    rn_edits_forget (self->edits);
}

/* Shows a network that is loaded, the selection where it was, the picture the same. */
void
rn_document_adopt (RnDocument *self, RnNetwork *network)
{
  RnSelection selection = RN_SELECTION_NONE;

  if (network == self->network)
    {
      /* The picture may have come while another's size was asked for. */
      rn_document_see (self);
      return;
    }

  if (self->network != NULL)
    selection = rn_selection_find_counterpart (self->selection, rn_document_get_model (self),
                                               rn_network_get_model (network));
  cancel_run (self);
  g_clear_pointer (&self->run, rn_run_unref);
  g_clear_pointer (&self->network, rn_network_unref);
  self->network = rn_network_ref (network);
  self->selection = selection;
  forget_progress (self);
  g_signal_handlers_block_by_func (self->edits, rn_document_start_edited, self);
  adopt_edits (self, network);
  g_signal_handlers_unblock_by_func (self->edits, rn_document_start_edited, self);
  rn_document_set_probe (self, NULL);
  rn_document_forget_overlay (self);
  rn_document_set_class (self, -1);

  /* The model first: to it alone the numbers of the selection mean anything. */
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_MODEL);
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_SELECTED_LAYER);
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_SELECTED_BLOCK);
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_RUN);

  rn_document_see (self);
  start_run (self);
}

/* Keeps a network that is ready, in the place of the one of its id, and shows it if it is wanted. */
void
rn_document_keep (RnDocument *self, RnNetwork *network)
{
  const char *id = rn_network_get_id (network);

  g_hash_table_remove (self->runs, id);
  g_hash_table_insert (self->networks, g_strdup (id), rn_network_ref (network));
  if (g_str_equal (id, self->model_id))
    rn_document_adopt (self, network);
}

/* Returns: (transfer full): where the bundled weights of a model are, if it has any */
char *
rn_document_get_bundled_path (RnDocument *self, const char *id)
{
  g_autofree char *name = g_strconcat (id, ".h5", NULL);

  return g_build_filename (self->data_dir, "weights", name, NULL);
}

/* While nothing else is to be done, the other models that have weights get ready. */
static void
load_others (RnDocument *self)
{
  int n_entries;
  const RnCatalogEntry *entries = rn_catalog_list (&n_entries);

  for (int i = 0; i < n_entries; i++)
    {
      g_autofree char *path = rn_document_get_bundled_path (self, entries[i].id);

      if (!g_hash_table_contains (self->networks, entries[i].id)
          && g_file_test (path, G_FILE_TEST_EXISTS))
        rn_document_load_bundled (self, entries[i].id);
    }
}

static void
on_ran (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RnDocument) self = data;
  GCancellable *cancellable = g_task_get_cancellable (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (RnRun) run = rn_loading_run_finish (result, &error);

  if (cancellable != self->run_cancellable || self->stopped)
    return;

  g_clear_object (&self->run_cancellable);
  if (run == NULL)
    rn_document_report (self, error->message);
  else
    {
      finish_progress (self, run);
      g_hash_table_insert (self->runs, g_strdup (rn_network_get_id (self->network)),
                           rn_run_ref (run));
      set_run (self, run);
      rn_document_tell_progress (self);
    }
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_BUSY);
  load_others (self);
}

static void
on_progress (const int *layers, int n_layers, gpointer data)
{
  RnDocument *self = data;

  for (int i = 0; i < n_layers; i++)
    g_array_index (self->layers_done, gboolean, layers[i]) = TRUE;
  rn_document_tell_progress (self);
}

static void
launch (RnDocument *self)
{
  const char *const *edits = rn_edits_get (self->edits);

  g_strfreev (self->edits_started);
  self->edits_started = g_strdupv ((char **) edits);
  /* The network lets go of its last run as it begins, whatever becomes of this one. */
  g_hash_table_remove (self->runs, rn_network_get_id (self->network));
  self->run_cancellable = g_cancellable_new ();
  self->progress = rn_progress_new (on_progress, self);
  rn_document_tell_progress (self);
  rn_loading_run_async (self->network, self->picture, edits, self->progress, self->run_cancellable,
                        on_ran, g_object_ref (self));
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_BUSY);
}

/* Runs what is shown, unless that has been done. The run under way ends. */
static void
start_run (RnDocument *self)
{
  RnRun *known;

  cancel_run (self);
  forget_progress (self);
  if (self->network == NULL || self->picture == NULL
      || rn_network_get_trouble (self->network) != NULL)
    return;

  known = g_hash_table_lookup (self->runs, rn_network_get_id (self->network));
  if (known != NULL && rn_run_is_of (known, self->picture, rn_edits_get (self->edits)))
    {
      g_strfreev (self->edits_started);
      self->edits_started = g_strdupv (known->edits);
      finish_progress (self, known);
      set_run (self, known);
      rn_document_tell_progress (self);
      rn_document_notify_prop (self, RN_DOCUMENT_PROP_BUSY);
    }
  else
    launch (self);
}

/* The first layer that one list of edits touches and the other does not; the number of layers where
 * they are alike. */
static int
find_first_touched (const RnModel *model, const char *const *a, const char *const *b)
{
  int first = rn_model_get_n_layers (model);

  for (guint i = 0; a[i] != NULL; i++)
    {
      g_autoptr (RnEdit) edit = g_strv_contains (b, a[i]) ? NULL : rn_edit_parse (a[i], NULL);
      const RnLayer *layer = edit != NULL ? rn_model_find_layer (model, edit->target, NULL) : NULL;
      const RnBlock *block = layer != NULL && edit->kind == RN_EDIT_MOVE_STRIDE
                                 ? rn_structure_find_block (rn_model_get_structure (model),
                                                            layer->index)
                                 : NULL;

      if (block != NULL)
        first = MIN (first, block->branch[0]);
      else if (layer != NULL)
        first = MIN (first, layer->index);
    }

  return first;
}

/* Runs what other edits touch. What was shown stays until that is known: it takes but moments. */
void
rn_document_start_edited (RnDocument *self)
{
  const char *const *now = rn_edits_get (self->edits);
  const char *const *then = (const char *const *) self->edits_started;
  const RnModel *model = rn_document_get_model (self);

  if (model == NULL || self->picture == NULL || self->stopped || g_strv_equal (now, then)
      || rn_network_get_trouble (self->network) != NULL)
    return;

  cancel_run (self);
  stop_progress (self);
  for (int i = MIN (find_first_touched (model, now, then), find_first_touched (model, then, now));
       i < rn_model_get_n_layers (model); i++)
    g_array_index (self->layers_done, gboolean, i) = FALSE;
  launch (self);
}

/* Runs the picture that is shown now: what was computed is of another one. */
void
rn_document_run (RnDocument *self)
{
  set_run (self, NULL);
  start_run (self);
}

static void
on_bundled_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RnDocument) self = data;
  const char *id = rn_loading_get_id (result);
  g_autofree char *warning = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (RnNetwork) network = rn_loading_load_finish (result, &warning, &error);

  if (self->stopped)
    return;

  g_hash_table_remove (self->loading, id);
  if (warning != NULL)
    rn_document_report (self, warning);
  if (network == NULL)
    {
      rn_document_report (self, error->message);
      if (self->network != NULL && g_str_equal (id, self->model_id))
        rn_document_set_model_id (self, rn_network_get_id (self->network));
    }
  else if (!g_hash_table_contains (self->networks, id))
    rn_document_keep (self, network);
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_BUSY);
}

/* Loads the weights that came with the program, and shows them if they are still wanted. */
void
rn_document_load_bundled (RnDocument *self, const char *id)
{
  g_autofree char *path = rn_document_get_bundled_path (self, id);

  if (!g_hash_table_add (self->loading, g_strdup (id)))
    return;

  rn_loading_load_file_async (id, path, on_bundled_loaded, g_object_ref (self));
}

/* Ends all that is under way. */
void
rn_document_cancel_work (RnDocument *self)
{
  cancel_run (self);
  g_cancellable_cancel (self->open_cancellable);
  g_clear_object (&self->open_cancellable);
  g_cancellable_cancel (self->see_cancellable);
  g_clear_object (&self->see_cancellable);
  self->binding_opened = FALSE;
  g_queue_clear_full (&self->to_open, g_object_unref);
  if (self->progress != NULL)
    rn_progress_stop (self->progress);
  g_clear_pointer (&self->progress, rn_progress_unref);
}
