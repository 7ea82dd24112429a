#include "engine/formats/model-file.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/formats/hdf5-file.h"
#include "engine/formats/keras-archive.h"
#include "engine/formats/keras-json.h"
#include "engine/formats/onnx-reader.h"
#include "engine/formats/safetensors.h"
#include "engine/formats/weights-file.h"
#include "engine/formats/zip.h"
#include "engine/tensor/file-bytes.h"

#define KNOWN "a model is needed (Keras .h5, .keras or .json, ONNX .onnx)"

/* Beyond any model's description; its layers are counted as it is read. */
#define MAX_JSON (G_GINT64_CONSTANT (64) << 20)

static RnModel *
fail (const char *label, const char *what, GError **error)
{
  g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT, "%s: %s", label, what);
  return NULL;
}

static gboolean
is_hdf5 (const guint8 *bytes, gsize n_bytes)
{
  return n_bytes >= 8 && memcmp (bytes, "\211HDF\r\n\032\n", 8) == 0;
}

/* Reads the attribute, and closes the file before anything else opens it. */
static char *
read_hdf5_config (int fd, const char *label, GError **error)
{
  g_autoptr (RnHdf5File) file = rn_hdf5_file_open_fd (fd, label, error);
  char *config = NULL;

  if (file == NULL || !rn_hdf5_file_read_string (file, "/", "model_config", &config, error))
    return NULL;
  if (config == NULL)
    fail (label,
          "weights without a model: model_config is missing, which model.save() writes; give the "
          "model with --model and this file with --weights",
          error);

  return config;
}

static RnModel *
read_keras (char *config, int fd, const char *label, RnWeights **weights, GError **error)
{
  g_autofree char *text = config;
  g_autoptr (RnModel) model = NULL;

  if (text == NULL)
    return NULL;
  model = rn_keras_json_read (text, strlen (text), label, error);
  if (model == NULL)
    return NULL;
  if (weights != NULL)
    {
      *weights = rn_weights_load_fd (fd, label, error);
      if (*weights == NULL)
        return NULL;
    }

  return g_steal_pointer (&model);
}

static gboolean
looks_like_json (const guint8 *bytes, gsize n_bytes)
{
  gsize i = 0;

  if (n_bytes >= 3 && memcmp (bytes, "\357\273\277", 3) == 0)
    i = 3;
  while (i < n_bytes && g_ascii_isspace (bytes[i]))
    i++;

  return i < n_bytes && (bytes[i] == '{' || bytes[i] == '[');
}

static RnModel *
read_bytes (const guint8 *bytes,
            gsize n_bytes,
            int fd,
            const char *label,
            RnWeights **weights,
            GError **error)
{
  if (is_hdf5 (bytes, n_bytes))
    return read_keras (read_hdf5_config (fd, label, error), fd, label, weights, error);
  if (rn_zip_detect (bytes, n_bytes) && rn_keras_archive_detect (bytes, n_bytes))
    return read_keras (rn_keras_archive_read_config (bytes, n_bytes, label, error), fd, label,
                       weights, error);
  if (looks_like_json (bytes, n_bytes))
    {
      if (n_bytes > MAX_JSON)
        return fail (label, "more than 64 MiB of JSON", error);
      return rn_keras_json_read ((const char *) bytes, n_bytes, label, error);
    }

  if (rn_onnx_detect (bytes, n_bytes))
    return rn_onnx_read (bytes, n_bytes, label, weights, error);

  return fail (label, "not a file this program can read: " KNOWN, error);
}

static gboolean
has_hdf5_config (int fd)
{
  g_autofree char *config = read_hdf5_config (fd, "model", NULL);

  return config != NULL;
}

/**
 * rn_model_detect_fd:
 * @fd: a file open for reading, which stays the caller's
 *
 * Returns: whether the file sets out to describe a model, rightly or not; files of weights alone do
 *   not
 */
gboolean
rn_model_detect_fd (int fd)
{
  g_autoptr (GMappedFile) mapped = NULL;
  const guint8 *bytes;
  struct stat info;
  gsize n_bytes;

  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode) || info.st_size == 0)
    return FALSE;
  mapped = g_mapped_file_new_from_fd (fd, FALSE, NULL);
  if (mapped == NULL)
    return FALSE;

  bytes = (const guint8 *) g_mapped_file_get_contents (mapped);
  n_bytes = g_mapped_file_get_length (mapped);
  if (is_hdf5 (bytes, n_bytes))
    return has_hdf5_config (fd);
  if (rn_zip_detect (bytes, n_bytes))
    return rn_keras_archive_detect (bytes, n_bytes);

  return !rn_safetensors_detect (bytes, n_bytes)
         && (looks_like_json (bytes, n_bytes) || rn_onnx_detect (bytes, n_bytes));
}

/**
 * rn_model_load_fd:
 * @fd: a file open for reading, which stays the caller's
 * @label: what to call the file in messages
 * @weights: (out) (optional) (nullable): as rn_model_load()
 *
 * As rn_model_load(), for a process that may open no files.
 */
RnModel *
rn_model_load_fd (int fd, const char *label, RnWeights **weights, GError **error)
{
  g_autoptr (GMappedFile) mapped = NULL;
  g_autoptr (RnWeights) found = NULL;
  struct stat info;
  RnModel *model;

  g_return_val_if_fail (fd >= 0 && label != NULL, NULL);

  if (weights != NULL)
    *weights = NULL;
  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    return fail (label, "not a regular file: " KNOWN, error);
  if (info.st_size == 0)
    return fail (label, "the file is empty: " KNOWN, error);
  mapped = g_mapped_file_new_from_fd (fd, FALSE, error);
  if (mapped == NULL)
    {
      g_prefix_error (error, "%s: ", label);
      return NULL;
    }

  model = read_bytes ((const guint8 *) g_mapped_file_get_contents (mapped),
                      g_mapped_file_get_length (mapped), fd, label, weights != NULL ? &found : NULL,
                      error);
  if (model != NULL && weights != NULL)
    *weights = g_steal_pointer (&found);

  return model;
}

/**
 * rn_model_load:
 * @path: of a model
 * @weights: (out) (optional) (nullable) (transfer full): the weights that the file holds, %NULL
 *   where it holds none
 * @error: set where it cannot be read, is damaged, or is of no kind that is known
 *
 * The format is told by the file's content, not by its name. A damaged file may bring the process
 * down: read those of strangers through rn_reader_read().
 *
 * Returns: (transfer full) (nullable): the model, of which some layers may not be supported; see
 *   rn_model_check_runnable()
 */
RnModel *
rn_model_load (const char *path, RnWeights **weights, GError **error)
{
  RnModel *model;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  fd = rn_file_open_any (path, error);
  if (fd < 0)
    return NULL;
  model = rn_model_load_fd (fd, path, weights, error);
  close (fd);

  return model;
}
