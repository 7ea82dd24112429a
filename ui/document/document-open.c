/* The document's work on what is opened: pictures, weights, models. */
#include "ui/document/document-private.h"

#include "ui/document/loading.h"
#include "ui/document/opened.h"

static void open_next (RnDocument *self);

/* What the network that is asked for sees of a picture; of one that is not loaded yet, what is usual
 * for it. */
static RnInputSize
get_input_size (RnDocument *self)
{
  const RnNetwork *network = g_hash_table_lookup (self->networks, self->model_id);
  const RnShape *shape;
  int size;

  if (network != NULL)
    {
      shape = &rn_model_get_input (rn_network_get_model (network))->output_shape;
      if (shape->rank == 3)
        return (RnInputSize) { shape->dims[1], shape->dims[0] };
    }
  size = rn_catalog_find (network == NULL ? self->model_id : "resnet50", NULL)->input_size;

  return (RnInputSize) { size, size };
}

static void
on_seen (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RnDocument) self = data;
  g_autoptr (RnOpened) opened = rn_opened_finish (result, NULL);

  if (g_task_get_cancellable (G_TASK (result)) != self->see_cancellable || self->stopped)
    return;

  g_clear_object (&self->see_cancellable);
  if (opened != NULL && g_set_object (&self->seen, opened->seen))
    rn_document_notify_prop (self, RN_DOCUMENT_PROP_SEEN);
}

/* Looks at the picture again where the network that is shown sees it at another size. */
void
rn_document_see (RnDocument *self)
{
  RnInputSize size = get_input_size (self);

  g_cancellable_cancel (self->see_cancellable);
  g_clear_object (&self->see_cancellable);
  if (self->picture == NULL
      || (self->seen != NULL && gdk_texture_get_width (self->seen) == size.width
          && gdk_texture_get_height (self->seen) == size.height))
    return;

  self->see_cancellable = g_cancellable_new ();
  rn_opened_crop_async (self->picture, size, self->see_cancellable, on_seen, g_object_ref (self));
}

/* Of models from files the last stays, beside the built-in ones. */
static void
choose_opened (RnDocument *self, const char *id)
{
  if (rn_catalog_find (id, NULL) == NULL && g_strcmp0 (self->opened_id, id) != 0)
    {
      if (self->opened_id != NULL)
        {
          g_hash_table_remove (self->networks, self->opened_id);
          g_hash_table_remove (self->runs, self->opened_id);
        }
      g_free (self->opened_id);
      self->opened_id = g_strdup (id);
      rn_document_notify_prop (self, RN_DOCUMENT_PROP_OPENED_ID);
    }
  if (g_strcmp0 (self->model_id, id) != 0)
    {
      g_free (self->model_id);
      self->model_id = g_strdup (id);
      rn_document_notify_prop (self, RN_DOCUMENT_PROP_MODEL_ID);
    }
}

static void
on_network_ready (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (RnDocument) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RnNetwork) network = rn_loading_load_finish (result, NULL, &error);

  if (self->stopped)
    return;
  if (rn_loading_get_serial (result) != self->weights_request)
    {
      /* Other weights have been asked for since. What waited behind these still waits. */
      if (self->open_cancellable == NULL && !self->binding_opened)
        open_next (self);
      rn_document_notify_prop (self, RN_DOCUMENT_PROP_BUSY);
      return;
    }

  self->binding_opened = FALSE;
  if (network == NULL)
    {
      rn_document_report (self, error->message);
      if (rn_loading_get_misfit (result) != NULL)
        rn_document_tell_misfit (self, rn_loading_get_misfit (result));
    }
  else
    {
      /* What a model's reader noted has been said already. */
      if (rn_network_get_trouble (network) != NULL
          && rn_model_get_notes (rn_network_get_model (network))[0] == NULL)
        rn_document_report (self, rn_network_get_trouble (network));
      choose_opened (self, rn_network_get_id (network));
      rn_document_keep (self, network);
      rn_document_tell_opened (self, rn_loading_get_path (result));
    }
  open_next (self);
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_BUSY);
}

