#include "engine/formats/weights-file.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/formats/keras-archive.h"
#include "engine/formats/keras-hdf5.h"
#include "engine/formats/keras3-hdf5.h"
#include "engine/formats/npz.h"
#include "engine/formats/safetensors.h"
#include "engine/formats/zip.h"
#include "engine/tensor/file-bytes.h"

#define KNOWN "a weight file is needed (Keras .h5 or .keras, .safetensors, .npz)"

static gboolean
fail (const char *label, const char *what, GError **error)
{
  g_set_error (error, RN_WEIGHTS_ERROR, RN_WEIGHTS_ERROR_FORMAT, "%s: %s", label, what);
  return FALSE;
}

static RnWeights *
read_hdf5 (int fd, const char *label, GError **error)
{
  g_autoptr (RnHdf5File) file = rn_hdf5_file_open_fd (fd, label, error);

  if (file == NULL)
    return NULL;
  if (rn_keras3_hdf5_detect (file))
    return rn_keras3_hdf5_read_weights (file, NULL, error);

  return rn_keras_hdf5_read_weights (file, error);
}

/* PyTorch's own files are pickles, alone or in a zip archive: programs, in effect. */
static gboolean
is_pickle (const guint8 *bytes, gsize n_bytes)
{
  return (n_bytes >= 2 && bytes[0] == 0x80 && bytes[1] >= 2 && bytes[1] <= 5) ||
         (rn_zip_detect (bytes, n_bytes) && memmem (bytes, n_bytes, "/data.pkl", 9) != NULL);
}

static RnWeights *
read_bytes (const guint8 *bytes, gsize n_bytes, const char *label, GError **error)
{
  if (is_pickle (bytes, n_bytes))
    return fail (label,
                 "a PyTorch pickle, which is a program and is not run here: save its state_dict as "
                 ".safetensors or .npz",
                 error),
           NULL;
  if (rn_zip_detect (bytes, n_bytes))
    return rn_keras_archive_detect (bytes, n_bytes)
               ? rn_keras_archive_read (bytes, n_bytes, label, error)
               : rn_npz_read (bytes, n_bytes, label, error);
  if (rn_safetensors_detect (bytes, n_bytes))
    return rn_safetensors_read (bytes, n_bytes, label, error);

  fail (label, "not a file this program can read: " KNOWN, error);
  return NULL;
}

static RnWeights *
read_any (int fd, const char *label, GError **error)
{
  g_autoptr (GMappedFile) mapped = NULL;
  char magic[8] = { 0 };

  if (pread (fd, magic, sizeof magic, 0) < 0)
    return fail (label, "cannot be read", error), NULL;
  if (memcmp (magic, "\211HDF\r\n\032\n", sizeof magic) == 0)
    return read_hdf5 (fd, label, error);

  mapped = g_mapped_file_new_from_fd (fd, FALSE, error);
  if (mapped == NULL)
    {
      g_prefix_error (error, "%s: ", label);
      return NULL;
    }

  return read_bytes ((const guint8 *) g_mapped_file_get_contents (mapped),
                     g_mapped_file_get_length (mapped), label, error);
}

static gboolean
has_tensors (const RnWeights *weights)
{
  for (int i = 0; i < rn_weights_get_n_layers (weights); i++)
    if (rn_weights_get_n_tensors (weights, i) > 0)
      return TRUE;

  return FALSE;
}

/**
 * rn_weights_load_fd:
 * @fd: a file open for reading, which stays the caller's
 * @label: what to call the file in messages
 *
 * As rn_weights_load(), for a process that may open no files.
 */
RnWeights *
rn_weights_load_fd (int fd, const char *label, GError **error)
{
  g_autoptr (RnWeights) weights = NULL;
  struct stat info;

  g_return_val_if_fail (fd >= 0 && label != NULL, NULL);

  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    return fail (label, "not a regular file: " KNOWN, error), NULL;
  if (info.st_size == 0)
    return fail (label, "the file is empty: " KNOWN, error), NULL;

  weights = read_any (fd, label, error);
  if (weights != NULL && !has_tensors (weights))
    return fail (label, "there are no weights in the file: " KNOWN, error), NULL;

  return g_steal_pointer (&weights);
}

/**
 * rn_weights_load:
 * @path: of a weight file or of a whole model
 * @error: set where it cannot be read, is damaged, or is of no kind that is known
 *
 * The format is told by the file's content, not by its name. A damaged file may bring the process
 * down: read those of strangers through rn_reader_read().
 *
 * Returns: (transfer full) (nullable): the weights
 */
RnWeights *
rn_weights_load (const char *path, GError **error)
{
  RnWeights *weights;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  fd = rn_file_open_any (path, error);
  if (fd < 0)
    return NULL;
  weights = rn_weights_load_fd (fd, path, error);
  close (fd);

  return weights;
}
