#include "ui/document/document.h"

#include "ui/document/loading.h"
#include "ui/document/opened.h"
#include "ui/document/progress.h"

struct _RnDocument
{
  GObject parent_instance;

  char *data_dir;
  char *reader_program;

  char *model_id;        /* what was asked for last */
  RnNetwork *network;    /* what is shown; another's until the one asked for is loaded */
  GHashTable *networks;  /* id → RnNetwork: all that are loaded */
  GHashTable *loading;   /* ids whose bundled weights are being loaded */
  GHashTable *runs;      /* id → RnRun: the last of each network */
  guint weights_request; /* counts files of weights that were opened */
  RnSelection selection;

  char *picture_name;
  RnPicture *picture;
  GdkTexture *seen;
  GCancellable *open_cancellable; /* of the file being opened */

  RnRun *run;
  GArray *layers_done; /* of gboolean, one for each layer of the model */
  GCancellable *run_cancellable; /* of the run under way */
  RnProgress *progress;          /* likewise */
  gboolean stopped;
};

enum
{
  PROP_0,
  PROP_DATA_DIR,
  PROP_READER_PROGRAM,
  PROP_MODEL_ID,
  PROP_MODEL,
  PROP_PICTURE_NAME,
  PROP_SEEN,
  PROP_SELECTED_LAYER,
  PROP_SELECTED_BLOCK,
  PROP_RUN,
  PROP_BUSY,
  N_PROPS
};

enum
{
  MESSAGE,
  PROGRESS,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RnDocument, rn_document, G_TYPE_OBJECT)

static void start_run (RnDocument *self);
static void load_bundled (RnDocument *self, const char *id);

static void
notify (RnDocument *self, guint prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

static void
set_selection (RnDocument *self, RnSelection selection)
{
  RnSelection old = self->selection;

  self->selection = selection;
  if (old.layer != selection.layer)
    notify (self, PROP_SELECTED_LAYER);
  if (old.block != selection.block)
    notify (self, PROP_SELECTED_BLOCK);
}

static void
forget_progress (RnDocument *self)
{
  int n_layers = self->network != NULL ? rn_model_get_n_layers (rn_document_get_model (self)) : 0;

  if (self->progress != NULL)
    rn_progress_stop (self->progress);
  g_clear_pointer (&self->progress, rn_progress_unref);
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
  notify (self, PROP_RUN);
}

/* Shows a network that is loaded, the selection where it was, the picture the same. */
static void
adopt (RnDocument *self, RnNetwork *network)
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

  /* The model first: to it alone the numbers of the selection mean anything. */
  notify (self, PROP_MODEL);
  notify (self, PROP_SELECTED_LAYER);
  notify (self, PROP_SELECTED_BLOCK);
  notify (self, PROP_RUN);

  start_run (self);
}

static void
keep (RnDocument *self, RnNetwork *network)
{
  const char *id = rn_network_get_entry (network)->id;

  g_hash_table_remove (self->runs, id);
  g_hash_table_insert (self->networks, g_strdup (id), rn_network_ref (network));
  if (g_str_equal (id, self->model_id))
    adopt (self, network);
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
        load_bundled (self, entries[i].id);
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
      for (guint i = 0; i < self->layers_done->len; i++)
        g_array_index (self->layers_done, gboolean, i) = TRUE;
      g_hash_table_insert (self->runs, g_strdup (rn_network_get_entry (self->network)->id),
                           rn_run_ref (run));
      set_run (self, run);
      g_signal_emit (self, signals[PROGRESS], 0);
    }
  notify (self, PROP_BUSY);
  load_others (self);
}

