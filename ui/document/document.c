#include "ui/document/document-private.h"

#include "engine/runtime/edit.h"

enum
{
  MESSAGE,
  PROGRESS,
  MISFIT,
  NETWORK_OPENED,
  N_SIGNALS
};

static GParamSpec *props[RN_DOCUMENT_N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RnDocument, rn_document, G_TYPE_OBJECT)

void
rn_document_notify_prop (RnDocument *self, RnDocumentProp prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

/* Says that what rn_document_is_layer_done() answers has changed. */
void
rn_document_tell_progress (RnDocument *self)
{
  g_signal_emit (self, signals[PROGRESS], 0);
}

/* Says all that did not fit of the weights that the last message was about. */
void
rn_document_tell_misfit (RnDocument *self, const char *names)
{
  g_signal_emit (self, signals[MISFIT], 0, names);
}

/* Says that a file's network is shown from now on. */
void
rn_document_tell_opened (RnDocument *self, const char *path)
{
  g_signal_emit (self, signals[NETWORK_OPENED], 0, path);
}

static void
set_selection (RnDocument *self, RnSelection selection)
{
  RnSelection old = self->selection;

  self->selection = selection;
  if (old.layer != selection.layer)
    rn_document_notify_prop (self, RN_DOCUMENT_PROP_SELECTED_LAYER);
  if (old.block != selection.block)
    rn_document_notify_prop (self, RN_DOCUMENT_PROP_SELECTED_BLOCK);
}

static void
rn_document_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RnDocument *self = RN_DOCUMENT (object);

  switch (id)
    {
    case RN_DOCUMENT_PROP_DATA_DIR:
      self->data_dir = g_value_dup_string (value);
      break;
    case RN_DOCUMENT_PROP_READER_PROGRAM:
      self->reader_program = g_value_dup_string (value);
      if (self->reader_program != NULL)
        self->decoder = rn_picture_reader_new_beside (self->reader_program);
      break;
    case RN_DOCUMENT_PROP_MODEL_ID:
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
    case RN_DOCUMENT_PROP_DATA_DIR:
      g_value_set_string (value, self->data_dir);
      break;
    case RN_DOCUMENT_PROP_READER_PROGRAM:
      g_value_set_string (value, self->reader_program);
      break;
    case RN_DOCUMENT_PROP_MODEL_ID:
      /* An action on this property cannot do without a state. */
      g_value_set_string (value, self->model_id != NULL ? self->model_id : "");
      break;
    case RN_DOCUMENT_PROP_OPENED_ID:
      g_value_set_string (value, self->opened_id);
      break;
    case RN_DOCUMENT_PROP_MODEL:
      g_value_set_pointer (value, rn_document_get_model (self));
      break;
    case RN_DOCUMENT_PROP_PICTURE_NAME:
      g_value_set_string (value, self->picture_name);
      break;
    case RN_DOCUMENT_PROP_SEEN:
      g_value_set_object (value, self->seen);
      break;
    case RN_DOCUMENT_PROP_SELECTED_LAYER:
      g_value_set_int (value, self->selection.layer);
      break;
    case RN_DOCUMENT_PROP_SELECTED_BLOCK:
      g_value_set_int (value, self->selection.block);
      break;
    case RN_DOCUMENT_PROP_RUN:
      g_value_set_pointer (value, self->run);
      break;
    case RN_DOCUMENT_PROP_BUSY:
      g_value_set_boolean (value, rn_document_get_busy (self));
      break;
    case RN_DOCUMENT_PROP_PICTURE_INDEX:
      g_value_set_int (value, self->picture_index);
      break;
    case RN_DOCUMENT_PROP_PROBE:
      g_value_set_pointer (value, (gpointer) rn_document_get_probe (self));
      break;
    case RN_DOCUMENT_PROP_OVERLAY:
      g_value_set_object (value, self->overlay);
      break;
    case RN_DOCUMENT_PROP_CLASS_INDEX:
      g_value_set_int (value, self->class_index);
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
  g_signal_handlers_disconnect_by_data (self->edits, self);
  g_clear_pointer (&self->run, rn_run_unref);
  g_clear_pointer (&self->network, rn_network_unref);
  g_clear_pointer (&self->picture, rn_picture_unref);
  g_clear_object (&self->seen);
  g_clear_object (&self->overlay);
  g_list_store_remove_all (self->pictures);
  g_hash_table_remove_all (self->networks);
  g_hash_table_remove_all (self->runs);

  G_OBJECT_CLASS (rn_document_parent_class)->dispose (object);
}

static void
rn_document_finalize (GObject *object)
{
  RnDocument *self = RN_DOCUMENT (object);

  g_object_unref (self->edits);
  g_strfreev (self->edits_started);
  g_hash_table_unref (self->networks);
  g_hash_table_unref (self->loading);
  g_hash_table_unref (self->runs);
  g_array_unref (self->layers_done);
  g_object_unref (self->pictures);
  g_free (self->overlay_title);
  g_free (self->data_dir);
  g_free (self->reader_program);
  g_clear_pointer (&self->decoder, rn_picture_reader_unref);
  g_free (self->model_id);
  g_free (self->opened_id);
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

  props[RN_DOCUMENT_PROP_DATA_DIR] = g_param_spec_string ("data-dir", NULL, NULL, NULL, construct);
  props[RN_DOCUMENT_PROP_READER_PROGRAM] = g_param_spec_string ("reader-program", NULL, NULL, NULL, construct);
  props[RN_DOCUMENT_PROP_MODEL_ID]
      = g_param_spec_string ("model-id", NULL, NULL, NULL, read | G_PARAM_WRITABLE);
  props[RN_DOCUMENT_PROP_OPENED_ID] = g_param_spec_string ("opened-id", NULL, NULL, NULL, read);
  props[RN_DOCUMENT_PROP_MODEL] = g_param_spec_pointer ("model", NULL, NULL, read);
  props[RN_DOCUMENT_PROP_PICTURE_NAME] = g_param_spec_string ("picture-name", NULL, NULL, NULL, read);
  props[RN_DOCUMENT_PROP_SEEN] = g_param_spec_object ("seen", NULL, NULL, GDK_TYPE_TEXTURE, read);
  props[RN_DOCUMENT_PROP_SELECTED_LAYER]
      = g_param_spec_int ("selected-layer", NULL, NULL, -1, G_MAXINT, -1, read);
  props[RN_DOCUMENT_PROP_SELECTED_BLOCK]
      = g_param_spec_int ("selected-block", NULL, NULL, -1, G_MAXINT, -1, read);
  props[RN_DOCUMENT_PROP_RUN] = g_param_spec_pointer ("run", NULL, NULL, read);
  props[RN_DOCUMENT_PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, read);
  props[RN_DOCUMENT_PROP_PICTURE_INDEX]
      = g_param_spec_int ("picture-index", NULL, NULL, -1, G_MAXINT, -1, read);
  props[RN_DOCUMENT_PROP_PROBE] = g_param_spec_pointer ("probe", NULL, NULL, read);
  props[RN_DOCUMENT_PROP_OVERLAY]
      = g_param_spec_object ("overlay", NULL, NULL, GDK_TYPE_TEXTURE, read);
  props[RN_DOCUMENT_PROP_CLASS_INDEX]
      = g_param_spec_int ("class-index", NULL, NULL, -1, G_MAXINT, -1, read);
  g_object_class_install_properties (object_class, RN_DOCUMENT_N_PROPS, props);

  /* Something went wrong: one line for the person at the window. */
  signals[MESSAGE] = g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  /* Behind a message on weights that do not fit: all the names, in lines. */
  signals[MISFIT] = g_signal_new ("misfit", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  /* A file of weights or of a model was opened, and is shown: its path. */
  signals[NETWORK_OPENED] = g_signal_new ("network-opened", G_TYPE_FROM_CLASS (klass),
                                          G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                          G_TYPE_STRING);
  /* What rn_document_is_layer_done() says has changed. */
  signals[PROGRESS] = g_signal_new ("progress", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
rn_document_init (RnDocument *self)
{
  self->selection = RN_SELECTION_NONE;
  self->edits = rn_edits_new ();
  self->edits_started = g_new0 (char *, 1);
  g_signal_connect_swapped (self->edits, "changed", G_CALLBACK (rn_document_start_edited), self);
  self->pictures = g_list_store_new (RN_TYPE_SHOWN_PICTURE);
  self->picture_index = -1;
  self->probe.layer = -1;
  self->class_index = -1;
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
 * @reader_program: the program that parses strangers' files
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

/* The program that opens strangers' files. */
const char *
rn_document_get_reader_program (RnDocument *self)
{
  return self->reader_program;
}

/* Returns: (nullable): the id of the model that was asked for */
const char *
rn_document_get_model_id (RnDocument *self)
{
  return self->model_id;
}

/**
 * rn_document_set_model_id:
 * @id: a built-in model, or rn_document_get_opened_id()
 *
 * Shows that model with the weights it was last shown with, at first the bundled ones, as soon as it
 * is loaded; until then the model shown before stays.
 */
void
rn_document_set_model_id (RnDocument *self, const char *id)
{
  RnNetwork *network;

  g_return_if_fail (RN_IS_DOCUMENT (self));
  g_return_if_fail (g_hash_table_contains (self->networks, id)
                    || rn_catalog_find (id, NULL) != NULL);

  if (g_strcmp0 (id, self->model_id) == 0)
    return;

  g_free (self->model_id);
  self->model_id = g_strdup (id);
  network = g_hash_table_lookup (self->networks, id);
  if (network != NULL)
    rn_document_adopt (self, network);
  else
    rn_document_load_bundled (self, id);
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_MODEL_ID);
  rn_document_notify_prop (self, RN_DOCUMENT_PROP_BUSY);
}

/* Returns: (nullable): what the model opened last from a file goes by; %NULL before there was one */
const char *
rn_document_get_opened_id (RnDocument *self)
{
  return self->opened_id;
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

/* Returns: (transfer none): the edits in force on the model shown; a change of them is run at once */
RnEdits *
rn_document_get_edits (RnDocument *self)
{
  return self->edits;
}

/**
 * rn_document_try_edits:
 * @edits: edits to put in force on the model shown, %NULL-terminated
 *
 * Returns: whether they can be; if not, a message says why and those in force stay
 */
gboolean
rn_document_try_edits (RnDocument *self, const char *const *edits)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RnBinding) edited = NULL;

  g_return_val_if_fail (RN_IS_DOCUMENT (self) && edits != NULL, FALSE);

  if (self->network == NULL || rn_network_get_binding (self->network) == NULL)
    return FALSE;
  edited = rn_edits_apply (edits, rn_network_get_binding (self->network), &error);
  if (edited != NULL)
    rn_edits_set (self->edits, edits);
  else
    rn_document_report (self, error->message);

  return edited != NULL;
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
         || self->binding_opened
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
  rn_document_cancel_work (self);
}
