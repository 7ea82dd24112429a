#include "ui/document/opened.h"

#include <glib/gi18n.h>
#include <string.h>

#include "engine/formats/reader.h"
#include "ui/document/picture-texture.h"
#include "ui/download/download.h"
#include "ui/download/official.h"
#include "ui/pictures/picture-loader.h"

/* A damaged file may keep its parser busy for ever. */
#define READER_TIMEOUT_S 60

typedef struct
{
  GFile *file;         /* one of these three */
  GBytes *bytes;
  RnPicture *picture;
  char *name;
  char *reader_program;
  RnPictureReader *pictures;
  char *data_dir;
  RnInputSize size;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_clear_object (&request->file);
  g_clear_pointer (&request->bytes, g_bytes_unref);
  g_clear_pointer (&request->picture, rn_picture_unref);
  g_free (request->name);
  g_free (request->reader_program);
  g_clear_pointer (&request->pictures, rn_picture_reader_unref);
  g_free (request->data_dir);
  g_free (request);
}

void
rn_opened_free (RnOpened *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_clear_pointer (&self->picture, rn_picture_unref);
  g_clear_object (&self->seen);
  g_clear_pointer (&self->weights, rn_weights_unref);
  g_clear_pointer (&self->model, rn_model_unref);
  g_free (self->path);
  g_free (self->warning);
  g_free (self);
}

/* Whether a file is of a network, its model or its weights; else it is taken for a picture. */
static gboolean
is_network (GFile *file, GCancellable *cancellable)
{
  static const char *const suffixes[] = { ".h5",   ".hdf5", ".keras", ".safetensors",
                                          ".npz",  ".json", ".onnx",  ".pt",
                                          ".pth" };
  static const char signature[8] = "\x89HDF\r\n\x1a\n";
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *folded = name != NULL ? g_ascii_strdown (name, -1) : NULL;
  g_autoptr (GFileInputStream) stream = NULL;
  char start[sizeof signature];
  gsize n_read = 0;

  for (guint i = 0; i < G_N_ELEMENTS (suffixes) && folded != NULL; i++)
    if (g_str_has_suffix (folded, suffixes[i]))
      return TRUE;

  stream = g_file_read (file, cancellable, NULL);
  return stream != NULL
         && g_input_stream_read_all (G_INPUT_STREAM (stream), start, sizeof start, &n_read,
                                     cancellable, NULL)
         && n_read == sizeof start && memcmp (start, signature, sizeof start) == 0;
}

/* A publisher's file says nothing of epsilon and classes; its MD5 tells which one it is. */
static gboolean
complete_official (RnOpened *self, const Request *request, GCancellable *cancellable, GError **error)
{
  g_autofree char *list = NULL;
  g_autofree char *md5 = NULL;
  g_autoptr (RnSourceList) sources = NULL;

  if (request->data_dir == NULL || rn_weights_get_info (self->weights)->n_classes > 0)
    return TRUE;
  list = g_build_filename (request->data_dir, "weights", "sources.json", NULL);
  sources = rn_source_list_load (list, error);
  md5 = sources != NULL ? rn_download_md5_of (self->path, cancellable, error) : NULL;
  if (md5 == NULL)
    return FALSE;
  if (!rn_official_complete (self->weights, sources, md5, NULL, NULL))
    self->warning = g_strdup_printf (_ ("%s: the names of the classes have not been fetched; classes "
                                        "go by their numbers. “Weights…” in the menu fetches them."),
                                     request->name);

  return TRUE;
}

/* What the reader of a model had to say, in lines. */
static char *
join_notes (const RnModel *model)
{
  const char *const *notes = rn_model_get_notes (model);

  return notes != NULL && notes[0] != NULL ? g_strjoinv ("\n", (char **) notes) : NULL;
}

