/* The document's work: loading networks, opening files, running. Results that went stale, because
 * something else was asked for since, are dropped here. */
#include "ui/document/document-private.h"

#include "engine/runtime/edit.h"
#include "ui/document/loading.h"
#include "ui/document/opened.h"

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

  rn_edits_choose_model (self->edits, rn_network_get_entry (network)->id);
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
    return;

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

  /* The model first: to it alone the numbers of the selection mean anything. */
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_MODEL);
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_SELECTED_LAYER);
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_SELECTED_BLOCK);
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_RUN);

  start_run (self);
}

/* A network takes the place of the one of its id, and is shown if that is. */
void
rn_document_keep (RnDocument *self, RnNetwork *network)
{
  const char *id = rn_network_get_entry (network)->id;

  g_hash_table_remove (self->runs, id);
  g_hash_table_insert (self->networks, g_strdup (id), rn_network_ref (network));
  if (g_str_equal (id, self->model_id))
    rn_document_adopt (self, network);
}

static char *
get_bundled_path (RnDocument *self, const char *id)
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
      g_autofree char *path = get_bundled_path (self, entries[i].id);

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
      g_hash_table_insert (self->runs, g_strdup (rn_network_get_entry (self->network)->id),
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
  if (self->network == NULL || self->picture == NULL)
    return;

  known = g_hash_table_lookup (self->runs, rn_network_get_entry (self->network)->id);
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

  if (model == NULL || self->picture == NULL || self->stopped || g_strv_equal (now, then))
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
        rn_document_set_model_id (self, rn_network_get_entry (self->network)->id);
    }
  else if (!g_hash_table_contains (self->networks, id))
    rn_document_keep (self, network);
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_BUSY);
}

/* Loads the weights that came with the program, and shows them if they are still wanted. */
void
rn_document_load_bundled (RnDocument *self, const char *id)
{
  g_autofree char *path = get_bundled_path (self, id);

  if (!g_hash_table_add (self->loading, g_strdup (id)))
    return;

  rn_loading_load_file_async (id, path, on_bundled_loaded, g_object_ref (self));
}

static void
on_weights_bound (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RnDocument) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RnNetwork) network = rn_loading_load_finish (result, NULL, &error);

  if (self->stopped || rn_loading_get_serial (result) != self->weights_request)
    return;

  if (network == NULL)
    rn_document_report (self, error->message);
  else
    rn_document_keep (self, network);
}

static void open_next (RnDocument *self);

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RnDocument) self = data;
  GCancellable *cancellable = g_task_get_cancellable (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (RnOpened) opened = rn_opened_finish (result, &error);

  if (cancellable != self->open_cancellable || self->stopped)
    return;

  g_clear_object (&self->open_cancellable);
  if (opened == NULL)
    rn_document_report (self, error->message);
  else if (opened->weights != NULL)
    rn_loading_load_weights_async (self->model_id, opened->weights, ++self->weights_request,
                                   on_weights_bound, g_object_ref (self));
  else
    {
      if (rn_document_take_picture (self, opened, self->first_picture))
        rn_document_run (self);
      self->first_picture = FALSE;
    }
  open_next (self);
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_BUSY);
}

static int
get_input_size (RnDocument *self)
{
  return rn_catalog_find (self->model_id, NULL)->input_size;
}

static GCancellable *
renew_open_cancellable (RnDocument *self)
{
  g_cancellable_cancel (self->open_cancellable);
  g_clear_object (&self->open_cancellable);
  self->open_cancellable = g_cancellable_new ();

  return self->open_cancellable;
}

static void
open_next (RnDocument *self)
{
  g_autoptr (GFile) file = g_queue_pop_head (&self->to_open);

  if (file != NULL)
    rn_opened_read_async (file, get_input_size (self), self->reader_program, self->decoder,
                          renew_open_cancellable (self), on_opened, g_object_ref (self));
}

/**
 * rn_document_open:
 * @file: a picture, which is run at once, or weights of the model that is shown
 *
 * What cannot be opened is a message, and all stays as it was.
 */
void
rn_document_open (RnDocument *self, GFile *file)
{
  rn_document_open_files (self, &file, 1);
}

/**
 * rn_document_open_files:
 * @files: pictures and weights, opened one after the other; pictures take the place of those before,
 *   and the first of them is shown
 *
 * Files of an earlier call that have not been opened yet are not opened any more.
 */
void
rn_document_open_files (RnDocument *self, GFile **files, int n_files)
{
  g_return_if_fail (RN_IS_DOCUMENT (self));
  g_return_if_fail (self->model_id != NULL);

  g_queue_clear_full (&self->to_open, g_object_unref);
  for (int i = 0; i < n_files; i++)
    g_queue_push_tail (&self->to_open, g_object_ref (files[i]));
  self->first_picture = TRUE;
  open_next (self);
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_BUSY);
}

/* Shows a picture that is in memory, e.g. a pasted one. */
void
rn_document_open_texture (RnDocument *self, GdkTexture *texture, const char *name)
{
  g_return_if_fail (RN_IS_DOCUMENT (self) && GDK_IS_TEXTURE (texture));
  g_return_if_fail (self->model_id != NULL);

  g_queue_clear_full (&self->to_open, g_object_unref);
  self->first_picture = TRUE;
  rn_opened_take_texture_async (texture, name, get_input_size (self), renew_open_cancellable (self),
                                on_opened, g_object_ref (self));
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_BUSY);
}

/* Ends all that is under way. */
void
rn_document_cancel_work (RnDocument *self)
{
  cancel_run (self);
  g_cancellable_cancel (self->open_cancellable);
  g_clear_object (&self->open_cancellable);
  g_queue_clear_full (&self->to_open, g_object_unref);
  if (self->progress != NULL)
    rn_progress_stop (self->progress);
  g_clear_pointer (&self->progress, rn_progress_unref);
}