static void
on_progress (const int *layers, int n_layers, gpointer data)
{
  RnDocument *self = data;

  for (int i = 0; i < n_layers; i++)
    g_array_index (self->layers_done, gboolean, layers[i]) = TRUE;
  g_signal_emit (self, signals[PROGRESS], 0);
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
  if (known != NULL && known->picture == self->picture)
    {
      for (guint i = 0; i < self->layers_done->len; i++)
        g_array_index (self->layers_done, gboolean, i) = TRUE;
      set_run (self, known);
      g_signal_emit (self, signals[PROGRESS], 0);
      notify (self, PROP_BUSY);
      return;
    }

  self->run_cancellable = g_cancellable_new ();
  self->progress = rn_progress_new (on_progress, self);
  g_signal_emit (self, signals[PROGRESS], 0);
  rn_loading_run_async (self->network, self->picture, self->progress, self->run_cancellable, on_ran,
                        g_object_ref (self));
  notify (self, PROP_BUSY);
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
    keep (self, network);
  notify (self, PROP_BUSY);
}

static void
load_bundled (RnDocument *self, const char *id)
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
    keep (self, network);
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
  else if (opened->weights != NULL)
    rn_loading_load_weights_async (self->model_id, opened->weights, ++self->weights_request,
                                   on_weights_bound, g_object_ref (self));
  else
    {
      g_clear_pointer (&self->picture, rn_picture_unref);
      self->picture = g_steal_pointer (&opened->picture);
      g_set_object (&self->seen, opened->seen);
      g_free (self->picture_name);
      self->picture_name = g_steal_pointer (&opened->name);

      /* What was computed is of another picture. */
      set_run (self, NULL);
      notify (self, PROP_PICTURE_NAME);
      notify (self, PROP_SEEN);
      start_run (self);
    }
  notify (self, PROP_BUSY);
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
rn_document_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RnDocument *self = RN_DOCUMENT (object);

  switch (id)
    {
    case PROP_DATA_DIR:
      self->data_dir = g_value_dup_string (value);
      break;
    case PROP_READER_PROGRAM:
      self->reader_program = g_value_dup_string (value);
      break;
    case PROP_MODEL_ID:
      rn_document_set_model_id (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rn_document_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RnDocument *self = RN_DOCUMENT (object);

  switch (id)
    {
    case PROP_DATA_DIR:
      g_value_set_string (value, self->data_dir);
      break;
    case PROP_READER_PROGRAM:
      g_value_set_string (value, self->reader_program);
      break;
    case PROP_MODEL_ID:
      /* An action on this property cannot do without a state. */
      g_value_set_string (value, self->model_id != NULL ? self->model_id : "");
      break;
    case PROP_MODEL:
      g_value_set_pointer (value, rn_document_get_model (self));
      break;
    case PROP_PICTURE_NAME:
      g_value_set_string (value, self->picture_name);
      break;
    case PROP_SEEN:
      g_value_set_object (value, self->seen);
      break;
    case PROP_SELECTED_LAYER:
      g_value_set_int (value, self->selection.layer);
      break;
    case PROP_SELECTED_BLOCK:
      g_value_set_int (value, self->selection.block);
      break;
    case PROP_RUN:
      g_value_set_pointer (value, self->run);
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, rn_document_get_busy (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rn_document_dispose (GObject *object)
{
  RnDocument *self = RN_DOCUMENT (object);

  rn_document_stop (self);
  g_clear_pointer (&self->run, rn_run_unref);
  g_clear_pointer (&self->network, rn_network_unref);
  g_clear_pointer (&self->picture, rn_picture_unref);
  g_clear_object (&self->seen);
  g_hash_table_remove_all (self->networks);
  g_hash_table_remove_all (self->runs);

  G_OBJECT_CLASS (rn_document_parent_class)->dispose (object);
}

static void
rn_document_finalize (GObject *object)
{
  RnDocument *self = RN_DOCUMENT (object);

  g_hash_table_unref (self->networks);
  g_hash_table_unref (self->loading);
  g_hash_table_unref (self->runs);
  g_array_unref (self->layers_done);
  g_free (self->data_dir);
  g_free (self->reader_program);
  g_free (self->model_id);
  g_free (self->picture_name);

  G_OBJECT_CLASS (rn_document_parent_class)->finalize (object);
}

static void
rn_document_class_init (RnDocumentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  const GParamFlags construct = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = rn_document_set_property;
  object_class->get_property = rn_document_get_property;
  object_class->dispose = rn_document_dispose;
  object_class->finalize = rn_document_finalize;

  props[PROP_DATA_DIR] = g_param_spec_string ("data-dir", NULL, NULL, NULL, construct);
  props[PROP_READER_PROGRAM] = g_param_spec_string ("reader-program", NULL, NULL, NULL, construct);
  props[PROP_MODEL_ID]
      = g_param_spec_string ("model-id", NULL, NULL, NULL, read | G_PARAM_WRITABLE);
  props[PROP_MODEL] = g_param_spec_pointer ("model", NULL, NULL, read);
  props[PROP_PICTURE_NAME] = g_param_spec_string ("picture-name", NULL, NULL, NULL, read);
  props[PROP_SEEN] = g_param_spec_object ("seen", NULL, NULL, GDK_TYPE_TEXTURE, read);
  props[PROP_SELECTED_LAYER]
      = g_param_spec_int ("selected-layer", NULL, NULL, -1, G_MAXINT, -1, read);
  props[PROP_SELECTED_BLOCK]
      = g_param_spec_int ("selected-block", NULL, NULL, -1, G_MAXINT, -1, read);
  props[PROP_RUN] = g_param_spec_pointer ("run", NULL, NULL, read);
  props[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, read);
  g_object_class_install_properties (object_class, N_PROPS, props);

  /* Something went wrong: one line for the person at the window. */
  signals[MESSAGE] = g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  /* What rn_document_is_layer_done() says has changed. */
  signals[PROGRESS] = g_signal_new ("progress", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
rn_document_init (RnDocument *self)
{
  self->selection = RN_SELECTION_NONE;
  self->networks
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) rn_network_unref);
  self->loading = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->runs
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) rn_run_unref);
  self->layers_done = g_array_new (FALSE, TRUE, sizeof (gboolean));
}

/**
 * rn_document_new:
 * @data_dir: the folder of the bundled data
 * @reader_program: (nullable): the program that parses strangers' files
 *
 * Returns: (transfer full): a document that shows nothing until it is told what
 */
RnDocument *
rn_document_new (const char *data_dir, const char *reader_program)
{
  return g_object_new (RN_TYPE_DOCUMENT, "data-dir", data_dir, "reader-program", reader_program,
                       NULL);
}

const char *
rn_document_get_data_dir (RnDocument *self)
{
  return self->data_dir;
}

/* Returns: (nullable): the id of the model that was asked for */
const char *
rn_document_get_model_id (RnDocument *self)
{
  return self->model_id;
}

/**
 * rn_document_set_model_id:
 * @id: a built-in model
 *
 * Shows that model with the weights it was last shown with, at first the bundled ones, as soon as it
 * is loaded; until then the model shown before stays.
 */
void
rn_document_set_model_id (RnDocument *self, const char *id)
{
  RnNetwork *network;

  g_return_if_fail (RN_IS_DOCUMENT (self));
  g_return_if_fail (rn_catalog_find (id, NULL) != NULL);

  if (g_strcmp0 (id, self->model_id) == 0)
    return;

  g_free (self->model_id);
  self->model_id = g_strdup (id);
  network = g_hash_table_lookup (self->networks, id);
  if (network != NULL)
    adopt (self, network);
  else
    load_bundled (self, id);
  notify (self, PROP_MODEL_ID);
  notify (self, PROP_BUSY);
}

/* Returns: (transfer none) (nullable): the network that is shown */
RnNetwork *
rn_document_get_network (RnDocument *self)
{
  return self->network;
}

/* Returns: (transfer none) (nullable): the model that is shown */
RnModel *
rn_document_get_model (RnDocument *self)
{
  return self->network != NULL ? rn_network_get_model (self->network) : NULL;
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
  g_return_if_fail (RN_IS_DOCUMENT (self) && G_IS_FILE (file));
  g_return_if_fail (self->model_id != NULL);

  rn_opened_read_async (file, get_input_size (self), self->reader_program,
                        renew_open_cancellable (self), on_opened, g_object_ref (self));
  notify (self, PROP_BUSY);
}

/**
 * rn_document_open_files:
 * @files: pictures and weights; of each kind the first is opened
 */
void
rn_document_open_files (RnDocument *self, GFile **files, int n_files)
{
  if (n_files > 0)
    rn_document_open (self, files[0]);
}

/* Shows a picture that is in memory, e.g. a pasted one. */
void
rn_document_open_texture (RnDocument *self, GdkTexture *texture, const char *name)
{
  g_return_if_fail (RN_IS_DOCUMENT (self) && GDK_IS_TEXTURE (texture));
  g_return_if_fail (self->model_id != NULL);

  rn_opened_take_texture_async (texture, name, get_input_size (self), renew_open_cancellable (self),
                                on_opened, g_object_ref (self));
  notify (self, PROP_BUSY);
}

/* Returns: (nullable): what to call the picture */
const char *
rn_document_get_picture_name (RnDocument *self)
{
  return self->picture_name;
}

/* Returns: (transfer none) (nullable): the picture as it was opened */
RnPicture *
rn_document_get_picture (RnDocument *self)
{
  return self->picture;
}

/* Returns: (transfer none) (nullable): the part of the picture that the network sees */
GdkTexture *
rn_document_get_seen (RnDocument *self)
{
  return self->seen;
}

RnSelection
rn_document_get_selection (RnDocument *self)
{
  return self->selection;
}

/**
 * rn_document_select_layer:
 * @layer: index of a layer of the model shown, or -1 for nothing
 */
void
rn_document_select_layer (RnDocument *self, int layer)
{
  RnModel *model = rn_document_get_model (self);

  g_return_if_fail (layer >= -1 && (layer < 0 || layer < rn_model_get_n_layers (model)));

  set_selection (self, (RnSelection) { layer, -1 });
}

/**
 * rn_document_select_block:
 * @block: index of a block of the model shown, or -1 for nothing
 */
void
rn_document_select_block (RnDocument *self, int block)
{
  RnModel *model = rn_document_get_model (self);

  g_return_if_fail (block >= -1
                    && (block < 0 || block < rn_model_get_structure (model)->n_blocks));

  set_selection (self, (RnSelection) { -1, block });
}

/* Returns: (transfer none) (nullable): what the model shown gave for the picture shown; %NULL while
 *   that is not known */
RnRun *
rn_document_get_run (RnDocument *self)
{
  return self->run;
}

/* Whether something is being opened, loaded or run that will change what is shown. */
gboolean
rn_document_get_busy (RnDocument *self)
{
  return self->run_cancellable != NULL || self->open_cancellable != NULL
         || (self->model_id != NULL && g_hash_table_contains (self->loading, self->model_id));
}

/* Whether a layer of the model shown has been computed for the picture shown. */
gboolean
rn_document_is_layer_done (RnDocument *self, int layer)
{
  return layer >= 0 && (guint) layer < self->layers_done->len
         && g_array_index (self->layers_done, gboolean, layer);
}

/**
 * rn_document_report:
 * @message: one line: what went wrong, where, and what would be right
 */
void
rn_document_report (RnDocument *self, const char *message)
{
  g_signal_emit (self, signals[MESSAGE], 0, message);
}

/* Ends all work under way; the document shows nothing new from then on. */
void
rn_document_stop (RnDocument *self)
{
  self->stopped = TRUE;
  cancel_run (self);
  g_cancellable_cancel (self->open_cancellable);
  g_clear_object (&self->open_cancellable);
  if (self->progress != NULL)
    rn_progress_stop (self->progress);
  g_clear_pointer (&self->progress, rn_progress_unref);
}