/* A stranger's file is parsed by a process of its own. */
static gboolean
read_network (RnOpened *self, const Request *request, GCancellable *cancellable, GError **error)
{
  g_autoptr (RnParcel) parcel = NULL;

  self->path = g_file_get_path (request->file);
  if (self->path == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   _ ("%s is not on this computer; weights and models have to be in local files"),
                   request->name);
      return FALSE;
    }
  parcel = rn_reader_read (request->reader_program, RN_READER_ANY, self->path, READER_TIMEOUT_S,
                           cancellable, error);
  if (parcel == NULL)
    return FALSE;
  if (parcel->weights == NULL && parcel->model == NULL)
    {
      g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
                   "%s holds no weights; a Keras weight file would be right", request->name);
      return FALSE;
    }

  self->weights = g_steal_pointer (&parcel->weights);
  self->model = g_steal_pointer (&parcel->model);
  if (self->model != NULL)
    {
      self->warning = join_notes (self->model);
      return TRUE;
    }

  return complete_official (self, request, cancellable, error);
}

static gboolean
see (RnOpened *self, RnInputSize size, GError **error)
{
  g_autoptr (RnPicture) crop = NULL;

  if (self->picture == NULL)
    return FALSE;

  crop = rn_picture_crop_to (self->picture, size.width, size.height, error);
  if (crop == NULL)
    return FALSE;
  self->seen = rn_picture_to_texture (crop);

  return TRUE;
}

static RnPicture *
get_picture (const Request *request, GCancellable *cancellable, GError **error)
{
  if (request->picture != NULL)
    return rn_picture_ref (request->picture);
  if (request->bytes != NULL && request->pictures == NULL)
    return rn_picture_load_bytes (request->bytes, request->name, error);
  if (request->bytes != NULL)
    return rn_picture_reader_load_bytes (request->pictures, request->bytes, request->name,
                                         cancellable, error);
  if (request->pictures == NULL)
    return rn_picture_load_file (request->file, cancellable, error);

  return rn_picture_reader_load (request->pictures, request->file, cancellable, error);
}

static void
open_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Request *request = data;
  g_autoptr (RnOpened) opened = g_new0 (RnOpened, 1);
  GError *error = NULL;
  gboolean done;

  opened->name = g_strdup (request->name);
  if (request->file != NULL && is_network (request->file, cancellable))
    done = read_network (opened, request, cancellable, &error);
  else
    {
      opened->picture = get_picture (request, cancellable, &error);
      done = see (opened, request->size, &error);
    }

  if (done)
    g_task_return_pointer (task, g_steal_pointer (&opened), (GDestroyNotify) rn_opened_free);
  else
    g_task_return_error (task, error);
}

static void
start (Request *request,
       gpointer tag,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, open_in_thread);
}

/**
 * rn_opened_read_async:
 * @file: a picture, or a network's weights or model: told by its name or its first bytes
 * @size: of what a network sees of a picture
 * @reader_program: the program that parses weights and models
 * @pictures: (nullable): what decodes pictures; %NULL to decode them here
 * @data_dir: (nullable): where the list of published files is
 */
void
rn_opened_read_async (GFile *file,
                      RnInputSize size,
                      const char *reader_program,
                      RnPictureReader *pictures,
                      const char *data_dir,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  Request *request = g_new0 (Request, 1);

  request->file = g_object_ref (file);
  request->name = g_file_get_basename (file);
  request->reader_program = g_strdup (reader_program);
  request->pictures = pictures != NULL ? rn_picture_reader_ref (pictures) : NULL;
  request->data_dir = g_strdup (data_dir);
  request->size = size;
  start (request, rn_opened_read_async, cancellable, callback, user_data);
}

/* Takes a picture that another program gave, as its file has it. */
void
rn_opened_take_bytes_async (GBytes *bytes,
                            const char *name,
                            RnInputSize size,
                            RnPictureReader *pictures,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  Request *request = g_new0 (Request, 1);

  request->bytes = g_bytes_ref (bytes);
  request->name = g_strdup (name);
  request->pictures = pictures != NULL ? rn_picture_reader_ref (pictures) : NULL;
  request->size = size;
  start (request, rn_opened_take_bytes_async, cancellable, callback, user_data);
}

/* What a network of another input size sees of a picture that was opened before. */
void
rn_opened_crop_async (RnPicture *picture,
                      RnInputSize size,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  Request *request = g_new0 (Request, 1);

  request->picture = rn_picture_ref (picture);
  request->size = size;
  start (request, rn_opened_crop_async, cancellable, callback, user_data);
}

/* Returns: (transfer full) (nullable): what was read; its picture, weights or model are there */
RnOpened *
rn_opened_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