/* A model from a file goes by its path; weights alone are first tried on what is shown. */
static void
take_network (RnDocument *self, const RnOpened *opened)
{
  RnNetwork *shown = g_hash_table_lookup (self->networks, self->model_id);
  gboolean builtin = rn_catalog_find (self->model_id, NULL) != NULL;
  RnModel *model = opened->model;

  if (model == NULL && !builtin && shown != NULL)
    model = rn_network_get_model (shown);
  if (opened->warning != NULL)
    rn_document_report (self, opened->warning);

  self->binding_opened = TRUE;
  rn_loading_load_opened_async (opened->model != NULL ? opened->path : self->model_id, model,
                                opened->weights, opened->path, ++self->weights_request,
                                on_network_ready, g_object_ref (self));
}

static void
take_picture (RnDocument *self, RnOpened *opened)
{
  if (rn_document_take_picture (self, opened, self->first_picture))
    rn_document_run (self);
  self->first_picture = FALSE;
}

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
  else if (opened->picture != NULL)
    take_picture (self, opened);
  else
    take_network (self, opened);

  /* What comes behind a network is meant for it. */
  if (!self->binding_opened)
    open_next (self);
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_BUSY);
}

static GCancellable *
renew_open_cancellable (RnDocument *self)
{
  g_cancellable_cancel (self->open_cancellable);
  g_clear_object (&self->open_cancellable);
  self->open_cancellable = g_cancellable_new ();

  /* A network that is still being made ready is not waited for any more. */
  self->binding_opened = FALSE;
  self->weights_request++;

  return self->open_cancellable;
}

static void
open_next (RnDocument *self)
{
  g_autoptr (GFile) file = g_queue_pop_head (&self->to_open);

  if (file != NULL)
    rn_opened_read_async (file, get_input_size (self), self->reader_program, self->decoder,
                          self->data_dir, renew_open_cancellable (self), on_opened, g_object_ref (self));
}

/**
 * rn_document_open:
 * @file: a picture, which is run at once; weights of the model that is shown, or of a built-in one,
 *   which is then shown; or a model, with weights or without
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
 * @files: pictures, models and weights, opened one after the other; pictures take the place of those
 *   before, and the first of them is shown
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

/**
 * rn_document_open_bytes:
 * @bytes: a picture as its file has it, e.g. a pasted one
 * @name: what to call it
 */
void
rn_document_open_bytes (RnDocument *self, GBytes *bytes, const char *name)
{
  g_return_if_fail (RN_IS_DOCUMENT (self) && bytes != NULL);
  g_return_if_fail (self->model_id != NULL);

  g_queue_clear_full (&self->to_open, g_object_unref);
  self->first_picture = TRUE;
  rn_opened_take_bytes_async (bytes, name, get_input_size (self), self->decoder,
                              renew_open_cancellable (self), on_opened, g_object_ref (self));
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_BUSY);
}

/**
 * rn_document_use_bundled:
 * @id: a built-in model that came with weights
 *
 * Shows that model with the weights that came with the program, whatever it was shown with since.
 */
void
rn_document_use_bundled (RnDocument *self, const char *id)
{
  g_autofree char *path = rn_document_get_bundled_path (self, id);
  RnNetwork *network;

  g_return_if_fail (RN_IS_DOCUMENT (self) && rn_catalog_find (id, NULL) != NULL);

  /* Others that are still being made ready are not wanted any more. */
  self->binding_opened = FALSE;
  self->weights_request++;
  network = g_hash_table_lookup (self->networks, id);
  if (network != NULL && g_strcmp0 (rn_network_get_path (network), path) != 0)
    {
      g_hash_table_remove (self->networks, id);
      g_hash_table_remove (self->runs, id);
      if (g_strcmp0 (id, self->model_id) == 0)
        rn_document_load_bundled (self, id);
    }
  rn_document_set_model_id (self, id);
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_BUSY);
}
