#include "ui/document/opened.h"

#include <string.h>

#include "engine/formats/reader.h"
#include "engine/formats/weights-file.h"
#include "ui/document/picture-texture.h"
#include "ui/pictures/picture-loader.h"

/* A damaged file may keep its parser busy for ever. */
#define READER_TIMEOUT_S 60

typedef struct
{
  GFile *file;
  GdkTexture *texture;
  char *name;
  char *reader_program;
  RnPictureReader *pictures;
  int input_size;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_clear_object (&request->file);
  g_clear_object (&request->texture);
  g_free (request->name);
  g_free (request->reader_program);
  g_clear_pointer (&request->pictures, rn_picture_reader_unref);
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
  g_free (self);
}

static gboolean
is_weights (GFile *file, GCancellable *cancellable)
{
  static const char *const suffixes[] = { ".h5", ".hdf5", ".keras", ".safetensors", ".npz" };
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

/* A stranger's file is parsed by a process of its own. */
static RnWeights *
read_weights (const Request *request, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = g_file_get_path (request->file);
  g_autoptr (RnParcel) parcel = NULL;

  if (path == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   "%s is not on this computer; weights have to be in a local file", request->name);
      return NULL;
    }
  if (request->reader_program == NULL)
    return rn_weights_load (path, error);

  parcel = rn_reader_read (request->reader_program, RN_READER_WEIGHTS, path, READER_TIMEOUT_S,
                           cancellable, error);
  if (parcel == NULL)
    return NULL;
  if (parcel->weights == NULL)
    {
      g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT,
                   "%s holds no weights; a Keras weight file would be right", request->name);
      return NULL;
    }

  return g_steal_pointer (&parcel->weights);
}

static RnPicture *
read_picture (const Request *request, GCancellable *cancellable, GError **error)
{
  if (request->file == NULL)
    return rn_picture_from_texture (request->texture, error);
  if (request->pictures == NULL)
    return rn_picture_load_file (request->file, cancellable, error);

  return rn_picture_reader_load (request->pictures, request->file, cancellable, error);
}

static gboolean
see (RnOpened *self, int input_size, GError **error)
{
  g_autoptr (RnPicture) crop = NULL;

  if (self->picture == NULL)
    return FALSE;

  crop = rn_picture_crop_to (self->picture, input_size, input_size, error);
  if (crop == NULL)
    return FALSE;
  self->seen = rn_picture_to_texture (crop);

  return TRUE;
}

static void
open_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Request *request = data;
  g_autoptr (RnOpened) opened = g_new0 (RnOpened, 1);
  GError *error = NULL;
  gboolean done;

  opened->name = g_strdup (request->name);
  if (request->file != NULL && is_weights (request->file, cancellable))
    {
      opened->weights = read_weights (request, cancellable, &error);
      done = opened->weights != NULL;
    }
  else
    {
      opened->picture = read_picture (request, cancellable, &error);
      done = see (opened, request->input_size, &error);
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
 * @file: a picture, or Keras weights: told by its name or its first bytes
 * @input_size: height and width in pixels of what a network sees of a picture
 * @reader_program: (nullable): the program that parses weights; %NULL to parse them here
 * @pictures: (nullable): what decodes pictures; %NULL to decode them here
 */
void
rn_opened_read_async (GFile *file,
                      int input_size,
                      const char *reader_program,
                      RnPictureReader *pictures,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  Request *request = g_new0 (Request, 1);

  request->file = g_object_ref (file);
  request->name = g_file_get_basename (file);
  request->reader_program = g_strdup (reader_program);
  request->pictures = pictures != NULL ? rn_picture_reader_ref (pictures) : NULL;
  request->input_size = input_size;
  start (request, rn_opened_read_async, cancellable, callback, user_data);
}

/* Takes a picture that is in memory already, e.g. from the clipboard. */
void
rn_opened_take_texture_async (GdkTexture *texture,
                              const char *name,
                              int input_size,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  Request *request = g_new0 (Request, 1);

  request->texture = g_object_ref (texture);
  request->name = g_strdup (name);
  request->input_size = input_size;
  start (request, rn_opened_take_texture_async, cancellable, callback, user_data);
}

/* Returns: (transfer full) (nullable): what was read; its picture or its weights are there */
RnOpened *
rn_opened_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
